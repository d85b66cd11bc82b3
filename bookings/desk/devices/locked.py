"""Sessions that go on at a clinic while its device is locked: no names, only where, since when, and for how long."""

import datetime as dt
from dataclasses import dataclass

from bookings.models import Booking, History, Status
from bookings.session_record import signs_of
from clinic.people.models import User
from clinic.premises.models import Clinic
from therapies.session_rules import Sign


@dataclass(frozen=True)
class RunningSession:
    """One session in progress. `place` is its room, "" without one; `ends_at` as planned from its real beginning."""

    booking: Booking
    place: str
    began_at: dt.datetime
    ends_at: dt.datetime
    signs: list[Sign]

    @property
    def minutes(self) -> int:
        """How long it was planned to take."""
        return int((self.ends_at - self.began_at).total_seconds() // 60)


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


def _running(booking: Booking) -> RunningSession:
    places = [row.resource.name for row in booking.occupancies.all() if row.part == "room" and row.resource]
    began_at = booking.started_at or booking.starts_at
    ends_at = began_at + (booking.ends_at - booking.starts_at)
    return RunningSession(booking, places[0] if places else "", began_at, ends_at, signs_of(booking))
