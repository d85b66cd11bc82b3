"""What the patient told that speaks against the prescribed therapies and that nobody has decided on yet."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bookings.actions.signing import Cleared
from bookings.desk.answers import answer_in_words
from bookings.facts.health_answers import Said, kept_form
from bookings.facts.patient import counted_answer, patient_facts_of, profiled, undecided_findings
from bookings.facts.record import record_fingerprint
from bookings.models import Assessment, Prescription
from bookings.rules.clearances import proof_needed
from therapies.decision_limits import LASTING
from therapies.models import Question, Variant
from therapies.rules import AGE_LIMIT
from therapies.suitability import REPORT, Effect, Finding


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
    zone: ZoneInfo

    @property
    def key(self) -> str:
        """Names its fields in a form: another answer to the same question is another finding."""
        said = hashlib.sha256(repr((self.value, self.text)).encode()).hexdigest()
        return f"{self.question.pk}_{said[:8]}"

    @property
    def only_asks(self) -> bool:
        return self.effect == Effect.CONSULT

    @property
    def needs_report(self) -> bool:
        """Whether it is allowed only after a medical report; for others the examination that is signed is enough."""
        return proof_needed(self.question, self.value, self.therapies) == REPORT

    @property
    def answer(self) -> str:
        """The answer in words."""
        return answer_in_words(self.value, self.text, self.zone)

    @property
    def weight(self) -> str:
        """What it means, in words."""
        if self.effect == Effect.REFER:
            return _("A doctor should check this first")
        return _("No treatment while this applies") if self.effect == Effect.BLOCK else _("A Vaidya decides")

    def cleared(self, reason: str) -> Cleared:
        """As the signature writes it down."""
        return Cleared(self.question.pk, self.value, self.text, self.therapies, reason)


@dataclass(frozen=True)
class _Against:
    """A finding against one of the therapies, and the answer that it is about."""

    variant: Variant
    finding: Finding
    said: Said | None


def found_for(prescription: Prescription | None, *, now: dt.datetime) -> list[OpenFinding]:
    """The open findings for all prescribed therapies together, the strongest first."""
    if prescription is None:
        return []
    patient_facts, zone = patient_facts_of(prescription.patient, now=now), prescription.clinic.zone
    asked, on = {question.code: question for question in patient_facts.questions}, now.astimezone(zone).date()
    against_by_answer: dict[tuple[str, str], list[_Against]] = {}
    for item in prescription.items.all():
        profile = profiled(item.variant)
        if AGE_LIMIT in item.lifted and not item.variant.has_absolute_ages:
            profile = replace(profile, minimum_age=None, maximum_age=None)
        for row in undecided_findings(patient_facts, profile, on=on, zone=zone):
            answer = counted_answer(patient_facts, asked[row.question], profile, on, zone)
            said = answer.said if answer else None
            against_by_answer.setdefault((row.question, repr((row.value, said))), []).append(
                _Against(item.variant, row, said)
            )
    questions = Question.objects.in_bulk([code for code, _answer in against_by_answer], field_name="code")
    rows = [_finding(questions[code], against, zone) for (code, _answer), against in against_by_answer.items()]
    return sorted(rows, key=lambda row: -row.effect)


def print_of(assessment: Assessment, prescription: Prescription | None, found: Sequence[OpenFinding]) -> str:
    """What a signer reads on the page, as 64 hex digits: a new answer in between gives another one."""
    rows = [record_fingerprint(assessment, prescription), *((row.question.code, row.value, row.text) for row in found)]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def _finding(question: Question, against: list[_Against], zone: ZoneInfo) -> OpenFinding:
    first, said = against[0].finding, against[0].said
    therapies = [each.variant.therapy for each in against]
    return OpenFinding(
        question=question,
        value=kept_form(first.value),
        text=said.text if said else "",
        answered_at=said.at if said else None,
        therapies=tuple(sorted({therapy.code for therapy in therapies})),
        names=tuple(dict.fromkeys(str(therapy) for therapy in therapies)),
        effect=max(each.finding.effect for each in against),
        lasting=first.scope == LASTING,
        zone=zone,
    )
