"""Flags for the front desk: what to do, never why. Pure, on the shipped ones."""

import pytest

from tests.shipped import CATALOGUE as SHIPPED
from therapies.catalogue.checks import problems_of
from therapies.desk_flags import KIND, AtTheDesk, desk_flag_of, raised

RULES = [rule for rule in SHIPPED.rules if rule.kind == KIND]
FLAGS = {rule.code: desk_flag_of(rule.rule) for rule in RULES}
NOTHING = AtTheDesk(frozenset(), 40)


def shown(**said: object) -> list[str]:
    return raised(FLAGS.values(), AtTheDesk(**({"terms": frozenset(), "age": 40} | said)))  # type: ignore[arg-type]


def test_healthy_person_of_forty_has_no_flag() -> None:
    assert raised(FLAGS.values(), NOTHING) == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"terms": frozenset({"syncope"})}, ["Offer a seat first", "May fall: take the arm"]),
        ({"terms": frozenset({"severe_osteoporosis"})}, ["May fall: take the arm"]),
        ({"terms": frozenset({"diabetes"})}, ["Do not keep waiting; if it gets late tell the Vaidya"]),
        ({"age": 70}, ["Offer a seat first"]),
        ({"is_fasting": True}, ["No tea or food before the session"]),
        ({"waits_for_vaidya": True}, ["Call the Vaidya before the session"]),
    ],
)
def test_flag_is_raised_by_what_was_told_by_age_and_by_the_visit(said: dict[str, object], expected: list[str]) -> None:
    assert shown(**said) == expected


@pytest.mark.parametrize("code", FLAGS)
def test_nobody_can_tell_from_a_flag_what_the_patient_has(code: str) -> None:
    flag = FLAGS[code]
    words = " ".join(flag.says.values()).casefold()
    causes = [SHIPPED.terms[term] for term in flag.terms]

    assert bool(flag.waits_for) or (len(causes) >= 5 and flag.age_from is not None)
    assert [term.en for term in causes if term.en.casefold() in words] == []


def test_unknown_term_of_a_flag_is_told_when_the_catalogue_is_read() -> None:
    broken = [
        rule.model_copy(update={"rule": rule.rule | {"terms": ["gout_of_the_ear"]}})
        if rule.code == "dk_may_fall"
        else rule
        for rule in SHIPPED.rules
    ]

    problems = list(problems_of(type(SHIPPED)(**(vars(SHIPPED) | {"rules": broken}))))

    assert problems == ["desk_flags.yaml: dk_may_fall.rule.terms: unknown term “gout_of_the_ear”"]
