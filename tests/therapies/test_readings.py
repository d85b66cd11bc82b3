"""Readings of one day together: what is missing, what may be measured again, and what only a Vaidya can lift.

Times and values are written here in the words of the clinic; the rules are the shipped ones.
"""

import datetime as dt
from decimal import Decimal

import pytest

from tests.shipped import CATALOGUE as SHIPPED
from therapies.readings import (
    FIELDS,
    WORDS,
    Measured,
    judge_day,
    may_go_on_unmeasured,
    missing_vitals,
    named_vitals,
    still_open,
    unmeasured_vitals,
)
from therapies.vitals import Readings, vitals_rules

RULES = vitals_rules([(rule.code, rule.rule) for rule in SHIPPED.rules if rule.kind == "vitals"])
TEN = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)
MONITORED = {code: therapy.facts.monitoring for code, therapy in SHIPPED.therapies.items() if therapy.facts.monitoring}
NAMED = [(code, name) for code, monitoring in MONITORED.items() for name in named_vitals(monitoring)]
ALL = Readings(118, 76, 72, Decimal("36.8"), 16, Decimal(61))


def pressure(minutes: int, upper: int, lower: int, **more: object) -> Measured:
    return Measured(TEN + dt.timedelta(minutes=minutes), Readings(systolic=upper, diastolic=lower), **more)  # type: ignore[arg-type]


def codes(*series: Measured, decided: int | None = None, checked: int | None = None) -> list[str]:
    moments = [None if minute is None else TEN + dt.timedelta(minutes=minute) for minute in (decided, checked)]
    rows = still_open(judge_day(RULES, series), decided_at=moments[0], checked_at=moments[1])
    return [finding.question for finding in rows]


# --- what a therapy's entry names -------------------------------------------------------------------------------------


def test_entries_name_what_the_review_counted() -> None:
    assert len(NAMED) == 34
    assert {code for code, _name in NAMED} >= {"basti", "vamana", "virechana", "snehapana", "abhyanga", "kati_basti"}
    assert FIELDS.keys() == WORDS.keys()


@pytest.mark.parametrize(("code", "name"), NAMED)
def test_vital_that_an_entry_names_is_missing_until_it_is_measured(code: str, name: str) -> None:
    named = named_vitals(MONITORED[code])
    others = {field: getattr(ALL, field) for field in vars(ALL) if field not in FIELDS[name]}

    assert missing_vitals(named, []) == named
    assert missing_vitals(named, [Measured(TEN, Readings(**others))]) == (name,)
    assert missing_vitals(named, [Measured(TEN, ALL)]) == ()


def test_name_that_nobody_understands_is_never_measured() -> None:
    assert missing_vitals(["aura"], [Measured(TEN, ALL)]) == ("aura",)


def test_half_a_blood_pressure_is_none() -> None:
    assert missing_vitals(["blood_pressure"], [Measured(TEN, Readings(systolic=120))]) == ("blood_pressure",)


def test_what_is_only_measured_afterwards_is_not_asked_before() -> None:
    assert named_vitals({"vitals": ["pulse"], "when": ["after"]}) == ()


def test_broken_device_is_said_and_a_later_reading_ends_that() -> None:
    broken = Measured(TEN, unmeasured=frozenset({"pulse"}))

    assert (missing_vitals(["pulse"], [broken]), unmeasured_vitals(["pulse"], [broken])) == ((), ("pulse",))
    assert unmeasured_vitals(["pulse"], [broken, Measured(TEN, ALL)]) == ()


def test_only_the_local_paste_may_go_on_unmeasured() -> None:
    assert {code for code, monitoring in MONITORED.items() if may_go_on_unmeasured(monitoring)} == {"lepa"}


# --- measured again ---------------------------------------------------------------------------------------------------


def test_164_92_waits() -> None:
    assert codes(pressure(0, 164, 92)) == ["vt_bp_high"]


