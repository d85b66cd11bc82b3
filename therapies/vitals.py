"""What measured values mean before a session, as pure judgement: rules of the catalogue + readings → findings.

The numbers are working values (clinic defaults, to be confirmed by a Vaidya): no source was found for them. A series
of readings is judged by `therapies/readings.py`.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from operator import ge, gt, lt
from typing import Any

from django.utils.translation import gettext as _

from therapies.suitability import EFFECTS, CannotJudge, Effect, Finding, FindingKind, Scope

Number = int | Decimal


@dataclass(frozen=True)
class Readings:
    """What was measured; None: not measured.

    Blood pressure in mmHg, pulse and breaths per minute, temperature in °C, weight in kg.
    """

    systolic: int | None = None
    diastolic: int | None = None
    pulse: int | None = None
    temperature: Decimal | None = None
    respiration: int | None = None
    weight: Decimal | None = None


@dataclass(frozen=True)
class VitalsRule:
    """A rule as the catalogue has it: `trigger` maps conditions to limits, one of which is enough.

    `repeat` says how a value that fired may be measured again; empty: only a Vaidya decides on it.
    """

    code: str
    measure: str
    trigger: object
    effect: str
    scope: Scope
    urgency: str
    repeat: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def vitals_rules(rules: Iterable[tuple[str, Mapping[str, Any]]]) -> list[VitalsRule]:
    """The rules (code and data) that say something of a reading; those that only say when to measure are left out."""
    return [
        VitalsRule(
            code=code,
            measure=data.get("measure", ""),
            trigger=data.get("trigger"),
            effect=data.get("effect", ""),
            scope=data.get("scope", "this_session"),
            urgency=data.get("urgency", ""),
            repeat=data.get("repeat", {}),
        )
        for code, data in rules
        if "measure" in data or "rule" not in data
    ]


# What the rules measure, and the conditions that they may set: each on one reading.
MEASURES: dict[str, dict[str, str]] = {
    "blood_pressure": {"systolic_": "systolic", "diastolic_": "diastolic"},
    "pulse": {"": "pulse"},
    "temperature_c": {"": "temperature"},
}
COMPARED: dict[str, Callable[[Number, Number], bool]] = {"at_least": ge, "above": gt, "below": lt}


def judge_vitals(rules: Iterable[VitalsRule], readings: Readings) -> list[Finding]:
    """The findings of these readings, the strongest first; what was not measured finds nothing.

    A rule that cannot be evaluated is a finding that blocks and says so: never a silent pass. `question` is the code
    of the rule, `value` what was measured, as text.
    """
    rows = [finding for rule in rules if (finding := _finding(rule, readings)) is not None]
    return sorted(rows, key=lambda finding: (-finding.effect, finding.question))


def _finding(rule: VitalsRule, readings: Readings) -> Finding | None:
    try:
        if not _fired(rule, readings):
            return None
        effect, reason = _effect(rule), _reason(rule, readings)
    except CannotJudge as fault:
        effect, reason = Effect.BLOCK, fault.words
    kind = FindingKind.ASK if effect is Effect.CONSULT else FindingKind.STOP
    urgency = rule.urgency if effect is Effect.REFER else ""
    return Finding(kind, effect, rule.code, _measured(rule.measure, readings), rule.scope, urgency, reason)


def _fired(rule: VitalsRule, readings: Readings) -> bool:
    """Whether one of the rule's conditions holds. Raises CannotJudge for what it does not understand."""
    if not isinstance(rule.trigger, Mapping) or not rule.trigger:
        raise CannotJudge(f"{rule.code}: the rule {rule.trigger!r} cannot be evaluated")
    held = [_holds(rule, str(name), limit, readings) for name, limit in rule.trigger.items()]
    return any(held)  # each was looked at: one that nobody understands is found even when another holds


def _holds(rule: VitalsRule, condition: str, limit: object, readings: Readings) -> bool:
    words = condition.removeprefix("or_")
    for prefix, field in MEASURES.get(rule.measure, {}).items():
        compared = COMPARED.get(words.removeprefix(prefix)) if words.startswith(prefix) else None
        if compared is not None and isinstance(limit, int | float) and not isinstance(limit, bool):
            value = getattr(readings, field)
            return value is not None and compared(Decimal(value), Decimal(str(limit)))
    raise CannotJudge(f"{rule.code}: {condition!r} of {rule.measure!r} cannot be evaluated")


def _effect(rule: VitalsRule) -> Effect:
    if rule.effect not in EFFECTS:
        raise CannotJudge(f"{rule.code}: {rule.effect!r} is no known effect")
    return EFFECTS[rule.effect]


def _measured(measure: str, readings: Readings) -> str:
    """The readings of this measure as people write them: 165/95, 52, 37.8; all of them for an unknown measure."""
    names = MEASURES.get(measure, {field.name: field.name for field in fields(readings)}).values()
    values = [getattr(readings, name) for name in names]
    return "/".join("–" if value is None else str(value) for value in values)


def _reason(rule: VitalsRule, readings: Readings) -> str:
    rows = {"measured": _measured(rule.measure, readings)}
    return {
        "blood_pressure": _("Blood pressure %(measured)s is outside the limits of the clinic."),
        "pulse": _("A pulse of %(measured)s is outside the limits of the clinic."),
        "temperature_c": _("A temperature of %(measured)s °C is outside the limits of the clinic."),
    }[rule.measure] % rows
