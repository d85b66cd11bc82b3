"""Every pair of therapies on the same day, the next day and the days after, against a table written by hand."""

import datetime as dt
from itertools import product

import pytest
from django.utils import translation

from tests.therapies.shipped_profiles import SHIPPED
from therapies.management.commands.write_pairs import PAGE
from therapies.pairs import PairedTherapy, against_pair, booking_rules, given_therapies, rules_for_two
from therapies.pairs_page import pairs_page
from therapies.rules import BookingRule, Session, judge_rules

DAYS = range(11)
RULES = booking_rules(SHIPPED)
FOR_TWO = rules_for_two(RULES)
GIVEN = given_therapies(SHIPPED)
FAMILIES = {
    "massage": {"abhyanga", "back_pain_massage"},
    "heat": {"swedana", "nadi_sweda", "patra_pinda_sweda", "shashtika_shali_pinda_sweda"},
    "pool": {"kati_basti", "prishta_basti"},
    "paste": {"lepa"},
    "ghee": {"snehapana"},
    "vamana": {"vamana"},
    "virechana": {"virechana"},
    "decoction": {"basti_niruha"},
    "oil enema": {"basti_anuvasana", "basti_matra"},
    "nasya": {"nasya_default", "nasya_marsha", "nasya_shirovirechana"},
    "drops": {"nasya_pratimarsha"},
    "leech": {"raktamokshana"},
}
ONE_DAY, DIET = range(1), range(8)
"""Later on the same day; the seven days of the diet as well."""
SAME = "same"
"""Later on the same day the very same therapy, not another of its family."""
CLOSED: dict[str, dict[str, range | str]] = {
    "massage": {"massage": ONE_DAY, "leech": ONE_DAY},
    "heat": {"heat": SAME, "ghee": ONE_DAY, "leech": ONE_DAY},
    "pool": {"pool": SAME, "ghee": ONE_DAY, "leech": ONE_DAY},
    "paste": {},
    "ghee": {
        **dict.fromkeys(("heat", "pool", "ghee", "decoction", "oil enema", "nasya", "leech"), ONE_DAY),
        "vamana": range(2),
        "virechana": range(3),
    },
    "vamana": {
        **dict.fromkeys(("massage", "heat", "pool", "ghee", "vamana"), DIET),
        **dict.fromkeys(("decoction", "oil enema", "nasya", "leech"), DIET),
        "virechana": DAYS,
    },
    "virechana": {
        **dict.fromkeys(("massage", "heat", "pool", "ghee", "virechana", "oil enema", "nasya", "leech"), DIET),
        "vamana": DAYS,
        "decoction": DAYS,
    },
    "decoction": {
        **dict.fromkeys(("massage", "heat", "pool", "ghee", "decoction", "oil enema", "nasya"), ONE_DAY),
        **dict.fromkeys(("vamana", "virechana", "leech"), range(7)),
    },
    "oil enema": {
        **dict.fromkeys(("massage", "heat", "pool", "ghee", "vamana", "virechana"), ONE_DAY),
        **dict.fromkeys(("decoction", "oil enema", "nasya"), ONE_DAY),
        "leech": range(7),
    },
    "nasya": {
        **dict.fromkeys(("ghee", "vamana", "virechana", "decoction", "oil enema", "nasya", "drops"), ONE_DAY),
        "leech": range(7),
    },
    "drops": {"nasya": ONE_DAY, "drops": ONE_DAY},
    "leech": {
        **dict.fromkeys(("massage", "heat", "pool", "vamana", "virechana"), range(2)),
        **dict.fromkeys(("decoction", "oil enema", "nasya"), range(2)),
        "ghee": ONE_DAY,
        "leech": range(7),
    },
}
"""By the family of the first and of the second: the days after the first on which the second is not given."""
BY_GRADE = {"avara": 3, "madhyama": 5, "pravara": 7, "": 7}


def family_of(given: PairedTherapy) -> str:
    (family,) = [name for name, codes in FAMILIES.items() if given.names & codes]
    return family


