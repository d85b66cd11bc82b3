"""What the patient told that speaks against the prescribed therapies and that nobody has decided on yet."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from bookings.assessments import Cleared, fingerprint
from bookings.models import Assessment, Prescription
from bookings.standing import LASTING, Said, Standing, open_findings, profiled, standing_of
from therapies.models import Question, Variant
from therapies.suitability import Effect

ANSWERS = {
    "yes": pgettext_lazy("an answer", "Yes"),
    "no": pgettext_lazy("an answer", "No"),
    "unsure": pgettext_lazy("an answer", "Not sure"),
    "prefer_not": pgettext_lazy("an answer", "Rather not say"),
}


@dataclass(frozen=True)
class OpenFinding:
    """One answer against some of the prescribed therapies. `lasting`: not only of one day, so it can be cleared here.

    `only_asks`: it asks for a Vaidya's decision and no more; others block, or send to a doctor.
    """

    question: Question
    value: object
    text: str
    answered_at: dt.datetime | None
    therapies: tuple[str, ...]
    names: tuple[str, ...]
    effect: Effect
    lasting: bool
    why: str

    @property
    def key(self) -> str:
        """Names its fields in a form: another answer to the same question is another finding."""
        said = hashlib.sha256(repr((self.value, self.text)).encode()).hexdigest()
        return f"{self.question.pk}_{said[:8]}"

    @property
    def only_asks(self) -> bool:
        return self.effect == Effect.CONSULT

    @property
    def answer(self) -> str:
        """The answer in words."""
        return str(ANSWERS.get(str(self.value), self.value))

    @property
    def weight(self) -> str:
        """What it means, in words."""
        if self.effect == Effect.REFER:
            return _("A doctor should look at this first")
        return _("Not given while this stands") if self.effect == Effect.BLOCK else _("A Vaidya decides")

    def cleared(self, reason: str) -> Cleared:
        """As the signature writes it down."""
        return Cleared(self.question.pk, self.value, self.text, self.therapies, reason)


def found_for(prescription: Prescription | None, *, now: dt.datetime) -> list[OpenFinding]:
    """The open findings for all prescribed therapies together, the strongest first."""
    if prescription is None:
        return []
    variants = [item.variant for item in prescription.items.all()]
    standing, zone = standing_of(prescription.patient, now=now), prescription.clinic.zone
    found: dict[tuple[str, str], list[tuple[Variant, Effect, object, str, str]]] = {}
    for variant in variants:
        for row in open_findings(standing, profiled(variant), on=now.astimezone(zone).date(), zone=zone):
            key = (row.question, repr(row.value))
            found.setdefault(key, []).append((variant, row.effect, row.value, row.scope, row.reason))
    questions = Question.objects.in_bulk([code for code, _value in found], field_name="code")
    rows = [_finding(standing, questions[code], against) for (code, _value), against in found.items()]
    return sorted(rows, key=lambda row: -row.effect)


def print_of(assessment: Assessment, prescription: Prescription | None, found: Sequence[OpenFinding]) -> str:
    """What a signer reads on the page, as 64 hex digits: a new answer in between gives another one."""
    said = [fingerprint(assessment, prescription), *((row.question.code, row.value, row.text) for row in found)]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _finding(
    standing: Standing, question: Question, against: list[tuple[Variant, Effect, object, str, str]]
) -> OpenFinding:  # fmt: skip
    value, scope, reason = against[0][2:]
    said = _said(standing, question.code, value)
    return OpenFinding(
        question=question,
        value=value.isoformat() if isinstance(value, dt.datetime) else value,
        text=said.text if said else "",
        answered_at=said.at if said else None,
        therapies=tuple(sorted({variant.therapy.code for variant, *_rest in against})),
        names=tuple(dict.fromkeys(str(variant.therapy) for variant, *_rest in against)),
        effect=max(effect for _variant, effect, *_rest in against),
        lasting=scope == LASTING,
        why=reason,
    )


def _said(standing: Standing, code: str, value: object) -> Said | None:
    """When and in which own words this was answered: the newest such answer, or the first of those before it."""
    answers = standing.said.get(code, ())
    if answers and answers[-1].value == value:
        return answers[-1]
    return next((said for said in answers if said.value == value), None)
