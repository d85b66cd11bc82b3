"""Absences, closures and changed hours: what they hit is returned, and nothing new can be booked there."""

import datetime as dt
import uuid

import pytest

from bookings.actions import changes, confirmation, hours_and_absences
from bookings.errors import JustTaken, PolicyRefused
from bookings.models import Status, Visit
from bookings.slots.search import starts
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from clinic.premises.models import Absence, Clinic, Closure, OpeningHours, Room
from tests import factories
from tests.bookings.conftest import HOLDER, Book, at
from tests.bookings.slot_queries import offered, wanting
from therapies.models import Practitioner, WorkingHours

pytestmark = pytest.mark.django_db

TUESDAY, WEDNESDAY = at(12, day=3).date(), at(12, day=4).date()


@pytest.fixture
def visits(booked: Book) -> list[Visit]:
    """Tuesday at 10:00 and at 14:00, Wednesday at 10:00."""
    people = [factories.make_patient(name, phone=f"+91984700010{n}") for n, name in enumerate(["Sita", "Gita", "Rita"])]
    times = [at(10), at(14), at(10, day=4)]
    return [booked(start, who=who, desk=True) for start, who in zip(times, people, strict=True)]


def opening_hours(clinic: Clinic, *stretches: tuple[int, str, str], use: str = "everyone") -> list[OpeningHours]:
    """Unsaved rows of (weekday, from, to)."""
    return [
        OpeningHours(
            clinic=clinic, weekday=day, from_minute=factories.minute(begin), to_minute=factories.minute(end), use=use
        )
        for day, begin, end in stretches
    ]


def working_hours(person: Practitioner, clinic: Clinic, *stretches: tuple[int, str, str]) -> list[WorkingHours]:
    return [
        WorkingHours(
            practitioner=person,
            clinic=clinic,
            weekday=day,
            from_minute=factories.minute(begin),
            to_minute=factories.minute(end),
            valid_from=factories.LONG_AGO,
        )
        for day, begin, end in stretches
    ]


def test_absence_returns_the_visits_it_hits_and_they_keep_their_time(
    visits: list[Visit], vaidya: Practitioner, front_desk: User, now: dt.datetime
) -> None:
    away = hours_and_absences.enter_absence(
        resource=vaidya, during=(at(10, 44), at(14, 1)), reason="fever", by=front_desk, now=now
    )

    assert away == hours_and_absences.Away(Absence.objects.get(), visits[:2])
    assert [visit.bookings.get().status for visit in visits] == [Status.BOOKED] * 3
    assert Absence.objects.get().by == front_desk


def test_absence_that_only_touches_hits_nobody(
    visits: list[Visit], vaidya: Practitioner, front_desk: User, now: dt.datetime
) -> None:
    during = (at(10, 45), at(14))

    assert hours_and_absences.enter_absence(resource=vaidya, during=during, reason="", by=front_desk, now=now).hit == []


def test_absence_does_not_hit_what_is_over_cancelled_or_only_held(
    visits: list[Visit], hold: Book, vaidya: Practitioner, front_desk: User, owner: User, now: dt.datetime
) -> None:
    hold(at(16))
    changes.cancel(visit=visits[1], by=owner, now=now, ended_by="patient", version=2)
    visits[0].bookings.update(status=Status.COMPLETED)

    during = (at(8), at(18))
    hit = hours_and_absences.enter_absence(resource=vaidya, during=during, reason="", by=front_desk, now=at(11)).hit

    assert hit == []


@pytest.mark.parametrize("what", ["vaidya", "room"])
def test_absence_entered_after_a_search_stops_the_booking(
    what: str,
    hold: Book,
    slot_request: SlotRequest,
    vaidya: Practitioner,
    consulting_room: Room,
    front_desk: User,
    now: dt.datetime,
) -> None:
    assert at(10) in starts(slot_request, first=TUESDAY, last=TUESDAY, now=now)[0].starts
    resource = vaidya if what == "vaidya" else consulting_room

    hours_and_absences.enter_absence(
        resource=resource, during=(at(10, 30), at(10, 31)), reason="", by=front_desk, now=now
    )

    with pytest.raises(JustTaken):
        hold(at(10))
    assert at(10) not in starts(slot_request, first=TUESDAY, last=TUESDAY, now=now)[0].starts


def test_absence_entered_during_a_hold_stops_the_booking(
    hold: Book, vaidya: Practitioner, patient: Patient, owner: User, front_desk: User, now: dt.datetime
) -> None:
    visit = hold(at(10))

    hours_and_absences.enter_absence(resource=vaidya, during=(at(8), at(12)), reason="", by=front_desk, now=now)

    with pytest.raises(JustTaken):
        confirmation.book(visit=visit, patient=patient, holder=HOLDER, by=owner, now=now, key=uuid.uuid4())
    assert visit.bookings.get().status == Status.HELD


def test_absence_taken_back_gives_the_time_back(
    hold: Book, vaidya: Practitioner, front_desk: User, now: dt.datetime
) -> None:
    hours_and_absences.enter_absence(resource=vaidya, during=(at(8), at(12)), reason="", by=front_desk, now=now)

    absence = Absence.objects.get()
    hours_and_absences.end_absence(absence=absence, by=front_desk, now=now)

    with pytest.raises(PolicyRefused, match="already"):
        hours_and_absences.end_absence(absence=Absence(pk=absence.pk, resource=vaidya), by=front_desk, now=now)
    assert hold(at(10)).bookings.get().status == Status.HELD