def expected(first: PairedTherapy, second: PairedTherapy) -> list[int]:
    closed = CLOSED[family_of(first)].get(family_of(second), range(0))
    if closed == SAME:
        return [0] if FAMILIES[family_of(first)] & first.names & second.names else []
    return [day for day in DAYS if day in closed]


def refused(first: PairedTherapy, second: PairedTherapy, day: int, grade: str = "") -> bool:
    return any(ruling.is_hard for ruling in against_pair(FOR_TWO, first, second, day=day, grade=grade))


@pytest.mark.parametrize("first", GIVEN, ids=lambda given: given.label)
def test_every_pair_is_closed_on_the_days_of_the_table_and_open_on_all_others(first: PairedTherapy) -> None:
    closed = {second.label: [day for day in DAYS if refused(first, second, day)] for second in GIVEN}

    assert closed == {second.label: expected(first, second) for second in GIVEN}


@pytest.mark.parametrize("first", ["vamana", "virechana"])
@pytest.mark.parametrize(("grade", "days"), BY_GRADE.items())
def test_days_of_the_diet_close_heat_massage_and_purification_by_the_grade(first: str, grade: str, days: int) -> None:
    (purification,) = [given for given in GIVEN if first in given.names]
    heated = [given for given in GIVEN if family_of(given) in ("massage", "heat", "pool", "nasya")]

    closed = {given.label: [day for day in DAYS if refused(purification, given, day, grade)] for given in heated}

    assert closed == {given.label: [*range(days + 1)] for given in heated}


def test_days_by_grade_are_those_of_the_diet_schedules() -> None:
    data = {rule.code: rule.rule for rule in SHIPPED.rules}
    schedules = {
        name: data[f"samsarjana_{code}"]["days"]
        for name, code in {"avara": "avara", "madhyama": "madhyama", "pravara": "pradhana"}.items()
    }

    rows = [rule["days_by_grade"] for rule in data.values() if "days_by_grade" in rule]

    assert rows == [schedules, schedules]


def session(given: PairedTherapy, *, day: int, hour: int = 9) -> Session:
    return Session(given.names, dt.datetime(2026, 3, 2, hour, tzinfo=dt.UTC) + dt.timedelta(days=day))


NEW = [
    "gap_leech_rest",
    "gap_niruha_to_vamana",
    "gap_samsarjana_heat_and_massage",
    "gap_samsarjana_purification",
    "gap_snehapana_to_raktamokshana",
    "gap_virechana_to_snehapana",
    "sd_heat_not_with_snehapana",
    "fr_once_a_day",
]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.code in NEW], ids=lambda rule: rule.code)
def test_pair_is_judged_alike_whichever_of_the_two_is_booked_last(rule: BookingRule) -> None:
    judged = {}
    for first, second, day in product(GIVEN, GIVEN, DAYS):
        one, other = session(first, day=0), session(second, day=day, hour=14)
        judged[first.label, second.label, day] = [
            bool(judge_rules([rule], [wish], [booked])) for wish, booked in ((one, other), (other, one))
        ]

    assert [pair for pair, (forth, back) in judged.items() if forth != back] == []
    assert any(forth for forth, _back in judged.values())


def test_massage_and_steam_on_the_morning_of_a_purification_stay_open() -> None:
    prepared = [given for given in GIVEN if family_of(given) in ("massage", "heat", "pool")]
    purified = [
        given for given in GIVEN if family_of(given) in ("vamana", "virechana", "decoction", "oil enema", "nasya")
    ]

    assert [(a.label, b.label) for a, b in product(prepared, purified) if refused(a, b, 0)] == []


def test_each_therapy_that_is_given_once_a_day_is_refused_a_second_time() -> None:
    once = {
        code for code, entry in SHIPPED.therapies.items() if entry.facts.course and entry.facts.course.per_day_max == 1
    }

    twice = [given.label for given in GIVEN if given.names & once and not refused(given, given, 0)]

    assert twice == []


def test_page_for_the_vaidya_is_the_one_that_the_rules_give() -> None:
    """`manage.py write_pairs` writes it anew."""
    with translation.override("en"):
        assert PAGE.read_text(encoding="utf-8") == pairs_page(SHIPPED)
