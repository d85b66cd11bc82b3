"""What the data of a rule means, in whose words; and what cannot be understood is never passed over."""

from typing import Any

import pytest
from django.utils import translation

from therapies.catalogue.reader import Catalogue
from therapies.frequency import Frequency, Gap, Length
from therapies.models import Step, Therapy
from therapies.order import Need, NotAfter, NotDuring, Order
from therapies.rulebook import HELD_BY, KINDS, RuleUnclear, names_of, rule_of, rule_or_block
from therapies.rules import BookingRule, Unreadable

SAYS = {"says": {"en": "No"}}


def made(form: str, data: dict[str, Any]) -> BookingRule | None:
    return rule_of("a_rule", kind=form, is_hard=True, data=SAYS | data, sources=["a_source"])


def names(*given: str) -> frozenset[str]:
    return frozenset(given)


COMMON: dict[str, Any] = {"code": "a_rule", "says": "No", "sources": ("a_source",)}
OVERRIDE = {"allowed": True, "by": "vaidya", "needs": "written_order_with_reason"}


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        (
            "frequency",
            {"applies_to": ["m"], "max_sessions": 3, "window_days": 7, "window": "rolling"},
            Frequency(of=names("m"), most=3, days=7, rolling=True, **COMMON),
        ),
        (
            "frequency",
            {"applies_to": ["m"], "max_sessions": 1, "window_days": 1, "window": "calendar_day", "override": OVERRIDE},
            Frequency(of=names("m"), most=1, days=1, rolling=False, may_be_lifted=True, **COMMON),
        ),
        (
            "frequency",
            {"applies_to": ["m"], "usual_sessions": 2, "window_days": 7},
            Frequency(of=names("m"), most=2, days=7, rolling=True, **COMMON),
        ),
        (
            "frequency",
            {"applies_to": ["m"], "min_hours_between_starts": 24, "recommended_hours": 48},
            Gap(after=names("m"), before=names("m"), min_hours=24, **COMMON),
        ),
        (
            "gap",
            {"kind": "between", "after": "any_shodhana", "before": ["a", "b"], "min_days": 2, "max_days": 4},
            Gap(after=names("any_shodhana"), before=names("a", "b"), min_days=2, max_days=4, **COMMON),
        ),
        (
            "gap",
            {"kind": "length", "therapy": "g", "before": ["v"], "min_days": 3, "max_days": 7},
            Length(of=names("g"), before=names("v"), min_days=3, max_days=7, **COMMON),
        ),
        (
            "same_day",
            {"forbid_after": ["v", "niruha"], "target": "m"},
            NotAfter(forbid=names("v", "niruha"), target=names("m"), **COMMON),
        ),
        (
            "same_day",
            {"max_per_day": 1, "target": ["v", "b"]},
            Frequency(of=names("v", "b"), most=1, days=1, rolling=False, **COMMON),
        ),
        (
            "same_day",
            {"forbid_during_course_of": ["n", "b"], "target": "g", "break_days": 3},
            NotDuring(courses=("b", "n"), target=names("g"), break_days=3, **COMMON),
        ),
        (
            "sequence",
            {"order": [], "applies_to": ["s"], "first": [{"of": ["m"], "steps": ["oil"]}, {"of": "g", "days": 4}]},
            Order(of=names("s"), first=(Need(names("m"), names("oil")), Need(names("g"), days=4)), **COMMON),
        ),
        (
            "sequence",
            {"order": [], "applies_to": ["v", "w"], "earlier": "v", "later": "w", "within_days": 30},
            Gap(after=names("w"), before=names("v"), min_days=30, **COMMON),
        ),
    ],
)
def test_each_form_makes_its_rule(kind: str, data: dict[str, Any], expected: BookingRule) -> None:
    assert made(kind, data) == expected


