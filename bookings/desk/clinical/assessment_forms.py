"""What a Vaidya writes down of an examination."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.actions.assessments import AssessmentFacts, SuitedFor
from bookings.desk.form_fields import bare, set_field
from bookings.models import EXAMINATION, Assessment, Suited, Visit
from bookings.rules.assessments import why_not_coded, why_nothing_found
from clinic.clock import clock_words
from clinic.reasons import why_no_reason
from therapies.models import Therapy

FACTS = tuple(name for name in AssessmentFacts.__annotations__ if name != "examination")
GOES_ON = frozenset({"prescribe", "sign"})
"""Buttons that lead on to an order or a signature: then it must be whole; a draft need not."""
THREE_WAY = ("darshana", "sparshana", "prashna")


def lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class AssessmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """The examination as structured fields with free text, and for which therapies the patient is suited.

    A therapy takes two fields, `level_<id>` and `reason_<id>`; without a level nothing is said of it.
    """

    visit = forms.ModelChoiceField(
        label=_("Visit today"), queryset=Visit.objects.none(), required=False, empty_label=_("None")
    )

    pain = forms.IntegerField(
        label=_("Pain now, 0 to 10"),
        required=False,
        min_value=0,
        max_value=10,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    shown = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)
    """What a new examination is called from its first draft on: sent twice, the page writes one."""

    class Meta:
        model = Assessment
        fields = FACTS
        widgets = {"complaint": lines(3), "diagnosis": lines(2), "note": lines(3)}

    def __init__(self, *args: Any, visits: QuerySet[Visit], therapies: Iterable[Therapy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.therapies = {therapy.pk: therapy for therapy in therapies}
        set_field(self, "visit", queryset=visits, label_from_instance=_when)
        for key, label in EXAMINATION.items():
            self.fields[f"exam_{key}"] = forms.CharField(label=label, required=False, max_length=2000, widget=lines(2))
        for pk, therapy in self.therapies.items():
            levels = [("", _("Not assessed")), *Suited.choices]
            self.fields[f"level_{pk}"] = forms.ChoiceField(label=str(therapy), choices=levels, required=False)
            why = gettext("Why, for %(therapy)s") % {"therapy": therapy}
            self.fields[f"reason_{pk}"] = forms.CharField(label=why, required=False, max_length=300)
        self.fields["diagnosis_code"].help_text = _(
            "From the national list of Ayurveda morbidity codes, for example AAC-20. Leave empty if unsure."
        )
        for name in ("prakriti", "vikriti", "agni", "koshtha", "ama"):
            choices = [choice for choice in self.fields[name].choices if choice[0]]  # type: ignore[attr-defined]
            set_field(self, name, choices=[("", _("Not assessed")), *choices])

    @property
    def helper(self) -> FormHelper:
        eight = [f"exam_{key}" for key in EXAMINATION if key not in THREE_WAY]
        pairs = zip(eight[::2], eight[1::2], strict=True)
        return bare(
            Fieldset(_("Reason for the visit"), "complaint", _row("pain", "visit")),
            Fieldset(_("Three-way examination"), *(f"exam_{key}" for key in THREE_WAY)),
            Fieldset(_("Eight-point examination"), *(_row(*pair) for pair in pairs)),
            Fieldset(_("Constitution and current state"), _row("prakriti", "vikriti"), _row("agni", "koshtha"), "ama"),
            Fieldset(_("Diagnosis"), "diagnosis", "diagnosis_code", "note"),
        )

    @property
    def suited_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Level and reason of each therapy."""
        return [(self[f"level_{pk}"], self[f"reason_{pk}"]) for pk in self.therapies]

    @property
    def says_suited(self) -> bool:
        """Whether something is said of a therapy, or wrong with it: then the list is open."""
        return any(field.value() or field.errors for pair in self.suited_fields for field in pair)

    def clean_diagnosis_code(self) -> str:
        code: str = self.cleaned_data["diagnosis_code"].strip().upper()
        if reason := why_not_coded(code):
            raise forms.ValidationError(reason)
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for pk in self.therapies:
            level, reason = data.get(f"level_{pk}"), data.get(f"reason_{pk}", "")
            if level in (Suited.WITH_CARE, Suited.NOT_SUITED) and (why_not := why_no_reason(reason)):
                self.add_error(f"reason_{pk}", why_not)
            if reason and not level and f"level_{pk}" not in self.errors:
                self.add_error(f"level_{pk}", _("Please choose one of the answers."))
        findings = [data.get(f"exam_{key}", "") for key in EXAMINATION]
        if self.data.get("then") in GOES_ON and (why_not := why_nothing_found(data.get("complaint", ""), findings)):
            self.add_error(None, why_not)
        return data

    @property
    def facts(self) -> AssessmentFacts:
        """What the action takes."""
        data = self.cleaned_data
        result = {name: data[name] for name in FACTS}
        result["examination"] = {key: data[f"exam_{key}"] for key in EXAMINATION if data[f"exam_{key}"]}
        return result  # type: ignore[return-value]

    @property
    def suited(self) -> list[SuitedFor]:
        """Of which therapies something is said."""
        data = self.cleaned_data
        rows = [(therapy, data[f"level_{pk}"], data[f"reason_{pk}"]) for pk, therapy in self.therapies.items()]
        return [SuitedFor(therapy, level, reason) for therapy, level, reason in rows if level]


def initial_of(assessment: Assessment) -> dict[str, Any]:
    """A draft as the form shows it."""
    result = {name: getattr(assessment, name) for name in (*FACTS, "visit")}
    result |= {f"exam_{key}": text for key, text in assessment.examination.items()}
    for row in assessment.suitabilities.all():
        result |= {f"level_{row.therapy_id}": row.level, f"reason_{row.therapy_id}": row.reason}
    return result


def _row(*names: str) -> Row:
    return Row(*(Column(name, css_class="col-sm-6") for name in names))


def _when(visit: Visit) -> str:
    return clock_words(visit.arrives_at.astimezone(visit.zone))
