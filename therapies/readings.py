"""What the readings of one day mean together, and which of them are missing: pure judgement of a series.

A reading that stops a session stands, whatever is measured after it: only a Vaidya decides on it. One that asks for a
Vaidya may be measured again as its rule says (`repeat`): after a rest, further readings a while apart, and their mean
counts. Every reading is kept.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from therapies.suitability import Effect, Finding, FindingKind
from therapies.vitals import MEASURES, Readings, VitalsRule, judge_vitals

UNWELL = "unwell"
"""The code of the finding that the patient feels unwell while being measured."""
FIELDS: Mapping[str, tuple[str, ...]] = {
    "blood_pressure": ("systolic", "diastolic"),
    "pulse": ("pulse",),
    "temperature": ("temperature",),
    "respiration": ("respiration",),
    "weight": ("weight",),
}
"""What the catalogue may name under `monitoring.vitals`, and the readings that it means."""
WORDS: Mapping[str, str | Promise] = {
    "blood_pressure": gettext_lazy("Blood pressure"),
    "pulse": gettext_lazy("Pulse"),
    "temperature": gettext_lazy("Temperature"),
    "respiration": gettext_lazy("Breaths per minute"),
    "weight": gettext_lazy("Weight"),
}


@dataclass(frozen=True)
class Measured:
    """One entry of the series. `unmeasured`: what could not be measured; `unwell`: the patient had symptoms."""

    at: dt.datetime
    readings: Readings = field(default_factory=Readings)
    unwell: bool = False
    unmeasured: frozenset[str] = frozenset()


@dataclass(frozen=True)
class DayFinding:
    """`at` is when the reading was taken that it rests on; None: a rule that cannot be evaluated, whatever is read."""

    finding: Finding
    at: dt.datetime | None


@dataclass(frozen=True)
class Vitals:
    """What the readings of the day say of one session now.

    `missing` has not been measured before it, `unmeasured` cannot be measured today; `agreed`: a Vaidya said yes
    to that. `open_findings` are those on which no Vaidya has decided, the strongest first.
    """

    open_findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()
    unmeasured: tuple[str, ...] = ()
    agreed: bool = False

    @property
    def stops(self) -> bool:
        return any(finding.kind is FindingKind.STOP for finding in self.open_findings)

    @property
    def stopping(self) -> tuple[Finding, ...]:
        """Those that call the Vaidya, before a session and after it."""
        return tuple(finding for finding in self.open_findings if finding.kind is FindingKind.STOP)

    @property
    def waits(self) -> bool:
        """Whether a Vaidya has something to decide on."""
        return bool(self.open_findings) or bool(self.unmeasured and not self.agreed)

    @property
    def sends_to_a_doctor(self) -> bool:
        return any(finding.effect is Effect.REFER for finding in self.open_findings)


def named_vitals(monitoring: Mapping[str, Any]) -> tuple[str, ...]:
    """What a therapy's entry wants to be measured before it begins."""
    return tuple(monitoring.get("vitals", ())) if "before" in monitoring.get("when", ()) else ()


def may_go_on_unmeasured(monitoring: Mapping[str, Any]) -> bool:
    """Whether a Vaidya may let it begin although a device is broken: only where the entry says so."""
    return monitoring.get("unmeasured") == "vaidya_decides"


def missing_vitals(named: Iterable[str], series: Sequence[Measured]) -> tuple[str, ...]:
    """What nobody has measured, nor said that it cannot be; a name that nobody understands is always missing."""
    declared = {name for row in series for name in row.unmeasured}
    return tuple(name for name in named if name not in declared and not _is_measured(name, series))


def unmeasured_vitals(named: Iterable[str], series: Sequence[Measured]) -> tuple[str, ...]:
    """What cannot be measured today, and has not been measured all the same."""
    declared = {name for row in series for name in row.unmeasured}
    return tuple(name for name in named if name in declared and not _is_measured(name, series))


