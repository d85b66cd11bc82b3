"""I9: what is offered can be booked, and what can be booked is offered, as a slow oracle sees it."""

import datetime as dt
import random
import uuid
from collections.abc import Sequence

import pytest
from django.db import transaction

from bookings import scheduling
from bookings.availability import Wish, starts
from bookings.refusals import NotPossible
from clinic.people.models import User
from tests import making
from tests.bookings import oracle
from tests.bookings.ground import Ground
from tests.bookings.oracle import Question
from tests.bookings.worlds import World, make_world
from therapies.catalogue.loading import load_catalogue
from therapies.catalogue.reading import read_catalogue
from therapies.models import Variant

pytestmark = pytest.mark.django_db

FIRST = dt.date(2026, 3, 2)
SPRING = dt.date(2026, 3, 27)  # London's clocks change on the 29th


@pytest.fixture
def variants(db: None) -> list[Variant]:
    """Everything of the house's catalogue that takes time at a clinic."""
    load_catalogue(catalogue=read_catalogue())
    bookable = Variant.objects.exclude(therapy__booking_mode="none").filter(steps__isnull=False).distinct()
    rows = bookable.select_related("therapy").prefetch_related("steps__crews").order_by("therapy__code", "code")
    return list(rows)


def a_question(world: World, variants: Sequence[Variant], on: dt.date, chance: random.Random) -> Question:
    """Somebody's wish for that date: mostly one therapy, sometimes two or three in one visit."""
    patient = chance.choice([None, *world.patients])
    people = [row.practitioner_id for row in world.clinic.working_hours.all()]
    return Question(
        variants=tuple(chance.choices(variants, k=chance.choice([1, 1, 1, 1, 2, 3]))),
        on=on,
        gender=patient.accepts_therapist if patient else chance.choice(["female", "male", "any", ""]),
        practitioner_id=chance.choice(people) if people and chance.random() < 0.25 else None,
        patient_id=patient.pk if patient else None,
        running_course=chance.random() < 0.15,
        desk=chance.random() < 0.3,
    )


def wish_of(world: World, question: Question) -> Wish:
    return Wish(
        world.clinic,
        question.variants,
        gender=question.gender,
        practitioner_id=question.practitioner_id,
        patient_id=question.patient_id,
        running_course=question.running_course,
    )


def difference(world: World, ground: Ground, question: Question) -> str:
    """ "" or, in words, where the house and the oracle disagree on a date."""
    wish = wish_of(world, question)
    (day,) = starts(wish, first=question.on, last=question.on, now=making.NOW, desk=question.desk)
    right = oracle.starts(ground, question)
    if set(day.starts) == right and list(day.starts) == sorted(day.starts) and bool(day.why) == (not right):
        return ""
    said = {"wrongly offered": set(day.starts) - right, "not offered": right - set(day.starts), "why": day.why}
    names = [f"{variant.therapy.code}/{variant.code}" for variant in question.variants]
    return f"{world.clinic.slug} {names} {question}: {said}"


def can_be_booked(world: World, question: Question, start: dt.datetime, by: User) -> bool:
    """Whether the verbs hold and book it; nothing is kept."""
    patient = next((one for one in world.patients if one.pk == question.patient_id), None)
    try:
        with transaction.atomic():
            visit = scheduling.hold(
                wish=wish_of(world, question), start=start, holder="a browser", by=None, now=making.NOW,
                key=uuid.uuid4(), desk=question.desk,
            )  # fmt: skip
            if patient:
                scheduling.book(
                    visit=visit, patient=patient, holder="a browser", by=by, now=making.NOW,
                    key=uuid.uuid4(), desk=question.desk, ordered=True,
                )  # fmt: skip
            transaction.set_rollback(True)
    except NotPossible:
        return False
    return True


def tried(world: World, ground: Ground, question: Question, by: User, *, most: int) -> list[str]:
    """Books some starts that the oracle sees and some that it does not, and says where the verbs disagree."""
    right = oracle.starts(ground, question)
    midnight = dt.datetime.combine(question.on, dt.time(), tzinfo=world.clinic.zone).astimezone(dt.UTC)
    others = {midnight + dt.timedelta(minutes=5 * cell) for cell in range(288)} - right
    wrong = []
    for start in world.chance.sample(sorted(right), min(most, len(right))):
        if not can_be_booked(world, question, start, by):
            wrong.append(f"offered and refused: {start} {question}")
    for start in world.chance.sample(sorted(others), most):
        if can_be_booked(world, question, start, by):
            wrong.append(f"not offered and booked: {start} {question}")
    return wrong


def test_starts_on_twenty_random_days_are_those_of_the_oracle(variants: list[Variant], stranger: User) -> None:
    chance = random.Random(9)
    worlds = [
        make_world(1, zone="Asia/Kolkata", variants=variants, first=FIRST, days=10, by=stranger),
        make_world(2, zone="Europe/London", variants=variants, first=SPRING, days=10, by=stranger),
    ]

    wrong, offered = [], 0
    for world in worlds:
        ground = Ground(world.clinic, making.NOW)
        for on in world.dates:
            for _ in range(6):
                question = a_question(world, variants, on, chance)
                wrong.append(difference(world, ground, question))
                offered += len(oracle.starts(ground, question))

    assert [words for words in wrong if words] == []
    assert offered > 200  # the worlds are not so full that nothing could differ
