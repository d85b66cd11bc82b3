"""The demo clinic on a Monday morning, made once: what somebody who tries it finds."""

import datetime as dt
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from bookings.demo import cast, guests
from bookings.facts.patient import patient_facts_of
from bookings.models import Booking, Visit
from clinic.people.models import Patient, User
from tests.bookings import demos
from tests.kept import kept
from tests.shipped import load_shipped
from therapies.models import Needs

MONDAY = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)  # 10:00 in Jaipur

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Visit]]:
    with kept(django_db_blocker):
        load_shipped()
        yield demos.make(MONDAY)


def test_one_reminder_is_due_and_the_diary_is_full(made: list[Visit]) -> None:
    demos.check_one_reminder_is_due_and_the_diary_is_full(MONDAY)


def test_everybody_can_sign_in(made: list[Visit]) -> None:
    for name in ("M1001", "F1001", "V1001", "T1001"):
        user = User.objects.get(username=name)
        assert user.check_password(cast.PASSWORD)
        assert user.memberships.count() == 1
    assert Patient.objects.of(User.objects.get(email=guests.OWN_ACCOUNT), MONDAY.date()).count() == 1


def test_a_newcomer_finds_a_course_and_an_oil_massage_with_sessions_left(made: list[Visit]) -> None:
    patient_facts = patient_facts_of(Patient.objects.get(given_name="Meera"), now=MONDAY)

    left = {order.item.variant.therapy.code: (order.left, order.item.days_between) for order in patient_facts.ordered}
    assert (left["kati_basti"], left["abhyanga"]) == ((7, 1), (6, 3))
    assert "" in patient_facts.consents


def test_no_session_stands_without_an_order(made: list[Visit]) -> None:
    sessions = Booking.objects.filter(visit__in=made).exclude(variant__therapy__needs=Needs.NOTHING)

    assert sessions.exists()
    assert not sessions.filter(item=None).exists()