@pytest.mark.parametrize("during", [(at(10), at(10)), (at(11), at(10))])
def test_absence_empty_or_reversed_is_refused(
    during: tuple[dt.datetime, dt.datetime], vaidya: Practitioner, front_desk: User, now: dt.datetime
) -> None:
    with pytest.raises(PolicyRefused, match="end must be after"):
        hours_and_absences.enter_absence(resource=vaidya, during=during, reason="", by=front_desk, now=now)

    assert not Absence.objects.exists()


def test_closed_day_returns_its_visits_and_offers_nothing(
    visits: list[Visit], clinic: Clinic, slot_request: SlotRequest, front_desk: User, now: dt.datetime
) -> None:
    hit = hours_and_absences.close_day(clinic=clinic, on=TUESDAY, use="everyone", reason="Holi", by=front_desk, now=now)

    assert hit == visits[:2]
    (day,) = starts(slot_request, first=TUESDAY, last=TUESDAY, now=now)
    assert (day.starts, day.why) == ((), "Holi")


def test_closed_day_opened_again_is_offered(clinic: Clinic, hold: Book, front_desk: User, now: dt.datetime) -> None:
    hours_and_absences.close_day(clinic=clinic, on=TUESDAY, use="everyone", reason="Holi", by=front_desk, now=now)

    hours_and_absences.open_day(closure=Closure.objects.get(), by=front_desk, now=now)

    assert hold(at(10)).bookings.get().status == Status.HELD


def test_day_closed_for_all_but_running_courses_hits_only_the_others(
    booked: Book, slot_request: SlotRequest, clinic: Clinic, front_desk: User, now: dt.datetime
) -> None:
    course = wanting(clinic, *slot_request.variants, gender="", running_course=True)
    people = [factories.make_patient(name, phone=f"+91984700020{n}") for n, name in enumerate(["Sita", "Gita", "Rita"])]
    early = booked(at(9), who=people[0], wanted=course, desk=True)
    ordinary = booked(at(10), who=people[1], desk=True)
    late = booked(at(15), who=people[2], wanted=course, desk=True)

    hit = hours_and_absences.close_day(
        clinic=clinic, on=TUESDAY, use="running_courses", reason="Holi", by=front_desk, now=now
    )

    assert hit == [ordinary, late]
    assert early not in hit
    assert offered(slot_request, now) == []
    assert offered(course, now) == [at(8), at(8, 15)]


def test_changed_opening_hours_return_what_lies_outside_and_bind_at_once(
    visits: list[Visit], clinic: Clinic, slot_request: SlotRequest, front_desk: User, now: dt.datetime
) -> None:
    hours = opening_hours(clinic, (1, "08:00", "12:00"), (1, "12:00", "14:30"), (2, "10:30", "18:00"))

    hit = hours_and_absences.change_opening_hours(clinic=clinic, hours=hours, by=front_desk, now=now)

    assert hit == [visits[1], visits[2]]  # until 14:45, and from 10:00
    assert max(offered(slot_request, now)) == at(13, 15)
    assert min(offered(slot_request, now, day=4)) == at(10, 45, day=4)


def test_visit_across_two_stretches_of_hours_that_touch_lies_inside(
    booked: Book, clinic: Clinic, vaidya: Practitioner, front_desk: User, now: dt.datetime
) -> None:
    booked(at(11, 30))

    opening = opening_hours(clinic, (1, "08:00", "12:00"), (1, "12:00", "18:00"))
    working = working_hours(vaidya, clinic, (1, "08:00", "12:00"), (1, "12:00", "18:00"))

    assert hours_and_absences.change_opening_hours(clinic=clinic, hours=opening, by=front_desk, now=now) == []
    assert (
        hours_and_absences.change_working_hours(
            practitioner=vaidya, clinics=[clinic], hours=working, by=front_desk, now=now
        )
        == []
    )


def test_changed_working_hours_return_what_lies_outside_and_bind_at_once(
    visits: list[Visit],
    clinic: Clinic,
    vaidya: Practitioner,
    slot_request: SlotRequest,
    front_desk: User,
    now: dt.datetime,
) -> None:
    hours = working_hours(vaidya, clinic, (1, "08:00", "12:00"))
    hours += working_hours(vaidya, clinic, (2, "08:00", "18:00"))
    hours[-1].valid_until = WEDNESDAY  # the first day without

    hit = hours_and_absences.change_working_hours(
        practitioner=vaidya, clinics=[clinic], hours=hours, by=front_desk, now=now
    )

    assert hit == [visits[1], visits[2]]
    assert max(offered(slot_request, now)) == at(11, 15)
    assert offered(slot_request, now, day=4) == []


def test_changed_working_hours_at_another_clinic_leave_visits_here(
    visits: list[Visit], clinic: Clinic, vaidya: Practitioner, front_desk: User, now: dt.datetime
) -> None:
    other = factories.make_clinic("dhanvantari")
    hours = working_hours(vaidya, clinic, *[(day, "08:00", "18:00") for day in range(6)])
    hours += working_hours(vaidya, other, (6, "08:00", "18:00"))

    assert (
        hours_and_absences.change_working_hours(
            practitioner=vaidya, clinics=[clinic, other], hours=hours, by=front_desk, now=now
        )
        == []
    )
