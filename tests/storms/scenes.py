"""What the races share: a small house, the scenes, the ways to book, and what the database says afterwards."""

import datetime as dt
import statistics
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests.eventually import PATIENCE
from therapies.models import Practitioner, Variant

from .web import Answer, Client, new_page

CLIENTS = 32


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

    @property
    def clients(self) -> int:
        """How many race: each has an account and a patient."""
        return len(self.accounts)


@dataclass
class Log:
    """What the clients saw."""

    answers: list[Answer] = field(default_factory=list)
    rounds: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def p99(self) -> float:
        return statistics.quantiles([answer.seconds for answer in self.answers], n=100)[98]


@dataclass(frozen=True)
class Try:
    """One client's wish."""

    variant: Variant
    start: dt.datetime
    who: Practitioner | None = None
    patient: int | None = None


def same_start(house: House, start: dt.datetime) -> tuple[list[Try], int]:
    return [Try(house.long, start, house.vaidyas[0])] * house.clients, 1


def overlap_by_five(house: House, start: dt.datetime) -> tuple[list[Try], int]:
    later = start + dt.timedelta(minutes=40)
    pair = [Try(house.long, start, house.vaidyas[0]), Try(house.long, later, house.vaidyas[0])]
    return pair * (house.clients // 2), 1


def contained(house: House, start: dt.datetime) -> tuple[list[Try], int]:
    inside = Try(house.short, start + dt.timedelta(minutes=10), house.vaidyas[0])
    return [Try(house.long, start, house.vaidyas[0]), inside] * (house.clients // 2), 1


def same_room(house: House, start: dt.datetime) -> tuple[list[Try], int]:
    return [Try(house.one_room, start, vaidya) for vaidya in house.vaidyas] * (house.clients // 2), 1


def any_practitioner(house: House, start: dt.datetime) -> tuple[list[Try], int]:
    return [Try(house.long, start)] * house.clients, 2


def back_to_back(house: House, start: dt.datetime) -> tuple[list[Try], int]:
    next_one = start + dt.timedelta(minutes=45)
    pair = [Try(house.long, start, house.vaidyas[0]), Try(house.long, next_one, house.vaidyas[0])]
    return pair * (house.clients // 2), 2


def same_patient(house: House, start: dt.datetime) -> tuple[list[Try], int]:
    overlapping = [Try(house.long, start, house.vaidyas[0], 0), Try(house.long, start, house.vaidyas[1], 0)]
    return overlapping * (house.clients // 2), 1


SCENES: list[Callable[[House, dt.datetime], tuple[list[Try], int]]] = [
    same_patient,
    same_start,
    overlap_by_five,
    contained,
    same_room,
    any_practitioner,
    back_to_back,
]


def starts_of(rounds: int) -> Iterator[dt.datetime]:
    """Seven well apart on each day of the clinic, none reaching into the next, from the day after tomorrow on."""
    first = timezone.now().astimezone(ZoneInfo("Asia/Kolkata")).date() + dt.timedelta(days=2)
    midnight = dt.datetime.combine(first, dt.time(), tzinfo=ZoneInfo("Asia/Kolkata"))
    return (midnight + dt.timedelta(days=n // 7, hours=1 + 3 * (n % 7)) for n in range(rounds))


def storm(house: House, port: int, rounds: int, *, through: "Way | None" = None, staff: User | None = None) -> Log:
    """The scenes in turn: each client holds, and whoever holds books; through the portal, or through the desk."""
    log = Log()
    with ThreadPoolExecutor(house.clients) as pool:
        for number, start in enumerate(starts_of(rounds)):
            scene = SCENES[number % len(SCENES)]
            tries, fits = scene(house, start)
            clients = [Client(port, staff or user, f"10.0.0.{n + 1}") for n, user in enumerate(house.accounts)]
            won = run_round(pool, clients, tries, house, log, through or by_portal)
            log.rounds.append((scene.__name__, fits, won))
    connection.close()
    return log


def run_round(
    pool: ThreadPoolExecutor, clients: list[Client], tries: list[Try], house: House, log: Log, way: "Way"
) -> int:
    barrier = threading.Barrier(len(clients))

    def one(number: int) -> bool:
        barrier.wait(PATIENCE)
        return way(clients[number], tries[number], house, number, log)

    return sum(pool.map(one, range(len(clients))))


Way = Callable[[Client, Try, House, int, Log], bool]


def by_portal(client: Client, wanted: Try, house: House, number: int, log: Log) -> bool:
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
    booked = client.post("/book/confirm/", visit=visit, patient=patient.public_id, key=uuid.uuid4())
    log.answers.extend([page, booked])
    return booked.status == 302 and booked.location == f"/visits/{visit}/"


def by_desk(client: Client, wanted: Try, house: House, number: int, log: Log) -> bool:
    """As the front desk books on the telephone; True when the last page is the booked visit."""
    patient = house.patients[number if wanted.patient is None else wanted.patient]
    choice = {"what": wanted.variant.pk, "who": wanted.who.pk if wanted.who else "", "start": wanted.start.isoformat()}
    held = client.post(f"/desk/patients/{patient.public_id}/book/hold/", key=uuid.uuid4(), **choice)
    log.answers.append(held)
    if held.status != 302 or "what=" in held.location:  # back to the times, with the reason
        return False
    booked = client.post(held.location, key=uuid.uuid4())
    log.answers.append(booked)
    return booked.status == 302 and booked.location.startswith("/desk/visits/")


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