def test_two_more_after_five_minutes_a_minute_apart_are_averaged() -> None:
    assert codes(pressure(0, 164, 92), pressure(5, 158, 90), pressure(6, 160, 88)) == []
    assert codes(pressure(0, 164, 92), pressure(5, 160, 90), pressure(6, 160, 88)) == ["vt_bp_high"]


@pytest.mark.parametrize(
    "again",
    [
        [(6, 120, 80)],
        [(3, 120, 80), (6, 120, 80)],
        [(1, 120, 80), (2, 120, 80), (5, 120, 80)],
    ],
    ids=["one is too few", "rested three minutes", "only one of them rested"],
)
def test_reading_repeated_too_soon_or_too_seldom_still_waits(again: list[tuple[int, int, int]]) -> None:
    assert codes(pressure(0, 164, 92), *(pressure(*each) for each in again)) == ["vt_bp_high"]


def test_two_in_the_same_minute_are_no_two_readings() -> None:
    at = TEN + dt.timedelta(minutes=6)
    twice = [Measured(at + dt.timedelta(seconds=s), Readings(systolic=120, diastolic=80)) for s in (0, 59)]

    assert codes(pressure(0, 164, 92), *twice) == ["vt_bp_high"]


def test_last_two_count_where_there_are_more() -> None:
    series = [pressure(0, 164, 92), pressure(5, 170, 95), pressure(6, 150, 90), pressure(7, 152, 90)]

    assert codes(*series) == []


@pytest.mark.parametrize(("upper", "lower"), [(182, 96), (150, 112), (180, 90)])
def test_very_high_pressure_stands_whatever_is_measured_after_it(upper: int, lower: int) -> None:
    calm = [pressure(minutes, 120, 80) for minutes in (5, 6, 7, 20, 21)]

    assert codes(pressure(0, upper, lower), *calm) == ["vt_bp_very_high"]


def test_low_pressure_stands_too() -> None:
    assert codes(pressure(0, 85, 60), pressure(5, 120, 80), pressure(6, 120, 80)) == ["vt_bp_low"]


def test_symptoms_stop_whatever_the_values_are() -> None:
    found = judge_day(RULES, [pressure(0, 150, 90, unwell=True), pressure(6, 120, 80), pressure(7, 120, 80)])

    assert [(row.finding.question, row.finding.urgency) for row in found] == [("unwell", "emergency_now")]


def test_pulse_may_not_be_measured_until_it_fits() -> None:
    fast = Measured(TEN, Readings(pulse=114))
    calm = Measured(TEN + dt.timedelta(minutes=10), Readings(pulse=80))

    assert codes(fast, calm) == ["vt_pulse"]


def test_mean_of_decimals_is_not_rounded() -> None:
    said = {"measure": "temperature_c", "trigger": {"at_least": 37.0}, "effect": "needs_consultation_first"}
    rules = vitals_rules([("vt_warm", said | {"repeat": {"rest_minutes": 1, "readings": 2, "minutes_apart": 1}})])
    series = [
        Measured(TEN + dt.timedelta(minutes=minute), Readings(temperature=Decimal(value)))
        for minute, value in ((0, "37.4"), (2, "36.8"), (3, "37.0"))
    ]

    assert judge_day(rules, series) == []


# --- a Vaidya's decision ----------------------------------------------------------------------------------------------


def test_look_on_the_day_answers_what_asks_and_not_what_stops() -> None:
    assert codes(pressure(0, 164, 92), checked=1) == []
    assert codes(pressure(0, 182, 96), checked=1) == ["vt_bp_very_high"]


def test_decision_covers_the_readings_before_it_and_not_those_after() -> None:
    assert codes(pressure(0, 182, 96), decided=1) == []
    assert codes(pressure(0, 182, 96), pressure(5, 184, 96), decided=1) == ["vt_bp_very_high", "vt_bp_high"]


def test_rule_that_cannot_be_evaluated_is_lifted_by_nobody() -> None:
    found = judge_day(vitals_rules([("vt_new", {})]), [])

    assert len(still_open(found, decided_at=TEN, checked_at=TEN)) == 1
