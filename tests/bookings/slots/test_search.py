"""When could this start: by the clinic's own clock, wherever it is; and in words why not."""

import datetime as dt
import uuid
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from bookings.actions import confirmation, holds
from bookings.slots.search import nearest, starts
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic, Room
from tests import factories
from tests.bookings.conftest import Book, at
from therapies.models import Practitioner, Variant

pytestmark = pytest.mark.django_db

TUESDAY = dt.date(2026, 3, 3)


def why(slot_request: SlotRequest, on: dt.date, now: dt.datetime, *, desk: bool = False) -> str:
    (day,) = starts(slot_request, first=on, last=on, now=now, desk=desk)
    assert day.starts == () or day.why == ""
    return day.why


# Time (I10).

Night = Callable[[str, int], SlotRequest]


@pytest.fixture
def night(db: None) -> Night:
    """A clinic in that zone whose Vaidya works from midnight to 06:00 and sees each patient for so many minutes."""

    def make(zone: str, slot: int) -> SlotRequest:
        variant = factories.make_consultation(minutes=slot)
        clinic = factories.make_clinic(
            zone.split("/")[1].lower().replace("_", "-"),
            timezone=zone,
            slot_minutes=slot,
            horizon_days=400,
            opens="00:00",
            closes="06:00",
            **factories.UNLIMITED,
        )
        factories.make_room(clinic, features=["consultation_room"])
        factories.make_practitioner(clinic, works=("00:00", "06:00"), qualified=[variant.therapy])
        return SlotRequest(clinic, (variant,))

    return make


def shown(slot_request: SlotRequest, on: dt.date) -> list[str]:
    """The offered times as the clinic's clock shows them."""
    (day,) = starts(slot_request, first=on, last=on, now=factories.NOW - dt.timedelta(days=60))
    return [f"{start.astimezone(slot_request.clinic.zone):%H:%M}" for start in day.starts]


@pytest.mark.parametrize(
    ("zone", "on", "expected"),
    [
        ("Asia/Kolkata", dt.date(2026, 3, 3), "00:00 01:00 02:00 03:00 04:00 05:00"),
        ("Asia/Kathmandu", dt.date(2026, 3, 3), "00:00 01:00 02:00 03:00 04:00 05:00"),
        ("Pacific/Apia", dt.date(2026, 3, 3), "00:00 01:00 02:00 03:00 04:00 05:00"),
        ("Europe/London", dt.date(2026, 3, 28), "00:00 01:00 02:00 03:00 04:00 05:00"),
        ("Europe/London", dt.date(2026, 3, 29), "00:00 02:00 03:00 04:00 05:00"),
        ("Europe/London", dt.date(2026, 10, 25), "00:00 01:00 01:00 02:00 03:00 04:00 05:00"),
        ("America/St_Johns", dt.date(2026, 3, 8), "00:00 01:00 03:00 04:00 05:00"),
        ("America/St_Johns", dt.date(2026, 11, 1), "00:00 01:00 01:00 02:00 03:00 04:00 05:00"),
        # Half an hour is skipped from 02:00: a patient from 01:00 is done at what is then 02:30.
        ("Australia/Lord_Howe", dt.date(2026, 10, 4), "00:00 01:00 03:00 04:00 05:00"),
        # Half an hour comes twice from 01:30: 01:00 and 02:00 are an hour and a half apart.
        ("Australia/Lord_Howe", dt.date(2026, 4, 5), "00:00 01:00 02:00 03:00 04:00 05:00"),
    ],
)
def test_grid_of_starts_keeps_to_the_local_clock(night: Night, zone: str, on: dt.date, expected: str) -> None:
    assert shown(night(zone, 60), on) == expected.split()


@pytest.mark.parametrize(
    ("zone", "on", "hours"),
    [
        ("Europe/London", dt.date(2026, 3, 29), 5),
        ("Europe/London", dt.date(2026, 10, 25), 7),
        ("America/St_Johns", dt.date(2026, 3, 8), 5),
        ("America/St_Johns", dt.date(2026, 11, 1), 7),
        ("Australia/Lord_Howe", dt.date(2026, 10, 4), 5.5),
        ("Australia/Lord_Howe", dt.date(2026, 4, 5), 6.5),
    ],
)
def test_stretch_of_work_across_the_change_is_as_long_as_it_really_is(
    night: Night, zone: str, on: dt.date, hours: float
) -> None:
    assert len(shown(night(zone, 15), on)) == hours * 4


