"""A patient who comes late: asked, treated and moved on the same day, by those who treat."""

import datetime as dt

import time_machine
from django.urls import reverse

from bookings.models import Booking, ScreeningState, Status
from bookings.questionnaire.questionnaire import of_visit
from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, at
from tests.desk.sessions.conftest import MakeSession, page_of
from therapies.models import Variant

IDENTITY = {"identifiers": ["name", "birth_date"], "pain_before": "6", "act": "start"}


def test_patient_who_comes_after_the_planned_end_is_asked_and_treated(
    enter: Enter, therapist_user: User, session_at: MakeSession
) -> None:
    """Planned 8:00 to 8:45, here at 9:30."""
    booking = session_at(8, screening=ScreeningState.DUE)
    asked = [of_visit(booking.visit, now=now, staff=True) for now in (at(9, 30), at(23), at(8, day=3))]
    Booking.objects.update(screening=ScreeningState.CLEAR)

    with time_machine.travel(at(9, 30), tick=False):
        enter(therapist_user).post(page_of(booking, "session_before"), IDENTITY)

    booking.refresh_from_db()
    assert [row is not None for row in asked] == [True, True, False]
    assert (booking.status, booking.started_at) == (Status.IN_PROGRESS, at(9, 30))


def test_late_start_says_who_is_hit_and_asks_once_more(
    enter: Enter, therapist_user: User, session_at: MakeSession, clinic: Clinic, kati: Variant, now: dt.datetime
) -> None:
    """Planned 9:00 to 9:45, begun at 10:00: its therapist is booked for Arun from 10:30."""
    booking = session_at(9)
    lata = booking.occupancies.get(part__startswith="crew").resource.practitioner
    arun = factories.make_patient("Arun", family_name="Das", phone="+919847000099", clinics=[clinic])
    factories.make_visit(clinic=clinic, variant=kati, start=at(10, 30), patient=arun, resources=[lata])
    tablet = enter(therapist_user)

    page = tablet.get(page_of(booking)).content.decode()
    tablet.post(page_of(booking, "session_before"), IDENTITY)
    before = Booking.objects.get(pk=booking.pk).status
    tablet.post(page_of(booking, "session_before"), IDENTITY | {"despite": "on"})

    assert "Arun Das" in page
    assert (before, Booking.objects.get(pk=booking.pk).status) == (Status.CHECKED_IN, Status.IN_PROGRESS)


def test_front_desk_never_starts_or_completes_a_therapy_with_a_button(
    enter: Enter, front_desk: User, therapist_user: User, session_at: MakeSession
) -> None:
    booking = session_at(10)
    answers = []

    for user in (front_desk, therapist_user):
        for status, act in ((Status.CHECKED_IN, "start"), (Status.IN_PROGRESS, "complete")):
            Booking.objects.update(status=status, started_at=at(10))
            page = enter(user).post(reverse(f"desk:{act}", args=[booking.visit.public_id, 0]), follow=True)
            is_told = "where the patient’s identity is checked" in page.content.decode().replace("&#x27;", "’")
            answers.append((Booking.objects.get(pk=booking.pk).status == status, is_told))

    assert answers == [(True, True)] * 4


def test_patient_who_waits_is_moved_to_a_later_time_of_the_day(
    enter: Enter, front_desk: User, session_at: MakeSession
) -> None:
    booking = session_at(8)

    page = enter(front_desk).get(reverse("desk:visit", args=[booking.visit.public_id])).content.decode()

    assert reverse("desk:move", args=[booking.visit.public_id]) in page
