"""Calendar files, read back by a strict parser."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from bookings.messages.content.appointment import Appointment, Sender
from bookings.messages.content.ics import calendar_file

NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)
SENDER = Sender("Shanti", ("1 Temple Road", "Kozhikode 673001"), "+91 495 230 0000", "+914952300000", "")
ZONES = ["Asia/Kolkata", "Asia/Kathmandu", "Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"]


def appointment(starts: dt.datetime, **fields: object) -> Appointment:
    said = {
        "sender": SENDER,
        "name": "Meera",
        "starts": starts,
        "ends": starts + dt.timedelta(minutes=45),
        "arrives": starts - dt.timedelta(minutes=15),
        "zone_name": str(starts.tzinfo),
        "language": "en",
        "uid": "a-visit@clinic.example",
        "sequence": 0,
        "link": "https://clinic.example/visits/1/",
    }
    return Appointment(**(said | fields))  # type: ignore[arg-type]


def in_kolkata() -> dt.datetime:
    return dt.datetime(2026, 3, 5, 10, 30, tzinfo=ZoneInfo("Asia/Kolkata"))


def read(content: bytes) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, Event)
    return calendar, event


def test_invitation_says_time_place_and_method() -> None:
    content = calendar_file(appointment(in_kolkata()), method="REQUEST", recipient="meera@example.org", now=NOW)

    calendar, event = read(content)
    assert calendar["METHOD"] == "REQUEST"
    assert event["UID"] == "a-visit@clinic.example"
    assert event["STATUS"] == "CONFIRMED"
    assert event["ATTENDEE"] == "MAILTO:meera@example.org"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Kolkata"]
    assert b"DTSTART;TZID=Asia/Kolkata:20260305T103000\r\n" in content
    assert len(event.walk("VALARM")) == 2


def test_cancellation_keeps_the_uid_and_raises_the_sequence() -> None:
    content = calendar_file(
        appointment(in_kolkata(), sequence=2), method="CANCEL", recipient="meera@example.org", now=NOW
    )

    calendar, event = read(content)
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 2)
    assert event["UID"] == "a-visit@clinic.example"
    assert event.walk("VALARM") == []


def test_lines_are_folded_and_end_as_calendars_expect() -> None:
    content = calendar_file(
        appointment(in_kolkata(), name="म" * 200), method="REQUEST", recipient="a@b.example", now=NOW
    )

    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize("hostile", ["a\r\nATTENDEE:mailto:evil@example.org", 'a";X="b', "a;b,c\\d"])
def test_hostile_name_adds_no_line(hostile: str) -> None:
    content = calendar_file(
        appointment(in_kolkata(), name=" ".join(hostile.split())), method="REQUEST", recipient="a@b.example", now=NOW
    )

    _calendar, event = read(content)
    assert event["ATTENDEE"] == "MAILTO:a@b.example"


@settings(max_examples=60, deadline=None)
@given(zone=st.sampled_from(ZONES), minute=st.integers(0, 2 * 366 * 288))
def test_file_means_the_agreed_instant_and_wall_time(zone: str, minute: int) -> None:
    there = ZoneInfo(zone)
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=5 * minute)
    local = start.astimezone(there)
    if (
        local.fold
    ):  # a calendar file cannot say which of two equal wall times is meant; the grid never offers the second
        return

    _calendar, event = read(calendar_file(appointment(local), method="REQUEST", recipient="a@b.example", now=NOW))

    said = event.start
    assert isinstance(said, dt.datetime)
    assert said.astimezone(dt.UTC) == start
    assert said.replace(tzinfo=None) == local.replace(tzinfo=None)
