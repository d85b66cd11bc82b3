"""Admin pages whose safety data is edited as ever, and saved as a proposal instead of a change."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clinic.field_words import Words
from clinic.people.admin_clinics import manages_everywhere
from clinic.people.permissions import signed_in_user
from clinic.people.versioned_forms import LockedForm
from therapies.catalogue import stored_rows
from therapies.models import SafetyProposal, Therapy
from therapies.safety.differences import difference_of
from therapies.safety.proposals import propose_addition, propose_change, propose_removal
from therapies.safety.rows import kind_of, row_copy, safety_fields, whole
from therapies.safety.words import vocabulary
from therapies.safety.writer import ProposalRefused

if TYPE_CHECKING:
    Page = admin.ModelAdmin[Any]
else:
    Page = admin.ModelAdmin

REASON = "reason_for_vaidya"


class ReasonForm(LockedForm):
    """With the reason of what is proposed, which is no field of the row."""

    reason_for_vaidya = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 70}),
        help_text=_(
            "For the Vaidya. Stricter values take effect immediately. All other changes take "
            "effect only when a Vaidya confirms them."
        ),
    )


class Proposing(Page):
    """Fields that decide for whom a therapy is safe are proposed, by every manager; the others are saved, by who
    manages all clinics."""

    form = ReasonForm

    def keeps(self, request: HttpRequest, row: Any) -> bool:  # noqa: ARG002
        """Everybody here may propose."""
        return True

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fixed = list(super().get_readonly_fields(request, obj))
        if obj is None or manages_everywhere(request):
            return fixed
        named = flatten_fieldsets(self.fieldsets or [(None, {"fields": self.fields or []})])
        proposed = {*safety_fields(type(obj)), REASON}
        return [*fixed, *(name for name in named if name not in proposed and name not in fixed)]

    def words(self) -> Words:
        """For the history page."""
        return vocabulary()

    @admin.display(description=_("waiting for a Vaidya"))
    def waiting(self, row: Model) -> str:
        """What is proposed for this row already."""
        proposals = SafetyProposal.objects.pending().filter(model=kind_of(type(row)), row=row.pk)
        lines = ((proposal.proposed_by, proposal.get_status_display()) for proposal in proposals)
        return format_html_join(", ", "{}: {}", lines) or str(_("nothing"))

    @admin.display(description=_("differs from the catalogue"))
    def from_catalogue(self, row: Any) -> str:
        """What the catalogue says where somebody edited it here."""
        if row.pk is None:
            return ""
        read = stored_rows.stored_therapies()[row.code] if isinstance(row, Therapy) else row
        difference = difference_of(read, vocabulary())
        if difference is None:
            return str(_("no"))
        if difference.is_own:
            return str(_("Your own: the catalogue does not have it."))
        says = str(_("{}: the catalogue says “{}”, yours says “{}”"))
        return format_html_join("; ", says, ((each.label, each.before, each.after) for each in difference.changes))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:  # a new row decides nothing yet
            super().save_model(request, obj, form, change)
            return
        ours = safety_fields(type(obj))
        plain = [name for name in form.changed_data if name not in ours and name != REASON]
        if plain:
            obj.save(update_fields=plain)
        values = row_copy(obj, ours & form.cleaned_data.keys())
        self.propose(request, form, propose_change, row=obj, values=values)

    def propose(self, request: HttpRequest, form: Any, verb: Any, **what: Any) -> None:
        """What is refused is told, and the rest of the form is saved."""
        reason = form.cleaned_data.get(REASON, "")
        try:
            proposal = verb(**what, reason=reason, by=signed_in_user(request), now=timezone.now())
        except ProposalRefused as refusal:
            self.message_user(request, refusal.reason, messages.ERROR)
        else:
            made = [proposal] if proposal is not None else []
            request.proposals += made  # type: ignore[attr-defined]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        request.proposals = []  # type: ignore[attr-defined]
        response = super().changeform_view(request, *args, **kwargs)
        proposals = request.proposals  # type: ignore[attr-defined]
        self._tell(request, [proposal for proposal in proposals if proposal.is_pending], waits=True)
        self._tell(request, [proposal for proposal in proposals if not proposal.is_pending], waits=False)
        return response

    def _tell(self, request: HttpRequest, proposals: list[SafetyProposal], *, waits: bool) -> None:
        if not proposals:
            return
        count = len(proposals)
        if waits:
            words = ngettext(
                "%(count)s change is waiting for a Vaidya to confirm it. Nothing changes until then.",
                "%(count)s changes are waiting for a Vaidya to confirm them. Nothing changes until then.",
                count,
            )
        else:
            words = ngettext(
                "%(count)s stricter value takes effect immediately. A Vaidya will review it.",
                "%(count)s stricter values take effect immediately. A Vaidya will review them.",
                count,
            )
        self.message_user(request, words % {"count": count}, messages.WARNING)

    def message_user(
        self, request: HttpRequest, message: Any, level: Any = messages.INFO, *args: Any, **kwargs: Any
    ) -> None:
        """That it was changed would not be true of what only waits: what became of it is told afterwards."""
        if not (level == messages.SUCCESS and getattr(request, "proposals", [])):
            super().message_user(request, message, level, *args, **kwargs)


def propose_rows(page: Proposing, request: HttpRequest, form: Any, formset: Any) -> None:
    """New, changed and removed rows of an inline, each as its own proposal."""
    formset.save(commit=False)  # tells the admin's own log what was wanted, and writes nothing
    for row in formset.deleted_objects:
        page.propose(request, form, propose_removal, row=row)
    for row, _names in formset.changed_objects:
        page.propose(request, form, propose_change, row=row, values=whole(row))
    for row in formset.new_objects:
        page.propose(request, form, propose_addition, row=row)
