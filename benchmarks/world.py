"""A clinic as full as a real one: rows made in memory, written by COPY, with every constraint on.

The next `days` are filled to 70 %, the rest of the bookings lies in the past. The same seed makes the same world.
"""

import datetime as dt
import random
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from psycopg import sql
from psycopg.types.range import TimestamptzRange

from bookings.models import Booking, History, Occupancy, Visit
from clinic.people.models import Patient
from clinic.premises.models import Clinic, OpeningHours, Room
from therapies.models import Practitioner, Qualification, Step, StepCrew, Therapy, Variant, WorkingHours

OPENS, CLOSES, MINUTES = 8 * 60, 18 * 60, 45
FULL = 0.7
LONG_AGO = dt.date(2000, 1, 1)


@dataclass(frozen=True)
class Size:
    clinics: int = 1
    practitioners: int = 20
    rooms: int = 20
    bookings: int = 100_000
    days: int = 30
    seed: int = 1


@dataclass(frozen=True)
class House:
    clinic: Clinic
    vaidyas: list[int]
    rooms: list[int]


def make_world(size: Size, now: dt.datetime) -> list[Clinic]:
    """Fill an empty database; returns the clinics."""
    chance = random.Random(size.seed)
    variant = consultation()
    with transaction.atomic():
        houses = [_house(number, size, variant) for number in range(size.clinics)]
        patients = _patients(max(2000, size.bookings // 20), now)
        plan = list(_plan(houses, size, chance, now))
        chance.shuffle(patients)
        _write(plan, patients, variant, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [house.clinic for house in houses]


def consultation() -> Variant:
    """One Vaidya for 45 minutes in a consulting room."""
    therapy, made = Therapy.objects.get_or_create(
        code="bench_consultation",
        defaults={"kind": "consultation", "name": "First consultation", "booking_mode": "patient"},
    )
    variant, _ = Variant.objects.get_or_create(
        therapy=therapy, code="default", defaults={"is_default": True, "room_feature": "consultation_room"}
    )
    if made:
        step = Step.objects.create(variant=variant, code="consultation", name="Consultation", offset=0, minutes=MINUTES)
        StepCrew.objects.create(step=step, role="vaidya")
    return variant


def _house(number: int, size: Size, variant: Variant) -> House:
    clinic = Clinic.objects.create(
        reminders=[1440, 120],
        slug=f"bench-{number}",
        name=f"Bench {number}",
        sender_name="Bench",
        address="1 Long Road",
        lead_minutes=0,
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(clinic=clinic, weekday=day, from_minute=OPENS, to_minute=CLOSES) for day in range(7)
    )
    rooms = [
        Room.objects.create(clinic=clinic, name=f"Room {n}", features=["consultation_room"]) for n in range(size.rooms)
    ]
    vaidyas = [
        Practitioner.objects.create(name=f"Vaidya {n}", gender="female", roles=["vaidya"])
        for n in range(size.practitioners)
    ]
    WorkingHours.objects.bulk_create(
        WorkingHours(
            practitioner=vaidya, clinic=clinic, weekday=day, from_minute=OPENS, to_minute=CLOSES, valid_from=LONG_AGO
        )
        for vaidya in vaidyas
        for day in range(7)
    )
    Qualification.objects.bulk_create(
        Qualification(practitioner=vaidya, therapy=variant.therapy, starts_on=LONG_AGO) for vaidya in vaidyas
    )
    return House(clinic, [vaidya.pk for vaidya in vaidyas], [room.pk for room in rooms])


def _patients(count: int, now: dt.datetime) -> list[int]:
    rows = Patient.objects.bulk_create(
        (
            Patient(
                given_name="Patient",
                birth_date=dt.date(1970, 1, 1),
                email=f"p{n}@example.org",
                proved_email=f"p{n}@example.org",
                email_proved_at=now,
                registered_at=now,
            )
            for n in range(count)
        ),
        batch_size=5000,
    )
    return [row.pk for row in rows]


Planned = tuple[House, int, int, dt.datetime]


def _plan(houses: list[House], size: Size, chance: random.Random, now: dt.datetime) -> Iterator[Planned]:
    """(house, practitioner, room, start), the future first, then backwards day by day until there are enough."""
    left = size.bookings
    zone = houses[0].clinic.zone
    today = now.astimezone(zone).date()
    dates = [today + dt.timedelta(days=n) for n in range(1, size.days + 1)]
    for day, full in [*((day, FULL) for day in dates), *((today - dt.timedelta(days=n), 1.0) for n in range(1, 9000))]:
        for house in houses:
            midnight = dt.datetime.combine(day, dt.time(), tzinfo=zone)
            for place in range(min(len(house.vaidyas), len(house.rooms))):
                for slot in range((CLOSES - OPENS) // MINUTES):
                    if left and chance.random() < full:
                        left -= 1
                        start = midnight + dt.timedelta(minutes=OPENS + slot * MINUTES)
                        yield house, house.vaidyas[place], house.rooms[place], start.astimezone(dt.UTC)
        if not left:
            return


def _write(plan: list[Planned], patients: list[int], variant: Variant, now: dt.datetime) -> None:
    first_visit, first_booking = _next_id(Visit), _next_id(Booking)
    people = [patients[n % len(patients)] for n in range(len(plan))]
    columns = (
        "id public_id patient_id clinic_id timezone arrives_at ics_uid sequence holder holder_address extended"
        " running_course made_at"
    )
    _copy(Visit, columns, _visits(plan, people, first_visit, now))
    columns = (
        "id visit_id variant_id position starts_at ends_at status ended_by reason screening version"
        " therapist_gender paper"
    )
    _copy(Booking, columns, _bookings(plan, variant, first_visit, first_booking, now))
    columns = "booking_id resource_id patient_id during part hands_on"
    _copy(Occupancy, columns, _occupancies(plan, people, first_booking))
    acts = ((first_visit + n, first_booking + n, "book", "held", "booked", now, "{}") for n in range(len(plan)))
    _copy(History, "visit_id booking_id verb was became at detail", acts)
    for model, last in ((Visit, first_visit + len(plan)), (Booking, first_booking + len(plan))):
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, last])


def _visits(plan: list[Planned], people: list[int], first: int, now: dt.datetime) -> Iterator[tuple[Any, ...]]:
    for n, (house, _, _, start) in enumerate(plan):
        place = house.clinic.pk, house.clinic.timezone
        arrival = start - dt.timedelta(minutes=15)
        yield first + n, uuid.uuid4(), people[n], *place, arrival, f"bench-{first + n}", 0, "", "", False, False, now


def _bookings(
    plan: list[Planned], variant: Variant, first_visit: int, first: int, now: dt.datetime
) -> Iterator[tuple[Any, ...]]:
    for n, (_, _, _, start) in enumerate(plan):
        status = "booked" if start > now else "completed"
        times = start, start + dt.timedelta(minutes=MINUTES)
        yield first + n, first_visit + n, variant.pk, 0, *times, status, "", "", "not_needed", 2, "", False


def _occupancies(plan: list[Planned], people: list[int], first: int) -> Iterator[tuple[Any, ...]]:
    length = dt.timedelta(minutes=MINUTES)
    for n, (_, vaidya, room, start) in enumerate(plan):
        during = TimestamptzRange(start, start + length, "[)")
        yield first + n, vaidya, None, during, "crew:vaidya", 0
        yield first + n, room, None, during, "room", 0
        yield first + n, None, people[n], during, "patient", 0


def _next_id(model: type[Visit] | type[Booking]) -> int:
    last = model.objects.order_by("-pk").values_list("pk", flat=True).first()
    return (last or 0) + 1


def _copy(model: type[Any], columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write the rows; a column that is not named gets its field's default, as it would from `save`."""
    named = columns.split()
    rest = [
        field
        for field in model._meta.concrete_fields
        if field.column not in named and not (field.null or field.primary_key or field.has_db_default())
    ]
    defaults = tuple(field.get_db_prep_save(field.get_default(), connection) for field in rest)
    names = sql.SQL(", ").join(sql.Identifier(name) for name in [*named, *(field.column for field in rest)])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(model._meta.db_table), names)
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row((*row, *defaults))