@pytest.mark.parametrize(
    ("kind", "data", "problem"),
    [
        ("frequency", {"applies_to": ["m"]}, "no form of frequency"),
        (
            "frequency",
            {"applies_to": ["m"], "max_sessions": "three", "window_days": 7, "window": "rolling"},
            "max_sessions: Input should be a valid integer",
        ),
        ("frequency", {"applies_to": ["m"], "max_sessions": 3, "window_days": 7}, "window: Field required"),
        ("frequency", {"applies_to": [], "max_sessions": 3, "window_days": 7, "window": "rolling"}, "applies_to"),
        ("frequency", {"applies_to": ["m"], "max_sessions": 3, "window_days": 365, "window": "rolling"}, "window_days"),
        (
            "frequency",
            {"applies_to": ["m"], "max_sessions": 3, "window_days": 7, "window": "rolling", "unless": "x"},
            "unless: Extra inputs are not permitted",
        ),
        ("gap", {"kind": "about", "after": "a", "before": "b"}, "no form of gap"),
        ("gap", {"kind": "between", "after": "a", "min_days": 3}, "before: Field required"),
        ("same_day", {"target": "m"}, "no form of same_day"),
        ("sequence", {"order": ["a", "b"], "applies_to": ["b"], "first": []}, "first"),
        ("sequence", {"held_by": "somebody"}, "held_by: unknown “somebody”"),
        (
            "frequency",
            {"says": {"hi": "नहीं"}, "applies_to": ["m"], "usual_sessions": 2, "window_days": 7},
            "says.en: is missing",
        ),
        (
            "frequency",
            {"says": {"en": "{count} too many"}, "applies_to": ["m"], "usual_sessions": 2, "window_days": 7},
            "says.en: unknown number “count”",
        ),
        ("omen", {"applies_to": ["m"]}, "no form of omen"),
    ],
)
def test_what_cannot_be_understood_is_named(kind: str, data: dict[str, Any], problem: str) -> None:
    with pytest.raises(RuleUnclear, match=problem):
        made(kind, data)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"applies_to": ["m"], "max_sessions": None}, names("m")),
        ({"applies_to": 7, "max_sessions": 3}, names()),  # whom it binds cannot be read either: everybody
        ({}, names()),
        (["max_sessions"], names()),
        ("torn", names()),
    ],
)
def test_what_cannot_be_understood_blocks_whom_it_may_bind_and_says_so(data: Any, expected: frozenset[str]) -> None:
    rule = rule_or_block("a_rule", kind="frequency", is_hard=True, data=data, sources=[])

    says = "The rule “a_rule” cannot be read. Please tell the manager"
    assert rule == Unreadable(code="a_rule", says=says, of=expected)


def test_rule_that_somebody_else_holds_makes_none() -> None:
    for held_by in HELD_BY:
        assert made("sequence", {"held_by": held_by, "anything": "at all"}) is None


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "Fourth massage within 7 days"), ("hi", "7 दिनों में 3 से अधिक मालिश"), ("fr", "Fourth massage within 7 days")],
)
def test_sentence_is_in_the_readers_language_with_its_numbers(language: str, expected: str) -> None:
    words = {"en": "{nth} massage within {days} days", "hi": "{days} दिनों में {most} से अधिक मालिश"}
    data = {"says": words, "applies_to": ["m"], "max_sessions": 3, "window_days": 7, "window": "rolling"}

    with translation.override(language):
        rule = rule_of("a_rule", kind="frequency", is_hard=True, data=data, sources=[])

    assert rule is not None
    assert rule.says == expected


def test_names_of_a_therapy_are_all_that_a_rule_may_call_it() -> None:
    assert names_of("basti", ["shodhana_family"], "niruha") == {
        "basti",
        "niruha",
        "basti_niruha",
        "shodhana_family",
        "any_shodhana",
        "all",
    }
    assert names_of("swedana", ["swedana_family"], "default") == {
        "swedana",
        "default",
        "swedana_default",
        "swedana_family",
        "all",
    }


# --- the house's own catalogue ----------------------------------------------------------------------------------------


def test_every_shipped_rule_is_understood_in_both_languages(catalogue: Catalogue) -> None:
    for rule in catalogue.rules:
        if rule.kind in KINDS:
            said = set()
            for language in ("en", "hi"):
                with translation.override(language):
                    found = rule_of(rule.code, kind=rule.kind, is_hard=rule.hard, data=rule.rule, sources=rule.sources)
                said.add(found.says if found else language)
            assert len(said) == 2, rule.code
            assert not any("{" in sentence for sentence in said)


def test_steps_leave_the_rest_that_the_rule_of_rest_asks_for(catalogue: Catalogue) -> None:
    """The one rule of the day that the minutes of the steps themselves have to keep."""
    rule = next(rule for rule in catalogue.rules if rule.rule.get("held_by") == "steps")
    targets, least = rule.rule["target"], rule.rule["min_rest_minutes"]
    assert isinstance(targets, list)
    for code in targets:
        for variant in catalogue.therapies[str(code)].variants:
            rest = sum(step.minutes for step in variant.steps if step.code in ("rest", "bath"))
            assert rest >= int(str(least))


@pytest.mark.django_db
def test_every_heat_of_the_catalogue_has_oil_before_it(loaded: Catalogue) -> None:
    rule = next(rule for rule in loaded.rules if rule.code == "seq_oleation_before_sudation")
    applies = rule.rule["applies_to"]
    assert isinstance(applies, list)
    for therapy in Therapy.objects.filter(code__in=applies):
        for variant in therapy.variants.all():
            first = Step.objects.filter(variant=variant, patient_present=True).order_by("offset")[0]
            assert first.code == "oil_application"
