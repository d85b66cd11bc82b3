"""The demo clinic, at whatever hour somebody tries it."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bookings.demo import cast, house, visits
from bookings.models import Booking, Message, State, Status, Visit
from bookings.policies import why_not_begin
from bookings.standing import standing_of
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from therapies.catalogue.loading import load_catalogue
from therapies.catalogue.reading import read_catalogue
from therapies.models import Needs, Practitioner


@pytest.fixture
def catalogue(db: None) -> None:
    load_catalogue(catalogue=read_catalogue())


def make(now: dt.datetime) -> list[Visit]:
    clinic = house.open_clinic()
    desk = house.employ(clinic, now)
    return visits.fill(clinic, house.welcome(clinic, desk, now), desk, now)


MOMENTS = [
    dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC),  # Monday 10:00 in Jaipur
    dt.datetime(2026, 3, 3, 20, 47, tzinfo=dt.UTC),  # in the night
    dt.datetime(2026, 3, 7, 12, 33, tzinfo=dt.UTC),  # Saturday evening
    dt.datetime(2026, 3, 8, 6, 1, tzinfo=dt.UTC),  # Sunday noon
]


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_at_any_hour_one_reminder_is_due_and_the_diary_is_full(catalogue: None, now: dt.datetime) -> None:
    make(now)

    due = Message.objects.filter(kind="reminder", state=State.DUE, due_at__lte=now + dt.timedelta(minutes=1))
    assert [message.visit.patient.given_name for message in due] == ["Meera"]
    reminded = due.get().visit.bookings.get()
    assert now + dt.timedelta(hours=2) < reminded.starts_at <= now + dt.timedelta(hours=24)
    walk_ins_too = now - dt.timedelta(minutes=5)
    coming = Booking.objects.filter(starts_at__gt=walk_ins_too).exclude(pk=reminded.pk)
    booked = sorted(coming.values_list("visit__patient__given_name", "variant__therapy__code"))
    assert booked == sorted((plan.guest, plan.therapy) for plan in cast.PLANS)
    assert Booking.objects.filter(status=Status.COMPLETED).count() == len(cast.FINDINGS)
    assert Message.objects.filter(channel="call", state=State.DUE).exists()


def test_during_the_day_somebody_is_here_and_everybody_can_sign_in(catalogue: None) -> None:
    make(MOMENTS[0])

    assert Booking.objects.filter(status=Status.CHECKED_IN).count() == 1
    for name in ("M1001", "F1001", "V1001", "T1001"):
        user = User.objects.get(username=name)
        assert user.check_password(cast.PASSWORD)
        assert user.memberships.count() == 1
    assert Patient.objects.of(User.objects.get(email=cast.OWN_ACCOUNT), MOMENTS[0].date()).count() == 1


def counts() -> list[int]:
    return [model.objects.count() for model in (Clinic, Practitioner, User, Patient, Visit, Message)]


def test_loading_twice_makes_nothing_twice_and_the_sign_ins_are_printed_again(catalogue: None) -> None:
    first, again = StringIO(), StringIO()
    call_command("load_demo", stdout=first)
    before = counts()

    call_command("load_demo", stdout=StringIO())
    call_command("demo_signins", stdout=again)

    assert counts() == before
    assert first.getvalue().endswith(again.getvalue())
    assert cast.PASSWORD in again.getvalue()
    assert "F1001" in again.getvalue()


def test_without_a_demo_there_are_no_sign_ins(db: None) -> None:
    with pytest.raises(CommandError, match="There is no demo clinic here"):
        call_command("demo_signins")


def test_production_has_no_demo(catalogue: None, settings: object) -> None:
    settings.MODE = "production"  # type: ignore[attr-defined]

    with pytest.raises(CommandError, match="local mode only"):
        call_command("load_demo")

    assert not Clinic.objects.exists()


def test_an_empty_catalogue_is_told(db: None) -> None:
    with pytest.raises(CommandError, match="load_catalogue"):
        call_command("load_demo")


def test_a_newcomer_finds_a_course_and_an_oil_massage_with_sessions_left(catalogue: None) -> None:
    make(MOMENTS[0])

    standing = standing_of(Patient.objects.get(given_name="Meera"), now=MOMENTS[0])

    left = {order.item.variant.therapy.code: (order.left, order.item.days_between) for order in standing.ordered}
    assert (left["kati_basti"], left["abhyanga"]) == ((7, 1), (6, 3))
    assert "" in standing.consents


def test_whoever_is_here_may_begin_and_no_session_stands_without_an_order(catalogue: None) -> None:
    made = make(MOMENTS[0])

    here = Booking.objects.filter(status=Status.CHECKED_IN).select_related("variant__therapy", "visit").get()
    standing = standing_of(here.visit.patient, now=MOMENTS[0])
    sessions = Booking.objects.filter(visit__in=made).exclude(variant__therapy__needs=Needs.NOTHING)
    assert why_not_begin(here, standing) == ""
    assert not sessions.filter(item=None).exists()
