"""I1 to I3: many clients, one time, over real HTTP. A checker reads the database and the clients' log afterwards."""

import datetime as dt
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from bookings.actions import confirmation, holds
from bookings.errors import HoldExpired, JustTaken
from bookings.models import Booking, Occupancy, Status, Visit
from bookings.slots.search_space import SlotRequest
from tests import factories
from tests.eventually import PATIENCE

from .scenes import CLIENTS, SCENES, House, Log, by_desk, deadlocks, overlaps, starts_of, storm
from .web import Client, gunicorn, new_page

SUITE_ROUNDS = len(SCENES)  # each scene once through the portal and once through the desk; the rest is the storm's
STORM_ROUNDS = 100

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(transactional_db: None) -> House:
    clinic = factories.make_clinic(
        "storm", slot_minutes=5, opens="00:00", closes="24:00", horizon_days=300, **factories.UNLIMITED
    )
    variants = [
        factories.make_consultation("long", minutes=45),
        factories.make_consultation("short", minutes=20),
        factories.make_consultation("one_room", minutes=45),
    ]
    variants[2].room_feature = "quiet_room"
    variants[2].save()
    factories.make_room(clinic, features=["consultation_room"])
    factories.make_room(clinic, features=["consultation_room", "quiet_room"])
    vaidyas = [
        factories.make_practitioner(
            clinic, works=("00:00", "24:00"), qualified=[variant.therapy for variant in variants]
        )
        for _ in range(2)
    ]
    accounts = [factories.make_user(f"storm{n}@example.org") for n in range(CLIENTS)]
    patients = [factories.make_patient(f"Storm{n}", accepts_therapist="any") for n in range(CLIENTS)]
    for account, patient in zip(accounts, patients, strict=True):
        factories.make_access(account, patient)
    return House(clinic, vaidyas, *variants, accounts, patients)


def share_access(house: House) -> None:
    """Everybody may book for the first patient: one person, many relatives."""
    for account in house.accounts[1:]:
        factories.make_access(account, house.patients[0])


