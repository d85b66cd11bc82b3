"""I1 to I3: many clients, one time, over real HTTP. A checker reads the database and the clients' log afterwards."""

import datetime as dt
import statistics
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from bookings import scheduling
from bookings.availability import Wish
from bookings.models import Booking, Occupancy, Status, Visit
from bookings.refusals import HoldLapsed, JustTaken
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import making
from therapies.models import Practitioner, Variant

from .web import Answer, Client, gunicorn, new_page

CLIENTS = 32
SUITE_ROUNDS = 20
STORM_ROUNDS = 100

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class House:
    """Two Vaidyas, two rooms; a long consultation and a short one; a variant for which only one room will do."""

    clinic: Clinic
    vaidyas: list[Practitioner]
    long: Variant
    short: Variant
    one_room: Variant
    accounts: list[User]
    patients: list[Patient]


@dataclass
class Log:
    """What the clients saw."""

    answers: list[Answer] = field(default_factory=list)
    rounds: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def p99(self) -> float:
        return statistics.quantiles([answer.seconds for answer in self.answers], n=100)[98]


@pytest.fixture
def house(transactional_db: None) -> House:
    clinic = making.make_clinic("storm", slot_minutes=5, opens="00:00", closes="24:00", horizon_days=300)
    variants = [
        making.make_consultation("long", minutes=45),
        making.make_consultation("short", minutes=20),
        making.make_consultation("one_room", minutes=45),
    ]
    variants[2].room_feature = "quiet_room"
    variants[2].save()
    making.make_room(clinic, features=["consultation_room"])
    making.make_room(clinic, features=["consultation_room", "quiet_room"])
    vaidyas = [
        making.make_practitioner(clinic, works=("00:00", "24:00"), qualified=[variant.therapy for variant in variants])
        for _ in range(2)
    ]
    accounts = [making.make_user(f"storm{n}@example.org") for n in range(CLIENTS)]
    patients = [making.make_patient(f"Storm{n}", accepts_therapist="any") for n in range(CLIENTS)]
    for account, patient in zip(accounts, patients, strict=True):
        making.make_access(account, patient)
    return House(clinic, vaidyas, *variants, accounts, patients)


@dataclass(frozen=True)
class Try:
    """One client's wish."""

    variant: Variant
    start: dt.datetime
    who: Practitioner | None = None
    patient: int | None = None


def same_start(house: House, start: dt.datetime) -> tuple[list[Try], int]:
    return [Try(house.long, start, house.vaidyas[0])] * CLIENTS, 1


