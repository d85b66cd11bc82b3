"""The demo's own day: a plan at any hour, and a few of its visits as they are really made."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoDbBlocker

from bookings.demo import cast, day, extras, house, visits
from bookings.demo.day_plan import WISHES, PlannedVisit, Stage, day_plan
from bookings.demo.guests import EVERYBODY
from bookings.demo.hours import A_DAY, demo_day
from bookings.facts.sessions import note_of
from bookings.models import Booking, Channel, Message, MessageKind, State, Status, Suspension
from bookings.slots.obstacles import obstacles
from clinic.premises.models import Absence, Clinic
from tests.kept import kept
from tests.shipped import load_shipped

JAIPUR = ZoneInfo("Asia/Kolkata")


def at(day_of_month: int, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of March 2026 in Jaipur; the 2nd is a Monday."""
    return dt.datetime(2026, 3, day_of_month, hour, minute, tzinfo=JAIPUR).astimezone(dt.UTC)


SUNDAY_EVENING = at(1, 20, 40)
MONDAY_AT_SIX = at(2, 6)
MIDDAY = at(4, 12)


def plan_at(now: dt.datetime) -> list[PlannedVisit]:
    return day_plan(demo_day(now, JAIPUR), now)


@pytest.mark.parametrize("now", [SUNDAY_EVENING, MONDAY_AT_SIX, MIDDAY, at(7, 4, 30), at(8, 9, 17)], ids=str)
def test_at_any_hour_and_weekday_the_day_has_forty_visits_in_every_state(now: dt.datetime) -> None:
    stages = Counter(visit.stage for visit in plan_at(now))

    assert stages.total() == 40
    assert set(stages) == set(Stage)
    assert stages[Stage.IN_PROGRESS] >= 3
    assert stages[Stage.BOOKED] >= 6
    assert stages[Stage.COMPLETED] >= 8


@pytest.mark.parametrize("hour", range(24))
def test_each_visit_lies_on_the_clinic_s_date_and_nobody_has_two_at_once(hour: int) -> None:
    now = at(3, hour, 13)

    plan = plan_at(now)

    for visit in plan:
        moments = (visit.came, visit.start, visit.ends - dt.timedelta(minutes=1))
        assert {moment.astimezone(JAIPUR).date() for moment in moments} == {now.astimezone(JAIPUR).date()}
    consultations = [visit for visit in plan if visit.wish.is_consultation]
    for vaidya in {visit.wish.with_whom for visit in consultations}:
        own = [visit for visit in consultations if visit.wish.with_whom == vaidya]
        assert all(first.ends <= then.start for first, then in itertools.pairwise(own))
    assert max(Counter(visit.wish.guest for visit in plan).values()) == 1


@pytest.mark.parametrize("hour", range(24))
def test_hours_of_a_person_on_that_day_are_apart_and_within_it(hour: int) -> None:
    own = demo_day(at(3, hour, 50), JAIPUR)

    for hours in (cast.EARLY, cast.LATE):
        spans = own.spans(house.minute_span(span) for span in hours)
        assert all(0 <= first < last <= A_DAY for first, last in spans)
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
        assert sum(last - first for first, last in spans) >= 8 * 60


def test_two_patients_have_one_name_and_some_names_are_written_in_hindi() -> None:
    names = Counter((guest.given, guest.family) for guest in EVERYBODY)

    assert [name for name, count in names.items() if count > 1] == [("Sunil", "Gupta")]
    assert sum(given[0] >= "\u0900" for given, _family in names) == 5
    assert {wish.guest for wish in WISHES} <= {guest.key for guest in EVERYBODY}


SOME = ("Om Prakash", "Parveen", "Sunil (younger)", "Savitri", "Harish", "Lata", "Mahesh", "Nirmala", "Sarita")
"""One visit for each state, and the course at its fourth session."""


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with kept(django_db_blocker):
        load_shipped()
        now = MIDDAY
        clinic = house.open_clinic(now)
        desk = house.employ(clinic, now)
        wishes = [wish for wish in WISHES if wish.guest in SOME]
        keys = {*SOME, "Imran", "Zoya"}
        patients = house.welcome(clinic, desk, now, [guest for guest in EVERYBODY if guest.key in keys])
        for finding in visits.FINDINGS:
            if finding.guest in ("Savitri", "Imran"):
                visits.examined(finding, patients[finding.guest], clinic, desk, now)
        diary = day.DemoDiary(clinic, patients, desk, now)
        extras.add_all(diary, day.live(diary, wishes), None)
        yield


def test_each_visit_stands_where_the_plan_says(made: None, db: None) -> None:
    today = Booking.objects.filter(starts_at__date=MIDDAY.date(), paper=False).exclude(status=Status.REQUESTED)

    statuses = {booking.visit.patient.given_name: booking.status for booking in today.select_related("visit__patient")}
    assert statuses == {
        "Om Prakash": Status.COMPLETED,
        "Parveen": Status.NO_SHOW,
        "Sunil": Status.STOPPED,
        "Savitri": Status.COMPLETED,
        "Harish": Status.COMPLETED,
        "Lata": Status.BOOKED,
        "Mahesh": Status.CANCELLED,
        "Nirmala": Status.BOOKED,
        "Sarita": Status.BOOKED,
    }
    assert today.get(note_due=True).visit.patient.given_name == "Om Prakash"


def test_course_is_at_its_fourth_session_of_seven_with_its_line_of_pain(made: None, db: None) -> None:
    sessions = Booking.objects.filter(visit__patient__given_name="Savitri", paper=False).order_by("starts_at")

    notes = [note_of(session) for session in sessions]
    assert [(note.pain_before, note.pain_after) for note in notes if note] == [(7, 5), (6, 4), (5, 4), (4, 3)]
    assert {session.item.sessions for session in sessions if session.item} == {7}


def test_somebody_waits_for_an_answer_a_call_a_decision_and_a_colleague_is_away(made: None, db: None) -> None:
    assert Booking.objects.get(status=Status.REQUESTED).visit.patient.given_name == "Imran"
    assert Suspension.objects.get().patient.family_name == "Gupta"
    assert 1 <= Message.objects.calls(MIDDAY).count() <= 3
    assert Absence.objects.get().resource.practitioner.user is None
    hit = {visit for each in obstacles(Clinic.objects.get(), MIDDAY).values() for visit in each}
    assert hit


def test_of_what_the_clinic_would_have_sent_only_the_newest_is_due(made: None, db: None) -> None:
    due = Message.objects.filter(state=State.DUE, due_at__lt=MIDDAY, channel=Channel.EMAIL)

    assert list(due.values_list("kind", flat=True)) == [MessageKind.REQUESTED]
