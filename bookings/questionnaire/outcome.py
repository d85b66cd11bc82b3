"""What the answers mean for whoever gave them, in kind words: never a diagnosis, and always a way on."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bookings.facts.patient import open_findings, told_emergency
from therapies.suitability import EMERGENCY_NOW, SAME_DAY_DOCTOR, Effect, Finding

from .questionnaire import Questionnaire

TODAY_ONLY = "this_session"


class OutcomeLevel(StrEnum):
    """The strongest first. `NOT_TODAY`: another day or hour will do; `NOT_NOW`: a Vaidya looks first."""

    EMERGENCY = "emergency"
    DOCTOR_TODAY = "doctor_today"
    DOCTOR_SOON = "doctor_soon"
    NOT_NOW = "not_now"
    NOT_TODAY = "not_today"
    VAIDYA = "vaidya"
    CLEAR = "clear"


STOPS = frozenset({OutcomeLevel.NOT_NOW, OutcomeLevel.NOT_TODAY})
GOES_ON = frozenset({OutcomeLevel.VAIDYA, OutcomeLevel.CLEAR})


def level_of(findings: Iterable[Finding]) -> OutcomeLevel:
    """The level of these open findings."""
    rows = list(findings)
    for finding in rows:
        if finding.urgency == EMERGENCY_NOW:
            return OutcomeLevel.EMERGENCY
    referred = [finding for finding in rows if finding.effect is Effect.REFER]
    if referred:
        return (
            OutcomeLevel.DOCTOR_TODAY
            if any(row.urgency == SAME_DAY_DOCTOR for row in referred)
            else OutcomeLevel.DOCTOR_SOON
        )
    blocked = [finding for finding in rows if finding.effect is Effect.BLOCK]
    if blocked:
        return OutcomeLevel.NOT_TODAY if all(row.scope == TODAY_ONLY for row in blocked) else OutcomeLevel.NOT_NOW
    return OutcomeLevel.VAIDYA if rows else OutcomeLevel.CLEAR


@dataclass(frozen=True)
class QuestionnaireOutcome:
    """The level of all treatments together, and of each by its name."""

    level: OutcomeLevel
    each: tuple[tuple[str, OutcomeLevel], ...]

    @property
    def goes_on(self) -> bool:
        """Whether at least one of the treatments may still be asked for."""
        return self.level in GOES_ON or (self.level in STOPS and any(level in GOES_ON for _name, level in self.each))


def outcome_of(health_questions: Questionnaire) -> QuestionnaireOutcome:
    """As it stands now; of no treatment by name while none is ordered."""
    facts, zone = health_questions.patient_facts, health_questions.clinic.zone
    on = health_questions.clinic.today(health_questions.now)
    rows = [open_findings(facts, profile, on=on, zone=zone) for profile in health_questions.profiles]
    each: dict[str, OutcomeLevel] = {}
    for variant, findings in zip(health_questions.variants, rows, strict=False):  # before an order: rows, no variants
        name, level = str(variant.therapy), level_of(findings)
        each[name] = min(level, each.get(name, OutcomeLevel.CLEAR), key=list(OutcomeLevel).index)
    if told_emergency(facts, on=on, zone=zone):
        return QuestionnaireOutcome(OutcomeLevel.EMERGENCY, tuple(each.items()))
    return QuestionnaireOutcome(level_of(finding for findings in rows for finding in findings), tuple(each.items()))