def overlap_by_five(house: House, start: dt.datetime) -> tuple[list[Try], int]:
    later = start + dt.timedelta(minutes=40)
    pair = [Try(house.long, start, house.vaidyas[0]), Try(house.long, later, house.vaidyas[0])]
    return pair * (CLIENTS // 2), 1


def contained(house: House, start: dt.datetime) -> tuple[list[Try], int]:
    inside = Try(house.short, start + dt.timedelta(minutes=10), house.vaidyas[0])
    return [Try(house.long, start, house.vaidyas[0]), inside] * (CLIENTS // 2), 1


def same_room(house: House, start: dt.datetime) -> tuple[list[Try], int]:
    return [Try(house.one_room, start, vaidya) for vaidya in house.vaidyas] * (CLIENTS // 2), 1


def any_practitioner(house: House, start: dt.datetime) -> tuple[list[Try], int]:
    return [Try(house.long, start)] * CLIENTS, 2


def back_to_back(house: House, start: dt.datetime) -> tuple[list[Try], int]:
    next_one = start + dt.timedelta(minutes=45)
    pair = [Try(house.long, start, house.vaidyas[0]), Try(house.long, next_one, house.vaidyas[0])]
    return pair * (CLIENTS // 2), 2


def same_patient(house: House, start: dt.datetime) -> tuple[list[Try], int]:
    overlapping = [Try(house.long, start, house.vaidyas[0], 0), Try(house.long, start, house.vaidyas[1], 0)]
    return overlapping * (CLIENTS // 2), 1


SCENES: list[Callable[[House, dt.datetime], tuple[list[Try], int]]] = [
    same_patient, same_start, overlap_by_five, contained, same_room, any_practitioner, back_to_back,
]  # fmt: skip


def starts_of(rounds: int) -> Iterator[dt.datetime]:
    """Seven well apart on each day of the clinic, none reaching into the next, from the day after tomorrow on."""
    first = timezone.now().astimezone(ZoneInfo("Asia/Kolkata")).date() + dt.timedelta(days=2)
    midnight = dt.datetime.combine(first, dt.time(), tzinfo=ZoneInfo("Asia/Kolkata"))
    return (midnight + dt.timedelta(days=n // 7, hours=1 + 3 * (n % 7)) for n in range(rounds))


def storm(house: House, port: int, rounds: int) -> Log:
    """The scenes in turn: each client holds, and whoever holds books."""
    log = Log()
    with ThreadPoolExecutor(CLIENTS) as pool:
        for number, start in enumerate(starts_of(rounds)):
            scene = SCENES[number % len(SCENES)]
            tries, fits = scene(house, start)
            clients = [Client(port, user, f"10.0.0.{n + 1}") for n, user in enumerate(house.accounts)]
            won = run_round(pool, clients, tries, house, log)
            log.rounds.append((scene.__name__, fits, won))
    connection.close()
    return log


def run_round(pool: ThreadPoolExecutor, clients: list[Client], tries: list[Try], house: House, log: Log) -> int:
    barrier = threading.Barrier(len(clients))

    def one(number: int) -> bool:
        barrier.wait(timeout=60)
        return hold_and_book(clients[number], tries[number], house, number, log)

    return sum(pool.map(one, range(len(clients))))


def hold_and_book(client: Client, wanted: Try, house: House, number: int, log: Log) -> bool:
    """Through the portal's own pages; True when the last page is the booked visit."""
    patient = house.patients[number if wanted.patient is None else wanted.patient]
    who = wanted.who.pk if wanted.who else ""
    choice = {"clinic": house.clinic.slug, "what": wanted.variant.pk, "who": who, "start": wanted.start.isoformat()}
    held = client.post("/book/hold/", page=new_page(), **choice)
    log.answers.append(held)
    if held.status != 302:
        return False
    picked = client.post("/book/who/", act="pick", patient=patient.public_id)
    log.answers.append(picked)
    page = client.get("/book/confirm/")
    visit = page.body.split('name="visit" value="')[1].split('"')[0]
    booked = client.post("/book/confirm/done/", visit=visit, patient=patient.public_id, key=uuid.uuid4())
    log.answers.extend([page, booked])
    return booked.status == 302 and booked.location == f"/visits/{visit}/"


OVERLAPS = """
SELECT count(*) FROM bookings_occupancy a JOIN bookings_occupancy b
  ON a.id < b.id AND a.during && b.during AND (a.resource_id = b.resource_id OR a.patient_id = b.patient_id)
"""


def overlaps() -> int:
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        return int(cursor.fetchone()[0])


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def share_access(house: House) -> None:
    """Everybody may book for the first patient: one person, many relatives."""
    for account in house.accounts[1:]:
        making.make_access(account, house.patients[0])


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


def test_race_of_the_portal_has_exactly_the_winners_that_fit(house: House, tmp_path: Path) -> None:
    share_access(house)
    with gunicorn(tmp_path) as port:
        log = storm(house, port, SUITE_ROUNDS)

    check(house, log)


@pytest.mark.storm
def test_storm_of_the_portal(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    share_access(house)
    with gunicorn(tmp_path) as port:
        log = storm(house, port, STORM_ROUNDS)

    check(house, log)
    with capsys.disabled():
        wins = sum(won for _, _, won in log.rounds)
        sys_line = f"{len(log.rounds)} rounds, {len(log.answers)} answers, {wins} winners, p99 {log.p99:.2f} s"
        print(f"\nraces: {sys_line}, overlaps {overlaps()}, deadlocks {deadlocks()}")  # noqa: T201
    assert log.p99 <= 1.0


GUARDS_OFF = [
    "ALTER TABLE bookings_occupancy DROP CONSTRAINT resource_one_place_at_a_time",
    "ALTER TABLE bookings_occupancy DROP CONSTRAINT patient_one_place_at_a_time",
]
GUARDS_ON = [
    "DELETE FROM bookings_occupancy",
    (
        "ALTER TABLE bookings_occupancy ADD CONSTRAINT resource_one_place_at_a_time"
        " EXCLUDE USING gist (resource_id WITH =, during WITH &&)"
    ),
    (
        "ALTER TABLE bookings_occupancy ADD CONSTRAINT patient_one_place_at_a_time"
        " EXCLUDE USING gist (patient_id WITH =, during WITH &&)"
    ),
]


def run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def guards_off(transactional_db: None) -> Iterator[None]:
    """The two exclusion constraints away, and back again."""
    run(GUARDS_OFF)
    yield
    run(GUARDS_ON)


def test_race_without_guards_books_twice(house: House, tmp_path: Path, guards_off: None) -> None:
    """The control: without locks and constraints the same storm must be seen to fail."""
    share_access(house)
    with gunicorn(tmp_path, app="tests.storms.unguarded") as port:
        log = storm(house, port, 5)

    assert overlaps() > 0, (log.rounds, Counter(answer.status for answer in log.answers))


def test_double_click_in_parallel_books_once(house: House, tmp_path: Path) -> None:
    """I3: one form sent eight times at once: one visit, and everybody is led to it."""
    start = next(starts_of(1))
    with gunicorn(tmp_path) as port, ThreadPoolExecutor(8) as pool:
        client = Client(port, house.accounts[0])
        choice = {"clinic": house.clinic.slug, "what": house.long.pk, "who": "", "start": start.isoformat()}
        client.post("/book/hold/", page=new_page(), **choice)
        client.post("/book/who/", act="pick", patient=house.patients[0].public_id)
        visit = client.get("/book/confirm/").body.split('name="visit" value="')[1].split('"')[0]
        form = {"visit": visit, "patient": house.patients[0].public_id, "key": uuid.uuid4()}
        answers = list(pool.map(lambda _: client.post("/book/confirm/done/", **form), range(8)))

    assert {(answer.status, answer.location) for answer in answers} == {(302, f"/visits/{visit}/")}
    assert Booking.objects.filter(status=Status.BOOKED).count() == 1


def test_confirming_and_taking_a_lapsed_hold_at_once_has_one_winner(house: House) -> None:
    """The owner confirms in the moment in which somebody else takes the lapsed time: ten times over."""
    wish = Wish(house.clinic, (house.long,), practitioner_id=house.vaidyas[0].pk)
    now = timezone.now()
    late = now + dt.timedelta(minutes=16)
    outcomes = Counter[tuple[bool, bool]]()
    with ThreadPoolExecutor(2) as pool:
        for start in starts_of(10):
            held = scheduling.hold(wish=wish, start=start, holder="owner", by=None, now=now, key=uuid.uuid4())
            barrier = threading.Barrier(2)
            owner = pool.submit(attempt, barrier, lambda held=held: confirm(house, held, late))
            other = pool.submit(attempt, barrier, lambda start=start: take(wish, start, late))
            outcomes[owner.result(), other.result()] += 1

    assert set(outcomes) <= {(True, False), (False, True)}
    assert sum(outcomes.values()) == 10
    assert overlaps() == 0


def attempt(barrier: threading.Barrier, act: Callable[[], object]) -> bool:
    """True when the act went through; each thread closes its own connection."""
    try:
        barrier.wait(timeout=30)
        act()
    except (JustTaken, HoldLapsed):
        return False
    finally:
        connection.close()
    return True


def confirm(house: House, held: Visit, now: dt.datetime) -> Visit:
    by, patient = house.accounts[0], house.patients[0]
    return scheduling.book(visit=held, patient=patient, holder="owner", by=by, now=now, key=uuid.uuid4())


def take(wish: Wish, start: dt.datetime, now: dt.datetime) -> Visit:
    return scheduling.hold(wish=wish, start=start, holder=uuid.uuid4().hex, by=None, now=now, key=uuid.uuid4())
