"""Watching over patients, pure: how many a moment needs, and how many of the staff it can spare."""

import pytest

from tests.therapies.shipped_profiles import SHIPPED
from therapies.catalogue.shapes import StepShape
from therapies.models.therapy import PURIFICATION
from therapies.shape import WATCH_PLACE
from therapies.watch import Watch

DAY = 0b1111
"""Four cells."""


def watch(*taken: int, free: tuple[int, ...] = (DAY,), most: int = 3) -> Watch:
    return Watch(frozenset(range(len(free))), free, taken, most)


def test_one_person_watches_three_and_a_fourth_needs_another() -> None:
    three = (0b0110, 0b0110, 0b0010, 0)

    assert watch(*three).enough(more=1) & DAY == 0b1101
    assert watch(*three, free=(DAY, 0b0011)).enough(more=1) & DAY == 0b1111


def test_nobody_is_watched_where_nobody_is_on_duty() -> None:
    assert watch(0, free=(0b0011,)).enough(more=1) & DAY == 0b0011
    assert watch(0, free=()).enough(more=1) & DAY == 0


def test_last_one_on_duty_is_not_taken_away_and_any_number_where_nobody_is_watched() -> None:
    one, two = watch(0b0110), watch(0b0110, free=(DAY, DAY))

    assert (one.enough(away=1) & DAY, two.enough(away=1) & DAY, two.enough(away=2) & DAY) == (0b1001, DAY, 0b1001)
    assert (two.is_kept([0b0010, 0b0100], 0), two.is_kept([0b0010, 0b0010], 0)) == (True, False)
    assert (two.is_kept([0b0001], own=0b0001), two.is_kept([0b0001, 0b0001], own=0b0001)) == (True, False)


def test_what_lacks_somebody_is_told() -> None:
    assert watch(0b0110, free=(0b0010,)).lacking() == 0b0100


OBSERVED = [
    (therapy.code, variant.code, step)
    for therapy in SHIPPED.therapies.values()
    if therapy.phase == PURIFICATION
    for variant in therapy.variants
    for step in variant.steps
    if step.code == "observation"
]


@pytest.mark.parametrize(("therapy", "variant", "step"), OBSERVED)
def test_no_watch_after_a_purification_rests_on_an_attendant_whom_nobody_schedules(
    therapy: str, variant: str, step: StepShape
) -> None:
    """Six hours of Virechana had only an attendant “present”, and attendants have no schedule."""
    stays = [crew.role for crew in step.crew if crew.presence == "present" and crew.role != "attendant"]

    assert (WATCH_PLACE in step.equipment) != bool(stays), (therapy, variant)


def test_watches_were_looked_at() -> None:
    assert {therapy for therapy, _variant, _step in OBSERVED} == {
        "basti",
        "nasya",
        "raktamokshana",
        "vamana",
        "virechana",
    }
