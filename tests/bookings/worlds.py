"""Clinics by chance: hours, leave, closures and bookings that nobody would think of. The same seed, the same world."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bookings.models import Booking, Occupancy, Visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic, Closure, Equipment, OpeningHours, Resource, Room
from clinic.wall import edge
from tests import factories
from therapies.models import Practitioner, Qualification, Therapy, Variant, WorkingHours

CREWS = [("vaidya",), ("vaidya",), ("vaidya", "therapist"), ("nurse", "attendant"), ("nurse",), ("attendant",)]
THERAPIST = ("therapist",)
GENDERS = ["female", "female", "male", "male", "other"]


@dataclass
class World:
    """A clinic with everything in it, patients of each kind, and the dates that were filled."""

    clinic: Clinic
    patients: list[Patient]
    dates: list[dt.date]
    chance: random.Random
    visits: list[Visit] = field(default_factory=list)

    def resources(self) -> list[Resource]:
        rooms = Room.objects.filter(clinic=self.clinic)
        equipment = Equipment.objects.filter(clinic=self.clinic)
        people = Practitioner.objects.filter(working_hours__clinic=self.clinic).distinct()
        return [*rooms, *equipment, *people]


def make_world(seed: int, *, zone: str, variants: Sequence[Variant], first: dt.date, days: int, by: User) -> World:
    """A clinic that could give `variants`, with `days` dates from `first` full of what may happen."""
    chance, watch = random.Random(seed), random.Random(f"watch {seed}")
    clinic = factories.make_clinic(
        f"world-{seed}-{zone.split('/')[1].lower()}",
        opens="",
        timezone=zone,
        slot_minutes=chance.choice([5, 15, 15, 20, 30]),
        lead_minutes=chance.choice([0, 60, 120, 600]),
        horizon_days=chance.choice([days // 2 + 1, 60, 400]),
        unscheduled_roles=chance.choice([[], ["attendant"], ["attendant"], ["attendant", "nurse"]]),
        watch_roles=watch.choice([["attendant", "nurse"], ["attendant"], ["nurse", "therapist"]]),
        watched_by_one=watch.choice([1, 1, 2, 3]),
    )
    patients = [
        factories.make_patient(f"{accepts or 'unasked'}-{seed}", accepts_therapist=accepts, clinics=[clinic])
        for accepts in ("female", "male", "any", "")
    ]
    world = World(clinic, patients, [first + dt.timedelta(days=n) for n in range(days)], chance)
    _open(world)
    _furnish(world, variants)
    for _ in range(watch.randint(1, 3)):
        factories.make_equipment(clinic, "watch_place")
    _staff(world, {variant.therapy for variant in variants})
    _upset(world, by)
    _fill(world, variants)
    return world


def _stretches(chance: random.Random, *, most: int) -> Iterator[tuple[int, int]]:
    """Up to `most` stretches of one day, in minutes after midnight; some touch, some days have none."""
    marks = sorted(chance.sample(range(5 * 60, 23 * 60, 5), 2 * chance.randint(1, most)))
    kept = [(begin, end) for begin, end in zip(marks[::2], marks[1::2], strict=True)]
    if chance.random() < 0.6:  # most days are long ones, or little would fit
        kept = [(7 * 60, 12 * 60), (12 * 60 if chance.random() < 0.5 else 14 * 60, 20 * 60)]
    yield from kept if chance.random() < 0.92 else []


def _open(world: World) -> None:
    chance = world.chance
    for weekday in range(7):
        for begin, end in _stretches(chance, most=2):
            use = "running_courses" if weekday == 6 else chance.choices(["everyone", "running_courses"], [9, 1])[0]
            OpeningHours.objects.create(clinic=world.clinic, weekday=weekday, from_minute=begin, to_minute=end, use=use)
    for on in world.dates:
        if chance.random() < 0.1:
            Closure.objects.create(clinic=world.clinic, on=on, use=chance.choice(["everyone", "running_courses"]))


def _furnish(world: World, variants: Sequence[Variant]) -> None:
    chance = world.chance
    features = sorted({variant.room_feature for variant in variants if variant.room_feature})
    for feature in features:
        for _ in range(chance.randint(1, 2)):
            also = chance.sample(features, chance.randint(0, 2))
            factories.make_room(world.clinic, features={feature, *also}, is_active=chance.random() < 0.95)
    kinds = sorted({kind for variant in variants for step in variant.steps.all() for kind in step.equipment})
    kinds = [kind for kind in kinds if kind != "watch_place"]
    for kind in kinds:
        for _ in range(chance.randint(1, 2)):
            factories.make_equipment(world.clinic, kind, is_active=chance.random() < 0.95)


def _staff(world: World, therapies: set[Therapy]) -> None:
    chance = world.chance
    for roles in [*CREWS, *[THERAPIST] * 5]:
        person = factories.make_practitioner(
            world.clinic,
            roles=roles,
            gender=chance.choice(GENDERS),
            works=None,
            hands_on_limit=chance.choice([60, 120, 300, 300]),
            is_active=chance.random() < 0.95,
        )
        _hours(world, person)
        for therapy in sorted(therapies, key=lambda therapy: therapy.code):
            if chance.random() < 0.85:
                _qualify(world, person, therapy)


def _hours(world: World, person: Practitioner) -> None:
    """Hours of each weekday; now and then they change in the middle of the world."""
    chance = world.chance
    change = chance.choice(world.dates)
    for weekday in range(7):
        spans = (
            [(factories.LONG_AGO, None)] if chance.random() < 0.8 else [(factories.LONG_AGO, change), (change, None)]
        )
        for valid_from, valid_until in spans:
            for begin, end in _stretches(chance, most=3):
                WorkingHours.objects.create(
                    practitioner=person,
                    clinic=world.clinic,
                    weekday=weekday,
                    from_minute=begin,
                    to_minute=end,
                    valid_from=valid_from,
                    valid_until=valid_until,
                )


def _qualify(world: World, person: Practitioner, therapy: Therapy) -> None:
    chance = world.chance
    starts_on = factories.LONG_AGO if chance.random() < 0.8 else chance.choice(world.dates)
    ends_on = None if chance.random() < 0.8 else starts_on + dt.timedelta(days=chance.randint(1, 80))
    Qualification.objects.create(practitioner=person, therapy=therapy, starts_on=starts_on, ends_on=ends_on)


def _upset(world: World, by: User) -> None:
    """Leave, sickness and rooms out of order, beginning and ending at any minute."""
    for resource in world.resources():
        for on in world.dates:
            if world.chance.random() < 0.08:
                start = edge(on, 0, world.clinic.zone) + dt.timedelta(minutes=world.chance.randint(0, 1400))
                end = start + dt.timedelta(minutes=world.chance.randint(1, 900))
                midnight = edge(on + dt.timedelta(days=1), 0, world.clinic.zone)
                factories.make_absence(resource, start, min(end, midnight), by=by)


def _fill(world: World, variants: Sequence[Variant]) -> None:
    """Bookings of every kind in the way: of resources for any stretch, and of the patients themselves."""
    visits: list[Visit] = []
    bookings: list[Booking] = []
    rows: list[Occupancy] = []
    everything: list[Resource | Patient] = [*world.resources(), *world.patients]
    for on in world.dates:
        midnight = edge(on, 0, world.clinic.zone)
        for one in everything:
            for begin, end in _busy(world.chance):
                during = (midnight + dt.timedelta(minutes=begin), midnight + dt.timedelta(minutes=end))
                visit, booking = _booking(world, one, world.chance.choice(variants), *during)
                visits.append(visit)
                bookings.append(booking)
                minutes = world.chance.choice([0, end - begin]) if isinstance(one, Practitioner) else 0
                who = {"patient": one} if isinstance(one, Patient) else {"resource_id": one.pk}
                rows.append(Occupancy(booking=booking, during=during, part="taken", hands_on=minutes, **who))
    world.visits = Visit.objects.bulk_create(visits)
    Booking.objects.bulk_create(bookings)
    Occupancy.objects.bulk_create(rows)


def _busy(chance: random.Random) -> Iterator[tuple[int, int]]:
    """Stretches of one day that are taken, on marks, none overlapping; some touch."""
    marks = sorted(chance.sample(range(6 * 60, 22 * 60, 5), chance.choice([0, 0, 0, 0, 2, 3, 6])))
    yield from (pair for pair in pairwise(marks) if pair[1] - pair[0] < 150 and chance.random() < 0.7)


def _booking(
    world: World, one: Resource | Patient, variant: Variant, start: dt.datetime, end: dt.datetime
) -> tuple[Visit, Booking]:
    patient = one if isinstance(one, Patient) else None
    public_id = uuid.uuid4()
    visit = Visit(
        public_id=public_id,
        patient=patient,
        clinic=world.clinic,
        timezone=world.clinic.timezone,
        arrives_at=start,
        ics_uid=f"{public_id}@clinic.example",
        holder="" if patient else "somebody",
        made_at=factories.NOW,
    )
    status = world.chance.choice(["booked", "booked", "completed", "held", "requested"])
    limit = factories.NOW + dt.timedelta(minutes=world.chance.choice([-60, 0, 1, 60]))
    return visit, Booking(
        visit=visit,
        variant=variant,
        starts_at=start,
        ends_at=end,
        status=status,
        expires_at=limit if status in ("held", "requested") else None,
    )