@pytest.mark.parametrize(
    ("zone", "on"),
    [
        ("Asia/Kathmandu", dt.date(2026, 3, 5)),
        ("Europe/London", dt.date(2026, 3, 29)),
        ("Australia/Lord_Howe", dt.date(2026, 4, 5)),
        ("Pacific/Apia", dt.date(2026, 3, 5)),
    ],
)
def test_time_agreed_is_the_time_shown(
    night: Night, patient: Patient, owner: User, now: dt.datetime, zone: str, on: dt.date
) -> None:
    """Each offered time is booked, one after the other; the visit shows it, and lasts as long as it should."""
    slot_request = night(zone, 60)
    slot_request.clinic.lead_minutes = 0
    offered = shown(slot_request, on)

    agreed = []
    for start in starts(slot_request, first=on, last=on, now=now)[0].starts:
        said = {"by": None, "holder": f"{start}", "now": now}
        visit = holds.hold(slot_request=slot_request, start=start, key=uuid.uuid4(), **said)
        visit = confirmation.book(visit=visit, patient=patient, key=uuid.uuid4(), **said | {"by": owner})
        booking = visit.bookings.get()
        local = booking.starts_at.astimezone(visit.zone)
        assert (local.date(), booking.ends_at - booking.starts_at) == (on, dt.timedelta(hours=1))
        agreed.append(f"{local:%H:%M}")

    assert agreed == offered
    assert shown(slot_request, on) == []


def test_day_that_a_country_left_out_has_no_starts(night: Night) -> None:
    slot_request = night("Pacific/Apia", 60)
    before = dt.datetime(2011, 12, 1, tzinfo=dt.UTC)
    slot_request.clinic.working_hours.update(valid_from=before.date())
    slot_request.variants[0].therapy.qualifications.update(starts_on=before.date())

    days = starts(slot_request, first=dt.date(2011, 12, 29), last=dt.date(2011, 12, 31), now=before)

    assert [len(day.starts) for day in days] == [6, 0, 6]
    assert days[2].starts[0] - days[0].starts[0] == dt.timedelta(days=1)


def test_today_is_the_clinics(night: Night) -> None:
    """At 20:00 UTC it is the next morning in Kathmandu: the horizon of one day reaches two dates."""
    slot_request = night("Asia/Kathmandu", 60)
    slot_request.clinic.horizon_days = 1
    evening = dt.datetime(2026, 3, 2, 20, 0, tzinfo=dt.UTC)

    days = starts(slot_request, first=TUESDAY, last=TUESDAY + dt.timedelta(days=2), now=evening)

    assert [len(day.starts) for day in days] == [2, 6, 0]  # 04:00 and 05:00 are two hours away


# What a door offers.


def test_patients_keep_to_the_lead_time_and_the_desk_begins_now(slot_request: SlotRequest, clinic: Clinic) -> None:
    clinic.lead_minutes = 90
    now = at(10, 7, day=2)
    on = now.date()

    patients = starts(slot_request, first=on, last=on, now=now)[0].starts
    desk = starts(slot_request, first=on, last=on, now=now, desk=True)[0].starts

    assert patients[0] == at(11, 45, day=2)  # 11:37 and on
    assert desk[:3] == (at(10, 10, day=2), at(10, 15, day=2), at(10, 30, day=2))


def test_horizon_ends_for_patients_with_its_last_day(
    slot_request: SlotRequest, clinic: Clinic, now: dt.datetime
) -> None:
    clinic.horizon_days = 3

    days = starts(slot_request, first=TUESDAY, last=TUESDAY + dt.timedelta(days=4), now=now)

    assert [bool(day.starts) for day in days] == [True, True, True, False, False]


def test_own_time_counts_as_free_while_a_visit_is_moved(
    slot_request: SlotRequest, booked: Book, now: dt.datetime
) -> None:
    visit = booked(at(10))

    without = starts(slot_request, first=TUESDAY, last=TUESDAY, now=now)[0].starts
    moving = starts(slot_request, first=TUESDAY, last=TUESDAY, now=now, ignoring=visit.pk)[0].starts

    assert sorted(set(moving) - set(without)) == [at(9, 30), at(9, 45), at(10), at(10, 15), at(10, 30)]


def test_nearest_are_the_closest_free_starts_in_order(
    slot_request: SlotRequest, booked: Book, now: dt.datetime
) -> None:
    booked(at(10))

    assert nearest(slot_request, to=at(10), now=now) == [at(9), at(9, 15), at(10, 45)]
    assert nearest(slot_request, to=at(17, 10), now=now, count=2) == [at(17), at(17, 15)]


def test_nearest_on_a_full_evening_is_the_next_morning(
    slot_request: SlotRequest, vaidya: Practitioner, stranger: User, now: dt.datetime
) -> None:
    factories.make_absence(vaidya, at(12), at(23), by=stranger)

    assert nearest(slot_request, to=at(17), now=now, count=1) == [at(11, 15)]
    assert nearest(slot_request, to=at(23, 30), now=now, count=1) == [at(8, day=4)]


