"""A visit whose planned time has passed may still be given that day: whoever asks what is to come hears of it."""

import datetime as dt
import re
from pathlib import Path

import pytest

from bookings.actions import hours_and_absences
from bookings.desk.lookups import hit_by
from bookings.desk.staff.unserved import visits_of_people
from bookings.facts.open_visits import open_visits_of
from bookings.models import Booking, Status, Visit
from bookings.slots.obstacles import obstacles
from clinic.people.models import Patient, User
from clinic.premises.models import Absence, Clinic
from tests.bookings.conftest import Book, at
from therapies.models import Practitioner

ROOT = Path(__file__).parents[3]
PLAN_AS_IF_IT_WERE_THE_VISIT = re.compile(r"(?:ends_at__gte?|arrives_at__gte?)=now\b|ends_at > now\b")
"""Asks whether the planned end is ahead, and so drops who is late."""


def test_no_code_takes_a_plan_that_has_passed_for_a_visit_that_is_over() -> None:
    code = [path for path in (ROOT / "bookings").rglob("*.py") if "migrations" not in path.parts]

    assert [str(path) for path in code if PLAN_AS_IF_IT_WERE_THE_VISIT.search(path.read_text())] == []
    assert PLAN_AS_IF_IT_WERE_THE_VISIT.search("Booking.objects.filter(booking__ends_at__gt=now)")


@pytest.mark.django_db
def test_late_patient_is_to_come_for_everybody_until_the_day_is_over(
    booked: Book,
    patient: Patient,
    owner: User,
    vaidya: Practitioner,
    clinic: Clinic,
    front_desk: User,
    now: dt.datetime,
) -> None:
    visit = booked(at(10), desk=True)
    vaidya.working_hours.update(valid_until=dt.date(2026, 3, 2))
    away = Absence.objects.create(resource=vaidya, during=(at(0), at(23)), by=front_desk, at=now)
    asked = {
        "portal and patient's page": lambda at_: [row.pk for row in Visit.objects.upcoming(at_)],
        "bookings": lambda at_: [row.visit_id for row in Booking.objects.going_on(at_)],
        "affected visits": lambda at_: sorted(obstacles(clinic, at_)),
        "page of an absence": lambda at_: [row.pk for row in hit_by(away, Clinic.objects.all(), at_)],
        "hours": lambda at_: [
            row.pk
            for row in hours_and_absences.change_working_hours(
                practitioner=vaidya, clinics=[clinic], hours=[], by=front_desk, now=at_
            )
        ],
        "who leaves": lambda at_: [row.pk for row in visits_of_people(Practitioner.objects.all(), None, at_)],
        "limits of booking online": lambda at_: [
            row.visit_id
            for row in open_visits_of([patient], account=owner, clinic=clinic, now=at_).visits
            if row.is_open
        ],
    }

    late = {name: ask(at(18)) for name, ask in asked.items()}
    next_day = {name: ask(at(0, 1, day=4)) for name, ask in asked.items()}

    assert late == {name: [visit.pk] for name in asked}
    assert next_day == {name: [] for name in asked}
    assert [row.pk for row in Visit.objects.past(at(0, 1, day=4))] == [visit.pk]

    Booking.objects.update(status=Status.COMPLETED)
    assert [row.pk for row in Visit.objects.past(at(10, 30))] == [visit.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Europe/London", "Pacific/Auckland"])
def test_database_and_row_agree_when_a_day_is_over(booked: Book, zone: str) -> None:
    visit = booked(at(10), desk=True)
    Visit.objects.update(timezone=zone)
    moments = [at(10) + dt.timedelta(minutes=30 * step) for step in range(-10, 80)]

    by_row = [not Booking.objects.select_related("visit").get().is_day_over(moment) for moment in moments]
    by_database = [Booking.objects.going_on(moment).filter(visit=visit).exists() for moment in moments]

    assert by_row == by_database
    assert len({*by_row}) == 2
