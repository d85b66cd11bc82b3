"""I9: what is offered can be booked, and what can be booked is offered, as a slow oracle sees it."""

import datetime as dt
import random
import uuid
from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.db import transaction

from bookings.actions import confirmation, holds
from bookings.errors import ActionRefused
from bookings.models import Occupancy
from bookings.slots.search import starts
from bookings.slots.search_space import SlotRequest
from clinic.people.models import User
from tests import factories
from tests.bookings import oracle
from tests.bookings.ground import Ground
from tests.bookings.oracle import Question
from tests.bookings.worlds import World, make_world
from tests.shipped import load_shipped
from therapies.models import Needs, Variant
from therapies.rules import WRITTEN_ORDER

pytestmark = pytest.mark.django_db

FIRST = dt.date(2026, 3, 2)
SPRING = dt.date(2026, 3, 27)  # London's clocks change on the 29th


@pytest.fixture
def variants(db: None) -> list[Variant]:
    """Everything of the house's catalogue that takes time at a clinic."""
    load_shipped()
    bookable = Variant.objects.exclude(therapy__booking_mode="none").filter(steps__isnull=False).distinct()
    rows = bookable.select_related("therapy").prefetch_related("steps__crews").order_by("therapy__code", "code")
    return list(rows)


def a_question(world: World, asked: Sequence[Variant], on: dt.date, chance: random.Random) -> Question:
    """Somebody's wish for these therapies on that date."""
    patient = chance.choice([None, *world.patients])
    people = [row.practitioner_id for row in world.clinic.working_hours.all()]
    return Question(
        variants=tuple(asked),
        on=on,
        gender=patient.accepts_therapist if patient else chance.choice(["female", "male", "any", ""]),
        practitioner_id=chance.choice(people) if people and chance.random() < 0.25 else None,
        patient_id=patient.pk if patient else None,
        running_course=chance.random() < 0.15,
        desk=chance.random() < 0.3,
        ignoring=chance.choice(world.visits).pk if chance.random() < 0.15 else None,
        ordered=chance.random() < 0.2,
    )


def some(variants: Sequence[Variant], chance: random.Random) -> list[Variant]:
    """Mostly one therapy, sometimes two or three in one visit."""
    return chance.choices(variants, k=chance.choice([1, 1, 1, 2, 3]))


def slot_request_of(world: World, question: Question) -> SlotRequest:
    return SlotRequest(
        world.clinic,
        question.variants,
        gender=question.gender,
        practitioner_id=question.practitioner_id,
        patient_id=question.patient_id,
        running_course=question.running_course,
        overrides=frozenset([WRITTEN_ORDER] if question.ordered else []),
    )


def difference(world: World, ground: Ground, question: Question) -> str:
    """ "" or, in words, where the house and the oracle disagree on a date."""
    slot_request = slot_request_of(world, question)
    (day,) = starts(
        slot_request,
        first=question.on,
        last=question.on,
        now=factories.NOW,
        desk=question.desk,
        ignoring=question.ignoring,
    )
    right = oracle.starts(ground, question)
    if set(day.starts) == right and list(day.starts) == sorted(day.starts) and bool(day.why) == (not right):
        return ""
    said = {"wrongly offered": set(day.starts) - right, "not offered": right - set(day.starts), "why": day.why}
    names = [f"{variant.therapy.code}/{variant.code}" for variant in question.variants]
    return f"{world.clinic.slug} {names} {question}: {said}"


def can_be_booked(world: World, question: Question, start: dt.datetime, by: User) -> bool:
    """Whether the actions hold and book it; nothing is kept."""
    before = transaction.savepoint()
    try:
        book(world, question, start, by)
    except ActionRefused:
        return False
    finally:
        transaction.savepoint_rollback(before)
    return True


def book(world: World, question: Question, start: dt.datetime, by: User) -> None:
    said = {"holder": "a browser", "now": factories.NOW, "desk": question.desk}
    visit = holds.hold(slot_request=slot_request_of(world, question), start=start, by=None, key=uuid.uuid4(), **said)
    patient = next((one for one in world.patients if one.pk == question.patient_id), None)
    if patient:
        treatments = [row for row in question.variants if row.therapy.needs != Needs.NOTHING]
        for variant in treatments:
            factories.make_order(patient, variant, clinic=world.clinic, by=by)
        if treatments:
            factories.tell_all_is_well(patient, world.clinic)
        confirmation.book(visit=visit, patient=patient, by=by, key=uuid.uuid4(), **said)