# Why there is nothing.


def test_day_with_starts_needs_no_reason(slot_request: SlotRequest, now: dt.datetime) -> None:
    assert why(slot_request, TUESDAY, now) == ""


def test_closed_day_says_its_reason(slot_request: SlotRequest, clinic: Clinic, now: dt.datetime) -> None:
    factories.make_closure(clinic, TUESDAY, reason="Holi")
    factories.make_closure(clinic, TUESDAY + dt.timedelta(days=1), reason="")

    assert [why(slot_request, TUESDAY + dt.timedelta(days=n), now) for n in (0, 1)] == ["Holi", "Closed"]


def test_past_day_says_so(slot_request: SlotRequest, now: dt.datetime) -> None:
    assert why(slot_request, dt.date(2026, 2, 27), now) == "Past"


def test_day_without_anybody_says_so(slot_request: SlotRequest, vaidya: Practitioner, now: dt.datetime) -> None:
    vaidya.working_hours.filter(weekday=1).delete()

    assert why(slot_request, TUESDAY, now) == "No practitioner for this treatment works that day"


def test_practitioner_who_does_not_give_it_is_named_as_the_reason(
    slot_request: SlotRequest, clinic: Clinic, now: dt.datetime
) -> None:
    lata = factories.make_practitioner(clinic, "Lata", roles=["therapist"])

    theirs = SlotRequest(clinic, slot_request.variants, practitioner_id=lata.pk)

    assert why(theirs, TUESDAY, now) == "The practitioner you chose does not give this treatment"


def test_full_day_says_so(slot_request: SlotRequest, vaidya: Practitioner, booked: Book, now: dt.datetime) -> None:
    vaidya.working_hours.update(from_minute=480, to_minute=525)
    booked(at(8))

    assert why(slot_request, TUESDAY, now) == "Fully booked"


def test_day_with_its_room_closed_is_not_called_fully_booked(
    slot_request: SlotRequest, consulting_room: Room, stranger: User, now: dt.datetime
) -> None:
    factories.make_absence(consulting_room, at(8), at(18), by=stranger)

    assert why(slot_request, TUESDAY, now) == "The staff or rooms for this treatment are not available that day"


def test_day_on_which_the_wanted_person_does_not_work_is_not_called_fully_booked(
    slot_request: SlotRequest, clinic: Clinic, consultation: Variant, now: dt.datetime
) -> None:
    rao = factories.make_practitioner(clinic, "Dr Rao", works=("15:00", "17:00"), qualified=[consultation.therapy])
    rao.working_hours.filter(weekday=1).delete()

    theirs = SlotRequest(clinic, (consultation,), practitioner_id=rao.pk)

    assert why(theirs, TUESDAY, now) == "The practitioner you chose does not work that day"


def test_rest_of_a_day_that_is_too_short_says_so(slot_request: SlotRequest, now: dt.datetime) -> None:
    evening = now.replace(hour=12, minute=10)

    days = starts(slot_request, first=now.date(), last=now.date(), now=evening, desk=True)

    assert (days[0].starts, days[0].why) == ((), "There are no more times today")


def test_walk_in_begins_in_the_next_possible_minute_and_never_in_the_past(
    slot_request: SlotRequest, now: dt.datetime
) -> None:
    later = now + dt.timedelta(minutes=2, seconds=30)

    days = starts(slot_request, first=now.date(), last=now.date(), now=later, desk=True)

    assert days[0].starts[0] == now + dt.timedelta(minutes=5)


def test_wanted_practitioner_alone_is_searched(
    slot_request: SlotRequest, clinic: Clinic, consultation: Variant, booked: Book, now: dt.datetime
) -> None:
    rao = factories.make_practitioner(clinic, "Dr Rao", works=("15:00", "17:00"), qualified=[consultation.therapy])

    theirs = SlotRequest(clinic, (consultation,), practitioner_id=rao.pk)

    found = starts(theirs, first=TUESDAY, last=TUESDAY, now=now)[0].starts
    assert (found[0], found[-1]) == (at(15), at(16, 15))
    assert booked(at(15), wanted=theirs).bookings.get().practitioners() == [rao]


def test_zone_of_the_clinic_is_kept_with_the_visit(night: Night, patient: Patient, now: dt.datetime) -> None:
    slot_request = night("Asia/Kathmandu", 60)
    start = dt.datetime(2026, 3, 5, 1, 0, tzinfo=ZoneInfo("Asia/Kathmandu"))

    visit = holds.hold(slot_request=slot_request, start=start, holder="browser", by=None, now=now, key=uuid.uuid4())

    assert visit.timezone == "Asia/Kathmandu"
    assert visit.bookings.get().starts_at == dt.datetime(2026, 3, 4, 19, 15, tzinfo=dt.UTC)
