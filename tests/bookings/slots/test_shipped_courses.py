"""Each shipped schedule is planned on the shipped rules in the demo clinic, Sundays included, and really booked."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from bookings.actions import confirmation, holds
from bookings.demo import cast, house, visits
from bookings.demo.guests import GUESTS
from bookings.errors import ActionRefused
from bookings.models import Booking, Status
from bookings.slots.course_plan import Course, CoursePlan
from bookings.slots.course_search import plan_course
from bookings.slots.search import starts
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.kept import kept
from tests.shipped import load_shipped
from therapies.models import Rule, Variant

pytestmark = pytest.mark.django_db

NOW = factories.NOW  # Monday, 10:00 in Jaipur
TOMORROW = dt.date(2026, 3, 3)
SUNDAY = 6
LETTERS = {"A": "anuvasana", "N": "niruha"}


@pytest.fixture(scope="module")
def desk(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    """The front desk of the demo clinic, with the diary of its patients."""
    with kept(django_db_blocker):
        load_shipped()
        clinic = house.open_clinic(NOW)
        user = house.employ(clinic, NOW)
        visits.fill(clinic, house.welcome(clinic, user, NOW, GUESTS), user, NOW)
        yield user


@pytest.fixture
def jaipur(db: None, desk: User) -> Clinic:
    return Clinic.objects.get(slug=cast.SLUG)


def variant_of(therapy: str, code: str = "default") -> Variant:
    return (
        Variant.objects.select_related("therapy").prefetch_related("steps__crews").get(therapy__code=therapy, code=code)
    )


def variants_of(course: str) -> list[Variant]:
    """The sessions of a course: by the schedule of that name, else the usual number of a therapy."""
    schedule = Rule.objects.filter(kind="schedule", code=course).first()
    if schedule:
        return [variant_of("basti", LETTERS[letter]) for letter in schedule.data["sequence"]]
    variant = variant_of(course)
    return [variant] * variant.therapy.facts["course"]["sessions_default"]


def planned(
    clinic: Clinic, patient: Patient, variants: Sequence[Variant], first: dt.date
) -> tuple[list[SlotRequest], CoursePlan]:
    slot_requests = [
        SlotRequest(clinic, (each,), patient.accepts_therapist, patient_id=patient.pk) for each in variants
    ]
    return slot_requests, plan_course(slot_requests, Course(len(slot_requests), first), now=NOW, desk=True)


def book(slot_request: SlotRequest, patient: Patient, start: dt.datetime, desk: User) -> None:
    said = {"by": desk, "now": NOW, "desk": True}
    visit = holds.hold(slot_request=slot_request, start=start, holder=uuid.uuid4().hex, key=uuid.uuid4(), **said)
    confirmation.book(visit=visit, patient=patient, holder=visit.holder, key=uuid.uuid4(), **said)


SHIPPED = [("kati_basti", 7), ("yoga_basti", 8), ("patra_pinda_sweda", 7), ("swedana", 7)]


@pytest.mark.parametrize(("course", "sessions"), SHIPPED)
def test_shipped_course_is_planned_daily_over_a_sunday_and_every_session_is_booked(
    jaipur: Clinic, desk: User, course: str, sessions: int
) -> None:
    """For a woman and for a man, each in a week of their own: on a Sunday there is one Vaidya and one nurse."""
    variants = variants_of(course)
    for accepts in ("female", "male"):
        before = transaction.savepoint()
        patient = factories.make_patient("Usha", accepts_therapist=accepts, clinics=[jaipur])
        by_schedule = {"schedule": course} if course == "yoga_basti" else {}
        factories.make_order(patient, variants[0], clinic=jaipur, sessions=sessions, **by_schedule)

        slot_requests, found = planned(jaipur, patient, variants, TOMORROW)

        assert found.why_not == ""
        dates = [health_questions.start.date() for health_questions in found.sittings]
        assert dates == [TOMORROW + dt.timedelta(days=n) for n in range(sessions)]
        assert SUNDAY in [date.weekday() for date in dates]
        hours = Counter(health_questions.start.time() for health_questions in found.sittings)
        # On this Sunday the decoction enema has to begin before the hour from which the oil enema is given.
        assert hours.most_common(1)[0][1] >= sessions - 1
        for slot_request, health_questions in zip(slot_requests, found.sittings, strict=True):
            slot_request = replace(slot_request, running_course=health_questions.number > 0)
            (day,) = starts(
                slot_request,
                first=health_questions.start.date(),
                last=health_questions.start.date(),
                now=NOW,
                desk=True,
            )
            assert health_questions.start in day.starts
            book(slot_request, patient, health_questions.start, desk)
        booked = Booking.objects.filter(visit__patient=patient, status=Status.BOOKED)
        assert booked.filter(item__override_reason="", item__lifted_limits={}).count() == sessions
        transaction.savepoint_rollback(before)


def test_course_of_massages_is_stopped_by_the_cap_and_goes_on_with_a_written_reason(jaipur: Clinic) -> None:
    patient = factories.make_patient("Usha", clinics=[jaipur])
    daily = [variant_of("abhyanga")] * 5

    slot_requests, found = planned(jaipur, patient, daily, TOMORROW)
    assert found.why_not == "Friday 6 March: Fourth massage within 7 days: next possible Tuesday 10 March"

    ordered = [replace(slot_request, overrides=frozenset(["fr_massage_cap"])) for slot_request in slot_requests]
    assert len(plan_course(ordered, Course(5, TOMORROW), now=NOW, desk=True).sittings) == 5


def test_massages_two_days_apart_slip_over_the_cap(jaipur: Clinic) -> None:
    patient = factories.make_patient("Usha", clinics=[jaipur])
    slot_requests = [SlotRequest(jaipur, (variant_of("back_pain_massage"),), "female", patient_id=patient.pk)] * 4

    found = plan_course(slot_requests, Course(4, TOMORROW, days_between=2, slip=3), now=NOW, desk=True)

    assert [health_questions.start.date().day for health_questions in found.sittings] == [3, 5, 7, 10]


def test_course_does_not_begin_on_a_day_that_is_kept_for_running_courses(jaipur: Clinic) -> None:
    patient = factories.make_patient("Usha", clinics=[jaipur])

    _wishes, found = planned(jaipur, patient, variants_of("kati_basti"), dt.date(2026, 3, 8))

    assert found.why_not == "Sunday 8 March: Closed"


def test_days_of_ghee_then_a_break_then_the_purification(jaipur: Clinic, desk: User) -> None:
    """Across days: three days of ghee, and Virechana three or four days after the last of them, no sooner."""
    patient = factories.make_patient("Usha", clinics=[jaipur])
    ghee, virechana = variant_of("snehapana"), variant_of("virechana")
    for variant in (ghee, virechana):
        factories.make_order(patient, variant, clinic=jaipur)
    slot_request = SlotRequest(jaipur, (virechana,), "female", patient_id=patient.pk)

    def offered() -> list[int]:
        found = starts(slot_request, first=TOMORROW, last=dt.date(2026, 3, 16), now=NOW, desk=True)
        return [day.on.day for day in found if day.starts]

    assert offered() == []
    slot_requests, found = planned(jaipur, patient, [ghee] * 3, TOMORROW)
    for each, health_questions in zip(slot_requests[:2], found.sittings[:2], strict=True):
        book(each, patient, health_questions.start, desk)
    assert offered() == []  # two days are too few
    book(slot_requests[2], patient, found.sittings[2].start, desk)
    assert offered() == [9]  # the 8th is a Sunday, and the 5th was the last day of ghee
    too_soon = dt.datetime(2026, 3, 7, 5, 0, tzinfo=dt.UTC)
    with pytest.raises(ActionRefused, match="Virechana comes 3 to 4 days after"):
        book(slot_request, patient, too_soon, desk)
