"""I1 for prescribed sessions: the rules of crew, room, equipment, gender and order hold while portal and desk race."""

import re
import time
from collections import Counter

import pytest

from therapies.models import Practitioner, Step

from .scenes import deadlocks, overlaps
from .steam_house import make_steam_house
from .treatments import (
    COMPLETE,
    OVERDRAWN,
    SCENES,
    STRAY_EQUIPMENT,
    WRONG_CREW,
    Record,
    count,
    last_session,
    one_chamber,
    parts,
    race,
    three_rooms,
    winners,
)

GUESTS = 7
SUITE = [scene for scene in SCENES if scene is not one_chamber]
"""Each loser's page of other times costs half a second: the chamber is raced once, by `chamber_in_turn`."""
STORM_GUESTS = 25
STORM_ROUNDS = 8 * len(SCENES)

pytestmark = pytest.mark.django_db(transaction=True)


def check(record: Record) -> None:
    """Who won, by the database alone; and that the losers were told why."""
    rounds = record.rounds
    assert [(one.scene, winners(one)) for one in rounds] == [(one.scene, one.fits) for one in rounds]
    assert overlaps() == 0
    assert count(WRONG_CREW) == 0
    assert count(STRAY_EQUIPMENT) == 0
    assert count(OVERDRAWN) == 0
    assert parts() == COMPLETE
    assert Counter(answer.status // 100 for answer in record.answers)[5] == 0
    assert deadlocks() == 0
    assert record.losers > 0
    assert not record.untold, [words_of(page) for page in record.untold]


def words_of(page: str) -> str:
    """What somebody reads on it."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_race_for_sessions_has_exactly_the_winners_that_fit(port: int) -> None:
    """And what no race can bring about is brought about by hand at the end, so that the checker is seen to look."""
    house = make_steam_house(guests=GUESTS)

    record = race(house, port, SUITE)

    check(record)
    Practitioner.objects.update(gender="other")
    Step.objects.update(equipment=[])
    assert count(WRONG_CREW) > 0
    assert count(STRAY_EQUIPMENT) > 0


def test_race_for_sessions_without_guards_books_twice(unguarded: int, guards_off: None) -> None:
    """The control: without locks and constraints the same race must be seen to fail, the fifth time at the latest."""
    house = make_steam_house(guests=GUESTS)
    scenes = [three_rooms, last_session]

    for turn in range(5):
        race(house, unguarded, scenes, after=turn * len(scenes))
        if overlaps() > 0 and count(OVERDRAWN) > 0:
            break

    assert overlaps() > 0
    assert count(OVERDRAWN) > 0


@pytest.mark.storm
def test_storm_for_sessions(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    house = make_steam_house(guests=STORM_GUESTS)
    begun = time.perf_counter()

    record = race(house, port, SCENES * (STORM_ROUNDS // len(SCENES)))

    check(record)
    with capsys.disabled():
        wins = sum(one.fits for one in record.rounds)
        sizes = f"{len(record.rounds)} rounds, {len(record.answers)} answers, {wins} winners, {record.losers} losers"
        seconds = time.perf_counter() - begun
        print(f"\nsessions: {sizes} in {seconds:.0f} s, overlaps {overlaps()}, deadlocks {deadlocks()}")
