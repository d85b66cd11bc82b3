"""The calendar file of a visit: one UID for its life, a rising SEQUENCE and the rules of the clinic's zone.

Visits that were booked together stand in one file, an event each.
"""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from clinic.clock import clock_words

from .appointment import Appointment

ALARMS = (dt.timedelta(days=-1), dt.timedelta(hours=-2))
A_YEAR = dt.timedelta(days=366)


def calendar_file(appointment: Appointment, *, method: str, recipient: str, now: dt.datetime) -> bytes:
    """The bytes of a .ics file. `method` is REQUEST, CANCEL or, for a download that invites nobody, PUBLISH (RFC 5546).

    `recipient` is the attendee's address.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Clinic bookings//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    every = (appointment, *appointment.course)
    for each in every:
        calendar.add_component(_event(each, method=method, recipient=recipient, now=now))
    calendar.add_missing_timezones(
        first_date=appointment.starts.date() - A_YEAR, last_date=every[-1].starts.date() + A_YEAR
    )
    for zone in calendar.timezones:
        zone.pop("comment", None)  # the library's note of the years that it wrote down
    return calendar.to_ical()


def _event(appointment: Appointment, *, method: str, recipient: str, now: dt.datetime) -> Event:
    cancelled = method == "CANCEL"
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("dtstart", appointment.starts)
    event.add("dtend", appointment.ends)
    event.add("summary", _("Appointment: %(clinic)s") % {"clinic": appointment.sender.name})
    event.add("description", _description(appointment))
    event.add("location", ", ".join([appointment.sender.name, *appointment.sender.address]))
    event.add("url", appointment.link)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    event.add("class", "PRIVATE")
    event.add("organizer", _person(settings.DEFAULT_FROM_EMAIL, appointment.sender.name), encode=False)
    if method != "PUBLISH":
        event.add("attendee", _attendee(recipient, appointment.name), encode=False)
    for before in () if cancelled else ALARMS:
        event.add_component(_alarm(before, appointment))
    return event


def _description(appointment: Appointment) -> str:
    arrive = _("Please arrive at %(time)s.") % {"time": clock_words(appointment.arrives)}
    return "\n".join(filter(None, [arrive, appointment.sender.phone, appointment.link]))


def _person(address: str, name: str) -> vCalAddress:
    person = vCalAddress(f"MAILTO:{address}")
    if name:
        person.params["CN"] = vText(name)
    return person


def _attendee(address: str, name: str) -> vCalAddress:
    """An attendee who has accepted: nobody would read an answer by calendar."""
    attendee = _person(address, name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    return attendee


def _alarm(before: dt.timedelta, appointment: Appointment) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", before)
    arrive = _("Please arrive at %(time)s.") % {"time": clock_words(appointment.arrives)}
    alarm.add("description", f"{appointment.sender.name}. {arrive}")
    return alarm
