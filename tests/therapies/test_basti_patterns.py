"""The courses of enemas as the sources chart them: one of oil first, then in turn, some of oil last."""

from itertools import groupby

import pytest

from tests.therapies.shipped_profiles import SHIPPED

RULES = {rule.code: rule.rule for rule in SHIPPED.rules}


@pytest.mark.parametrize(
    ("code", "in_turn", "last"), [("yoga_basti", 3, 1), ("kala_basti", 6, 3), ("karma_basti", 12, 5)]
)
def test_course_begins_with_one_oil_enema_and_ends_with_some(code: str, in_turn: int, last: int) -> None:
    """Ashtanga Hridaya, Sutra 19/63 for karma basti, charted S N A N … by `emap_basti_schedule`."""
    schedule = RULES[code]

    expected = ["A", *["N", "A"] * in_turn, *["A"] * last]
    assert schedule["sequence"] == expected
    counts = {letter: expected.count(letter) for letter in "AN"}
    assert (schedule["total"], schedule["anuvasana"], schedule["niruha"]) == (len(expected), counts["A"], counts["N"])


def test_no_two_decoctions_follow_each_other() -> None:
    for code in ("yoga_basti", "kala_basti", "karma_basti"):
        runs = [(letter, len([*run])) for letter, run in groupby(RULES[code]["sequence"])]  # type: ignore[arg-type]
        assert max(length for letter, length in runs if letter == "N") == 1