def _is_measured(name: str, series: Iterable[Measured]) -> bool:
    names = FIELDS.get(name, ())
    return bool(names) and any(all(getattr(row.readings, each) is not None for each in names) for row in series)


def vital_words(names: Iterable[str]) -> str:
    """In one line, as a sentence goes on: "blood pressure, pulse"."""
    return ", ".join(str(WORDS.get(name, name.replace("_", " "))).lower() for name in names)


# --- findings ---------------------------------------------------------------------------------------------------------


def judge_day(rules: Collection[VitalsRule], series: Sequence[Measured]) -> list[DayFinding]:
    """The findings of a series (the earliest first), the strongest first."""
    unreadable = {finding.question: DayFinding(finding, None) for finding in judge_vitals(rules, Readings())}
    rows = [*unreadable.values(), *_unwell(series)]
    for rule in rules:
        if rule.code not in unreadable:
            rows.extend(_findings_of(rule, series))
    return sorted(rows, key=lambda row: (-row.finding.effect, row.finding.question))


def still_open(
    findings: Iterable[DayFinding], *, decided_at: dt.datetime | None, checked_at: dt.datetime | None
) -> tuple[Finding, ...]:
    """Those on which no Vaidya has decided since (`decided_at`); a look on the day answers what only asks for one."""
    return tuple(
        row.finding
        for row in findings
        if not _is_before(row.at, decided_at)
        and not (row.finding.kind is FindingKind.ASK and _is_before(row.at, checked_at))
    )


def _is_before(at: dt.datetime | None, looked_at: dt.datetime | None) -> bool:
    return at is not None and looked_at is not None and at <= looked_at


def _unwell(series: Iterable[Measured]) -> list[DayFinding]:
    return [
        DayFinding(
            Finding(
                FindingKind.STOP,
                Effect.REFER,
                UNWELL,
                "yes",
                "this_session",
                "emergency_now",
                _("The patient felt unwell while being measured."),
            ),
            row.at,
        )
        for row in series
        if row.unwell
    ][-1:]


def _findings_of(rule: VitalsRule, series: Sequence[Measured]) -> list[DayFinding]:
    """Of one rule: the last reading that fired, unless the rule lets it be measured again and the mean does not."""
    fired = [(row, found) for row in series for found in judge_vitals([rule], row.readings)]
    if not fired:
        return []
    last_row, last = fired[-1]
    mean = _repeated(rule, series, since=fired[0][0].at) if last.kind is FindingKind.ASK else None
    if mean is None:
        return [DayFinding(last, last_row.at)]
    return [DayFinding(found, mean.at) for found in judge_vitals([rule], mean.readings)]


def _repeated(rule: VitalsRule, series: Sequence[Measured], *, since: dt.datetime) -> Measured | None:
    """The mean of the last readings after the first that fired, where they keep to the rule; else nothing counts."""
    count, rest, apart = (rule.repeat.get(name) for name in ("readings", "rest_minutes", "minutes_apart"))
    if not isinstance(count, int) or not isinstance(rest, int) or not isinstance(apart, int) or count < 1:
        return None
    names = tuple(MEASURES.get(rule.measure, {}).values())
    rested = [
        row
        for row in series
        if row.at >= since + dt.timedelta(minutes=rest)
        and all(getattr(row.readings, name) is not None for name in names)
    ]
    last = rested[-count:]
    gaps = [later.at - earlier.at for earlier, later in pairwise(last)]
    if len(last) < count or any(gap < dt.timedelta(minutes=apart) for gap in gaps):
        return None
    means = {name: _mean([getattr(row.readings, name) for row in last]) for name in names}
    return Measured(last[-1].at, Readings(**means))


def _mean(values: Sequence[Any]) -> Any:
    """Of whole numbers rounded up: the careful side for what is too high."""
    if all(isinstance(value, int) for value in values):
        return -(-sum(values) // len(values))
    return sum(values) / len(values)
