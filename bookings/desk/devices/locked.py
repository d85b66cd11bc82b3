"""What a locked device shows of the sessions: no names, only where, since when, and what to do after a stop."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import Promise

from bookings.desk.sessions.page import steps_in_words
from bookings.facts.sessions import signs_of
from bookings.models import Booking, History, SessionNote, Status
from clinic.people.models import ClinicDevice, User
from clinic.premises.models import Clinic
from therapies.session_rules import Sign

STOP_SHOWN_FOR = dt.timedelta(hours=1)
"""How long the instructions after a stop stand on the locked screen, unless the record was completed before."""


@dataclass(frozen=True)
class RunningSession:
    """One session in progress. `place` is its room, "" without one; `ends_at` as planned from its real beginning."""

    booking: Booking
    place: str
    began_at: dt.datetime
    ends_at: dt.datetime
    signs: list[Sign]


@dataclass(frozen=True)
class StoppedSession:
    """One that was stopped on this locked device, and what to do now. `url` is its page, for whoever unlocks."""

    place: str
    at: dt.datetime
    sign: Sign | None
    steps: list[str | Promise]
    url: str


def session_page(booking: Booking) -> str:
    """The address of the record of a session."""
    return reverse("desk:session", args=[booking.visit.public_id, booking.position])


def stopped_sessions(device: ClinicDevice, *, now: dt.datetime) -> list[StoppedSession]:
    """Those stopped on this device within the last hour whose record nobody has gone on with, the latest first."""
    written = History.objects.filter(booking=OuterRef("booking"), verb="note", at__gte=OuterRef("at"))
    stops = History.objects.filter(verb="stop", detail__locked_device=device.pk, at__gt=now - STOP_SHOWN_FOR)
    stops = stops.filter(~Exists(written)).select_related("booking__visit", "booking__variant__therapy")
    return [_stopped(row) for row in stops.prefetch_related("booking__occupancies__resource").order_by("-at", "-pk")]


def running_sessions(clinic: Clinic) -> list[RunningSession]:
    """The sessions in progress at the clinic, the earliest first."""
    rows = Booking.objects.filter(visit__clinic=clinic, status=Status.IN_PROGRESS, started_at__isnull=False)
    rows = rows.select_related("visit__clinic", "variant__therapy").prefetch_related("occupancies__resource")
    return [_running(booking) for booking in rows.order_by("started_at", "pk")]


def running_or_none(clinic: Clinic, pk: int) -> RunningSession | None:
    """One of them."""
    return next((session for session in running_sessions(clinic) if session.booking.pk == pk), None)


def who_runs(booking: Booking) -> User:
    """The member who began the session: what is pressed on the locked screen is in their name, and marked so."""
    row = History.objects.filter(booking=booking, verb="start").select_related("by").latest("at", "pk")
    assert row.by is not None  # noqa: S101 - only people begin a session
    return row.by


def _place(booking: Booking) -> str:
    """Its room, "" without one."""
    places = [row.resource.name for row in booking.occupancies.all() if row.part == "room" and row.resource]
    return places[0] if places else ""


def _stopped(row: History) -> StoppedSession:
    booking = row.booking
    assert booking is not None  # noqa: S101 - only sessions are stopped
    code = SessionNote.objects.filter(booking=booking).values_list("stop_sign", flat=True).first()
    sign = next((sign for sign in signs_of(booking) if sign.code == code), None)
    return StoppedSession(_place(booking), row.at, sign, steps_in_words(), session_page(booking))


def _running(booking: Booking) -> RunningSession:
    began_at = booking.started_at or booking.starts_at
    ends_at = began_at + (booking.ends_at - booking.starts_at)
    return RunningSession(booking, _place(booking), began_at, ends_at, signs_of(booking))
