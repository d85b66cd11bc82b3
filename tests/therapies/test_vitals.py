"""Each rule on measured values of the shipped data: below its limits, at them, above them; and what nobody understands.

What is expected comes from tables written here, not from the code under test.
"""

from decimal import Decimal

import pytest

from tests.shipped import CATALOGUE
from therapies.suitability import Effect, FindingKind
from therapies.vitals import Readings, VitalsRule, judge_vitals, vitals_rules

SHIPPED = [(rule.code, rule.rule) for rule in CATALOGUE.rules if rule.kind == "vitals"]
STRENGTH = {
    "needs_consultation_first": Effect.CONSULT,
    "block_massage": Effect.BLOCK,
    "urgent_referral": Effect.REFER,
}


def found(**readings: object) -> list[str]:
    rules = vitals_rules(SHIPPED)
    return [finding.question for finding in judge_vitals(rules, Readings(**readings))]  # type: ignore[arg-type]


# --- every rule of the data -------------------------------------------------------------------------------------------


def cases() -> list[tuple[str, str, object, bool]]:
    """(rule, field, value, whether it fires) one step below each limit, at it, and one step above it."""
    rows: list[tuple[str, str, object, bool]] = []
    for code, data in SHIPPED:
        trigger = data.get("trigger", {})
        assert isinstance(trigger, dict)
        for condition, limit in trigger.items():
            words = condition.removeprefix("or_")
            field = next((name for name in ("systolic", "diastolic") if words.startswith(name)), None)
            field = field or {"pulse": "pulse", "temperature_c": "temperature"}[str(data["measure"])]
            at, step = Decimal(str(limit)), Decimal("0.1") if field == "temperature" else Decimal(1)
            fires = {
                "at_least": (False, True, True),
                "above": (False, False, True),
                "below": (True, False, False),
            }[words.removeprefix(f"{field}_")]
            for value, fired in zip((at - step, at, at + step), fires, strict=True):
                rows.append((code, field, value if field == "temperature" else int(value), fired))
    return rows


CASES = cases()


def test_every_rule_with_a_limit_has_cases() -> None:
    limited = {code for code, data in SHIPPED if "trigger" in data}

    assert {code for code, *_rest in CASES} == limited
    assert (len(limited), len(CASES)) == (5, 24)


@pytest.mark.parametrize(("code", "field", "value", "fires"), CASES)
def test_rule_below_at_and_above_its_limit(code: str, field: str, value: object, fires: bool) -> None:
    assert (code in found(**{field: value})) is fires


@pytest.mark.parametrize(("code", "data"), SHIPPED)
def test_rule_has_the_effect_of_the_data(code: str, data: dict[str, object]) -> None:
    rules = vitals_rules([(code, data)])
    extremes = [Readings(300, 200, 250, Decimal(43)), Readings(50, 20, 20, Decimal(33))]

    effects = {finding.effect for readings in extremes for finding in judge_vitals(rules, readings)}

    assert effects == ({STRENGTH[str(data["effect"])]} if "effect" in data else set())


# --- what they mean ---------------------------------------------------------------------------------------------------


def test_nothing_measured_finds_nothing() -> None:
    assert found() == []


def test_usual_values_find_nothing() -> None:
    assert found(systolic=120, diastolic=80, pulse=72, temperature=Decimal("36.8")) == []


def test_strongest_comes_first() -> None:
    assert found(systolic=185, diastolic=95, pulse=115) == ["vt_bp_very_high", "vt_bp_high", "vt_pulse"]


def test_high_pressure_asks_and_very_high_stops() -> None:
    rules = vitals_rules(SHIPPED)

    kinds = {
        finding.question: (finding.kind, finding.value, finding.urgency)
        for finding in judge_vitals(rules, Readings(systolic=170, diastolic=110))
    }

    assert kinds == {
        "vt_bp_very_high": (FindingKind.STOP, "170/110", "same_day_doctor"),
        "vt_bp_high": (FindingKind.ASK, "170/110", ""),
    }


def test_one_value_of_a_pressure_is_judged_alone() -> None:
    assert found(diastolic=100) == ["vt_bp_high"]


# --- what nobody understands blocks, and says so ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"trigger": {"around": 80}},
        {"trigger": {"below": "fifty"}},
        {"trigger": {"below": True}},
        {"trigger": None},
        {"trigger": {}},
        {"measure": "weight"},
        {"trigger": {"above": 60, "or_around": 80}},
    ],
)
def test_rule_that_cannot_be_evaluated_blocks(changed: dict[str, object]) -> None:
    said = {"measure": "pulse", "trigger": {"above": 110}, "effect": "needs_consultation_first"} | changed

    findings = judge_vitals(vitals_rules([("vt_new", said)]), Readings(pulse=72))

    assert [(finding.kind, finding.effect, finding.question) for finding in findings] == [
        (FindingKind.STOP, Effect.BLOCK, "vt_new")
    ]
    assert "cannot be evaluated" in findings[0].reason


def test_unknown_effect_blocks_when_the_rule_fires() -> None:
    rule = VitalsRule("vt_new", "pulse", {"above": 110}, "wonder", "this_session", "")

    assert [f.effect for f in judge_vitals([rule], Readings(pulse=111))] == [Effect.BLOCK]
    assert judge_vitals([rule], Readings(pulse=110)) == []


def test_broken_rule_blocks_although_nothing_was_measured() -> None:
    assert [f.question for f in judge_vitals(vitals_rules([("vt_new", {})]), Readings())] == ["vt_new"]
