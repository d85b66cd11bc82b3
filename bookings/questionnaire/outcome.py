"""What the answers mean for whoever gave them, in kind words: never a diagnosis, and always a way on."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bookings.facts.patient import open_findings
from therapies.suitability import EMERGENCY_NOW, SAME_DAY_DOCTOR, Effect, Finding

from .questionnaire import Sitting

TODAY_ONLY = "this_session"


class Level(StrEnum):
    """The strongest first. `NOT_TODAY`: another day or hour will do; `NOT_NOW`: a Vaidya looks first."""

    EMERGENCY = "emergency"
    DOCTOR_TODAY = "doctor_today"
    DOCTOR_SOON = "doctor_soon"
    NOT_NOW = "not_now"
    NOT_TODAY = "not_today"
    VAIDYA = "vaidya"
    CLEAR = "clear"


STOPS = frozenset({Level.NOT_NOW, Level.NOT_TODAY})
GOES_ON = frozenset({Level.VAIDYA, Level.CLEAR})


def level_of(findings: Iterable[Finding]) -> Level:
    """The level of these open findings."""
    found = list(findings)
    for finding in found:
        if finding.urgency == EMERGENCY_NOW:
            return Level.EMERGENCY
    referred = [finding for finding in found if finding.effect is Effect.REFER]
    if referred:
        return Level.DOCTOR_TODAY if any(row.urgency == SAME_DAY_DOCTOR for row in referred) else Level.DOCTOR_SOON
    blocked = [finding for finding in found if finding.effect is Effect.BLOCK]
    if blocked:
        return Level.NOT_TODAY if all(row.scope == TODAY_ONLY for row in blocked) else Level.NOT_NOW
    return Level.VAIDYA if found else Level.CLEAR


@dataclass(frozen=True)
class Outcome:
    """The level of all treatments together, and of each by its name."""

    level: Level
    each: tuple[tuple[str, Level], ...]

    @property
    def goes_on(self) -> bool:
        """Whether at least one of the treatments may still be asked for."""
        return self.level in GOES_ON or (self.level in STOPS and any(level in GOES_ON for _name, level in self.each))


def outcome_of(sitting: Sitting) -> Outcome:
    """As it stands now."""
    on = sitting.clinic.today(sitting.now)
    found = {
        variant: open_findings(sitting.standing, profile, on=on, zone=sitting.clinic.zone)
        for variant, profile in zip(sitting.variants, sitting.profiles, strict=True)
    }
    each: dict[str, Level] = {}
    for variant, findings in found.items():
        name, level = str(variant.therapy), level_of(findings)
        each[name] = min(level, each.get(name, Level.CLEAR), key=list(Level).index)
    return Outcome(level_of(finding for findings in found.values() for finding in findings), tuple(each.items()))
