"""I24: every ordered pair of actions on one visit, on two connections, the first stopped while the second runs.

Whatever they do to each other, what stands in the tables afterwards fits together; and each either went through, or
was refused in words that somebody sees.
"""

import itertools
import random
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db.models import Max

from bookings.actions import conditional_writes, locks
from bookings.errors import ActionRefused, Busy
from bookings.models import Booking, Visit

from . import acts, record_acts
from .acts import House, make_house
from .interleave import COMMIT, LOCK, Pair, pair
from .ledger import acts_of, faults_of

pytestmark = pytest.mark.django_db(transaction=True)

Meeting = tuple[str, str, str, int]
"""Where the visit stands, the first action, the second, and where the first is stopped."""
STATES = acts.STATES | record_acts.RECORD_STATES
SUCCEEDS = acts.SUCCEEDS | record_acts.RECORD_SUCCEEDS
POINTS = {LOCK: "before its first lock", COMMIT: "before its commit"}
MEETINGS: list[Meeting] = [
    (state, first, second, at)
    for state, (_made, names) in STATES.items()
    for first, second in itertools.product(names, names)
    for at in POINTS
]
UNLOCKED = "SELECT key AS locked /* pg_advisory_xact_lock */ FROM unnest(%(keys)s::bigint[]) AS key"
SUITE, STORM = 100, 1000
STATEMENTS = 30
"""About as many as an action has; where it has fewer it is done before the other begins."""


@pytest.fixture
def house(transactional_db: None) -> House:
    return make_house()


@pytest.fixture
def both() -> Iterator[Pair]:
    with pair() as found:
        yield found


def meet(house: House, both: Pair, meeting: Meeting) -> list[str]:
    """What is wrong after two actions met on a fresh visit."""
    state, first, second, at = meeting
    make, verbs = STATES[state]
    newest = Visit.objects.aggregate(Max("pk"))["pk__max"] or 0
    case = make(house)
    one, other = case.booking(), case.booking()
    ends = both.run(lambda: verbs[first](case, one), lambda: verbs[second](case, other), at=at)
    visits = list(Visit.objects.filter(pk__gt=newest).values_list("pk", flat=True))
    faults = [*faults_of(visits), *_of_outcomes((first, second), ends, acts_of([case.visit.pk]))]
    faults += record_acts.faults_of_record(
        case, [name for name, end in zip((first, second), ends, strict=True) if not end]
    )
    title = f"{state}: {first} stopped {POINTS.get(at, f'before statement {at}')}, {second}"
    return [f"{title}: {fault} {[repr(end) for end in ends]}" for fault in faults]


def _of_outcomes(names: tuple[str, str], ends: tuple[Exception | None, Exception | None], acts: list[str]) -> list[str]:
    faults = [f"unknown refusal {end!r}" for end in ends if end and (not isinstance(end, ActionRefused))]
    faults += ["deadlock" for end in ends if isinstance(end, Busy)]
    went = Counter(SUCCEEDS[name] for name, end in zip(names, ends, strict=True) if end is None and name in SUCCEEDS)
    return faults + [
        f"{verb} went through, and left no row" for verb, count in went.items() if acts.count(verb) < count
    ]


def test_sampled_pairs_of_actions_leave_tables_that_fit_together(house: House, both: Pair) -> None:
    sample = random.Random(24).sample(MEETINGS, SUITE)

    faults = [fault for meeting in sample for fault in meet(house, both, meeting)]

    assert faults == []


SHARP: list[Meeting] = [
    ("held", "extend", "sweep", LOCK),
    ("held", "extend", "sweep", COMMIT),
    ("booked", "reassign", "check in", LOCK),
    ("booked", "check in", "no-show", LOCK),
    ("booked", "cancel", "check in", LOCK),
    ("asked of the clinic", "accept", "lapse", LOCK),
    ("asked of the Vaidya", "yes", "lapse", LOCK),
    ("going on", "complete", "undo", LOCK),
]


RECORDS: list[Meeting] = [
    ("a draft in two tabs", "one tab", "other tab", COMMIT),
    ("a draft in two tabs", "one tab", "sign draft", COMMIT),
    ("a draft in two tabs", "one tab", "discard", COMMIT),
    ("a draft in two tabs", "discard", "one tab", COMMIT),
    ("without consent", "consent", "consent", COMMIT),
    ("before the day check", "day check", "block", COMMIT),
    ("before the day check", "day check", "day check", COMMIT),
    ("held, and somebody is away", "away", "book", COMMIT),
    ("booked, and somebody is away", "away", "move", COMMIT),
    ("booked, and somebody is away", "other away", "reassign", COMMIT),
    ("missed, and somebody is away", "away", "undo", COMMIT),
]


def test_what_meets_on_a_record_or_in_an_absence_fits_together(house: House, both: Pair) -> None:
    faults = [fault for meeting in RECORDS for fault in meet(house, both, meeting)]

    assert faults == []


def test_records_and_absences_without_guards_do_not_fit_together(
    house: House, both: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without locks and conditions nearly each of these pairs leaves something that does not fit."""
    monkeypatch.setattr(locks.LOCK, "text", UNLOCKED)
    monkeypatch.setattr(conditional_writes, "_write", unconditional)

    faults = {meeting: meet(house, both, meeting) for meeting in RECORDS if meeting[3] == COMMIT}

    assert len([meeting for meeting, found in faults.items() if found]) >= 6, faults


def test_pairs_without_guards_leave_tables_that_do_not(
    house: House, both: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without locks and conditions the same ledger sees lost updates."""
    monkeypatch.setattr(locks.LOCK, "text", UNLOCKED)
    monkeypatch.setattr(conditional_writes, "_write", unconditional)

    faults = [fault for meeting in SHARP for fault in meet(house, both, (*meeting[:3], COMMIT))]

    assert len(faults) >= len(SHARP) // 2, faults


def test_pairs_without_conditions_lose_what_no_lock_guards(
    house: House, both: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the conditions alone: who extends a hold has no lock that the sweep would wait for."""
    monkeypatch.setattr(conditional_writes, "_write", unconditional)

    assert meet(house, both, ("held", "extend", "sweep", COMMIT)) + meet(house, both, ("held", "extend", "sweep", 4))


def unconditional(bookings: list[Booking], fields: tuple[str, ...], values: dict[str, object]) -> None:
    """What was read is written back, whatever stands there now."""
    for booking in bookings:
        booking.version += 1
        for name, value in values.items():
            setattr(booking, name, value)
        booking.save(update_fields=["version", *fields, *(values or ["status"])])


@pytest.mark.storm
@pytest.mark.parametrize("state", STATES)
def test_every_pair_of_actions(house: House, both: Pair, state: str) -> None:
    faults = [fault for meeting in MEETINGS if meeting[0] == state for fault in meet(house, both, meeting)]

    assert faults == []


@pytest.mark.storm
def test_pairs_that_meet_at_any_statement(house: House, both: Pair) -> None:
    """Of all pairs and statements a thousand."""
    anywhere = [(*meeting[:3], at) for meeting in MEETINGS if meeting[3] == LOCK for at in range(STATEMENTS)]
    sample = random.Random(24).sample(anywhere, STORM)

    faults = [fault for meeting in sample for fault in meet(house, both, meeting)]

    assert faults == []