def check(house: House, log: Log) -> None:
    """By the database and the clients' log alone."""
    assert [(name, won) for name, _, won in log.rounds] == [(name, fits) for name, fits, _ in log.rounds]
    assert overlaps() == 0
    assert Counter(answer.status // 100 for answer in log.answers)[5] == 0
    assert deadlocks() == 0
    losers = [answer for answer in log.answers if answer.status == 409]
    assert losers
    assert all('name="start"' in answer.body for answer in losers), "a loser was not shown other times"
    booked = Booking.objects.filter(status=Status.BOOKED)
    assert booked.count() == sum(fits for _, fits, _ in log.rounds)
    assert Occupancy.objects.filter(booking__in=booked).count() == 3 * booked.count()


def test_race_of_the_portal_has_exactly_the_winners_that_fit(house: House, port: int) -> None:
    share_access(house)

    log = storm(house, port, SUITE_ROUNDS)

    check(house, log)


def test_race_of_the_desk_has_exactly_the_winners_that_fit(house: House, port: int) -> None:
    """I2: the desk's way is the same way."""
    for patient in house.patients:
        patient.clinics.add(house.clinic)
    staff = factories.make_member(house.clinic, "front_desk")

    log = storm(house, port, SUITE_ROUNDS, through=by_desk, staff=staff)

    assert [(name, won) for name, _, won in log.rounds] == [(name, fits) for name, fits, _ in log.rounds]
    assert overlaps() == 0
    assert Counter(answer.status // 100 for answer in log.answers)[5] == 0
    assert deadlocks() == 0


def test_moves_to_one_time_have_one_winner(house: House, port: int) -> None:
    """I2: ten visits are moved to the same time of the same Vaidya at once."""
    starts, now = list(starts_of(12)), timezone.now()
    share_access(house)
    slot_request = SlotRequest(house.clinic, (house.long,), practitioner_id=house.vaidyas[0].pk)
    visits = []
    for number in range(10):
        held = holds.hold(
            slot_request=slot_request, start=starts[number], holder=f"mover{number}", by=None, now=now, key=uuid.uuid4()
        )
        told = {"patient": house.patients[number], "holder": f"mover{number}", "by": house.accounts[number]}
        visits.append(confirmation.book(visit=held, now=now, key=uuid.uuid4(), **told))
    aim = starts[11].isoformat()
    with ThreadPoolExecutor(10) as pool:
        clients = [Client(port, house.accounts[number]) for number in range(10)]
        barrier = threading.Barrier(10)

        def one(number: int) -> int:
            barrier.wait(PATIENCE)
            path = f"/visits/{visits[number].public_id}/move/to/"
            return clients[number].post(path, start=aim, version=2, key=uuid.uuid4()).status

        statuses = Counter(pool.map(one, range(10)))

    assert statuses == {302: 1, 409: 9}
    assert Booking.objects.filter(starts_at=starts[11]).count() == 1
    assert Booking.objects.filter(status=Status.BOOKED).count() == 10
    assert overlaps() == 0


@pytest.mark.storm
def test_storm_of_the_portal(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    share_access(house)
    with gunicorn(tmp_path) as port:
        log = storm(house, port, STORM_ROUNDS)

    check(house, log)
    with capsys.disabled():
        wins = sum(won for _, _, won in log.rounds)
        sys_line = f"{len(log.rounds)} rounds, {len(log.answers)} answers, {wins} winners, p99 {log.p99:.2f} s"
        print(f"\nraces: {sys_line}, overlaps {overlaps()}, deadlocks {deadlocks()}")
    assert log.p99 <= 1.0


def test_race_without_guards_books_twice(house: House, unguarded: int, guards_off: None) -> None:
    """The control: without locks and constraints the same storm must be seen to fail."""
    share_access(house)

    log = storm(house, unguarded, 3)

    assert overlaps() > 0, (log.rounds, Counter(answer.status for answer in log.answers))


def test_double_click_in_parallel_books_once(house: House, port: int) -> None:
    """I3: one form sent eight times at once: one visit, and everybody is led to it."""
    start = next(starts_of(1))
    with ThreadPoolExecutor(8) as pool:
        client = Client(port, house.accounts[0])
        choice = {"clinic": house.clinic.slug, "what": house.long.pk, "who": "", "start": start.isoformat()}
        client.post("/book/hold/", page=new_page(), **choice)
        client.post("/book/who/", act="pick", patient=house.patients[0].public_id)
        visit = client.get("/book/confirm/").body.split('name="visit" value="')[1].split('"')[0]
        form = {"visit": visit, "patient": house.patients[0].public_id, "key": uuid.uuid4()}
        answers = list(pool.map(lambda _: client.post("/book/confirm/", **form), range(8)))

    assert {(answer.status, answer.location) for answer in answers} == {(302, f"/visits/{visit}/")}
    assert Booking.objects.filter(status=Status.BOOKED).count() == 1


def test_confirming_and_taking_a_lapsed_hold_at_once_has_one_winner(house: House) -> None:
    """The owner confirms in the moment in which somebody else takes the lapsed time: ten times over."""
    slot_request = SlotRequest(house.clinic, (house.long,), practitioner_id=house.vaidyas[0].pk)
    now = timezone.now()
    late = now + dt.timedelta(minutes=16)
    outcomes = Counter[tuple[bool, bool]]()
    with ThreadPoolExecutor(2) as pool:
        for start in starts_of(10):
            held = holds.hold(
                slot_request=slot_request, start=start, holder="owner", by=None, now=now, key=uuid.uuid4()
            )
            barrier = threading.Barrier(2)
            owner = pool.submit(attempt, barrier, lambda held=held: confirm(house, held, late))
            other = pool.submit(attempt, barrier, lambda start=start: take(slot_request, start, late))
            outcomes[owner.result(), other.result()] += 1

    assert set(outcomes) <= {(True, False), (False, True)}
    assert sum(outcomes.values()) == 10
    assert overlaps() == 0


def attempt(barrier: threading.Barrier, act: Callable[[], object]) -> bool:
    """True when the act went through; each thread closes its own connection."""
    try:
        barrier.wait(PATIENCE)
        act()
    except (JustTaken, HoldExpired):
        return False
    finally:
        connection.close()
    return True


def confirm(house: House, held: Visit, now: dt.datetime) -> Visit:
    by, patient = house.accounts[0], house.patients[0]
    return confirmation.book(visit=held, patient=patient, holder="owner", by=by, now=now, key=uuid.uuid4())


def take(slot_request: SlotRequest, start: dt.datetime, now: dt.datetime) -> Visit:
    return holds.hold(
        slot_request=slot_request, start=start, holder=uuid.uuid4().hex, by=None, now=now, key=uuid.uuid4()
    )
