"""The wall time agreed is the one mailed, the one in the calendar file and the one the reminder counts from (I10)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from bookings.messages.content.composition import compose
from bookings.messages.schedule.plan import VisitEvent as What
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Message, MessageKind
from tests.factories import make_clinic, make_consultation, make_patient, make_visit

# Days around both changes of the clock in 2026, and zones that have none.
AGREED = [
    ("Asia/Kolkata", "2026-03-09T10:30"),
    ("Asia/Kathmandu", "2026-03-09T10:45"),
    ("Europe/London", "2026-03-29T10:30"),
    ("Europe/London", "2026-03-30T09:00"),
    ("Europe/London", "2026-10-25T10:30"),
    ("America/St_Johns", "2026-03-08T11:15"),
    ("America/St_Johns", "2026-11-01T11:15"),
    ("Australia/Lord_Howe", "2026-04-05T12:00"),
    ("Australia/Lord_Howe", "2026-10-04T12:00"),
    ("Pacific/Apia", "2026-06-01T08:00"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("zone", "agreed"), AGREED)
def test_agreed_time_is_mailed_and_kept(zone: str, agreed: str) -> None:
    wall = dt.datetime.fromisoformat(agreed)
    start = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    clinic = make_clinic(timezone=zone)
    visit = make_visit(clinic=clinic, variant=make_consultation(), start=start, patient=make_patient())
    plan_messages(visit=visit, event=What.BOOKED, by=None, now=start - dt.timedelta(days=5))

    mail = compose(Message.objects.get(kind=MessageKind.CONFIRMED), now=start - dt.timedelta(days=5))

    assert mail.subject.endswith(f"{wall:%H:%M}")
    assert f"Time: {wall:%H:%M}–" in str(mail.body)
    assert f"Please arrive at: {wall - dt.timedelta(minutes=15):%H:%M}" in str(mail.body)
    (event,) = Calendar.from_ical(bytes(mail.attachments[0][1])).walk("VEVENT")
    assert isinstance(event, Event)
    assert isinstance(event.start, dt.datetime)
    assert event.start.replace(tzinfo=None) == wall
    assert event.start.astimezone(dt.UTC) == start
    day_before = Message.objects.filter(kind=MessageKind.REMINDER).earliest("due_at").due_at.astimezone(ZoneInfo(zone))
    assert day_before.replace(tzinfo=None) == wall - dt.timedelta(days=1)