def misled(world: World, ground: Ground, question: Question, by: User, *, most: int) -> list[str]:
    """Tries to book some starts that the oracle sees and some that it does not: where they disagree, in words."""
    question = replace(question, ignoring=None, ordered=False)  # nothing is being moved, no reason was written
    right = oracle.starts(ground, question)
    midnight = dt.datetime.combine(question.on, dt.time(), tzinfo=world.clinic.zone).astimezone(dt.UTC)
    others = {midnight + dt.timedelta(minutes=5 * cell) for cell in range(288)} - right
    free = world.chance.sample(sorted(right), min(most, len(right)))
    taken = world.chance.sample(sorted(others), most)
    wrong = [f"refused: {start} {question}" for start in free if not can_be_booked(world, question, start, by)]
    return wrong + [f"booked: {start} {question}" for start in taken if can_be_booked(world, question, start, by)]


def test_starts_on_twenty_random_days_are_those_of_the_oracle(variants: list[Variant], stranger: User) -> None:
    chance = random.Random(9)
    wrong, offered = [], 0
    for seed, (zone, first) in enumerate([("Asia/Kolkata", FIRST), ("Europe/London", SPRING)], start=8):
        world = make_world(seed, zone=zone, variants=variants, first=first, days=10, by=stranger)
        ground = Ground(world.clinic, factories.NOW)
        for on in world.dates:
            for _ in range(2):
                question = a_question(world, some(variants, chance), on, chance)
                wrong.append(difference(world, ground, question))
                offered += len(oracle.starts(ground, question))

    assert [words for words in wrong if words] == []
    assert offered > 50  # the worlds are not so full that nothing could differ


def test_verbs_book_what_is_offered_and_nothing_else(variants: list[Variant], stranger: User) -> None:
    chance = random.Random(4)
    world = make_world(3, zone="Asia/Kolkata", variants=variants, first=FIRST, days=10, by=stranger)
    ground = Ground(world.clinic, factories.NOW)

    wrong = []
    for on in world.dates:
        question = a_question(world, some(variants, chance), on, chance)
        wrong += misled(world, ground, question, stranger, most=2)

    assert wrong == []


def test_search_of_many_days_says_what_a_search_of_each_says(variants: list[Variant], stranger: User) -> None:
    chance = random.Random(5)
    world = make_world(5, zone="Europe/London", variants=variants, first=SPRING, days=6, by=stranger)

    for variant in chance.sample(variants, 6):
        question = a_question(world, [variant], world.dates[0], chance)
        slot_request = slot_request_of(world, question)
        together = starts(
            slot_request, first=world.dates[0], last=world.dates[-1], now=factories.NOW, desk=question.desk
        )
        apart = [
            starts(slot_request, first=on, last=on, now=factories.NOW, desk=question.desk)[0] for on in world.dates
        ]
        assert together == apart


def test_oracle_notices_a_diary_that_the_house_reads_wrongly(variants: list[Variant], stranger: User) -> None:
    """The control: the oracle read the diary before it was torn, so a search of the torn one must look wrong to it."""
    chance = random.Random(6)
    world = make_world(3, zone="Asia/Kolkata", variants=variants, first=FIRST, days=3, by=stranger)
    ground = Ground(world.clinic, factories.NOW)
    Occupancy.objects.all().delete()

    asked = [a_question(world, [chance.choice(variants)], on, chance) for on in world.dates for _ in range(6)]
    wrong = [difference(world, ground, question) for question in asked]

    assert any("wrongly offered" in words for words in wrong)


@pytest.mark.storm
@pytest.mark.parametrize("seed", range(100, 120))
def test_starts_of_every_therapy_on_four_hundred_days_are_those_of_the_oracle(
    variants: list[Variant], stranger: User, seed: int
) -> None:
    """Twenty worlds of twenty days, two clinics in each, every therapy on every day."""
    chance = random.Random(seed)
    wrong: list[str] = []
    for zone, first in [("Asia/Kolkata", FIRST), ("Europe/London", SPRING)]:
        world = make_world(seed, zone=zone, variants=variants, first=first, days=20, by=stranger)
        ground = Ground(world.clinic, factories.NOW)
        for on in world.dates:
            for asked in [[variant] for variant in variants] + [some(variants, chance) for _ in range(4)]:
                question = a_question(world, asked, on, chance)
                wrong.append(difference(world, ground, question))
                if chance.random() < 0.05:
                    wrong += misled(world, ground, question, stranger, most=2)

    assert [words for words in wrong if words] == []
