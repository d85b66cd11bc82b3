"""May a session be written down, stopped, or looked at by a Vaidya on its day: "" or the reason in words. Pure."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from bookings.models import Booking, Status
from therapies.models import Needs
from therapies.session_rules import Action, Sign
from therapies.suitability import Finding, FindingKind

WRITTEN = frozenset({Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED, Status.STOPPED, Status.BLOCKED})
LOOKED_AT = frozenset({Status.BOOKED, Status.CHECKED_IN})


def why_not_note(booking: Booking, *, now: dt.datetime) -> str:
    """From check-in until the end of the clinic's day: what was written then is the record."""
    if booking.status not in WRITTEN:
        return _("The patient has not been checked in.")
    if not is_of_today(booking, now):
        return _("The session record closes at the end of the day.")
    return ""


def why_not_stop(booking: Booking) -> str:
    """Only what goes on can be stopped."""
    return "" if booking.status == Status.IN_PROGRESS else _("This session is not in progress.")


def why_not_by(sign: Sign | None, *, stopping: bool) -> str:
    """Whether this sign ends a session (`stopping`), or is written down while it goes on."""
    if sign is None:
        return _("This sign does not apply to this treatment.")
    if stopping and sign.action is not Action.STOP:
        return _("This sign does not stop the session.")
    if not stopping and sign.action is Action.STOP:
        return _("This sign stops the session.")
    return ""


def why_not_day_check(booking: Booking, found: Sequence[Finding], *, now: dt.datetime) -> str:
    """A treatment, or a measured value, that asks for a Vaidya's look on the day, before the session begins."""
    must_ask = any(finding.kind is FindingKind.ASK for finding in found)
    if booking.variant.therapy.needs != Needs.DAY_CHECK and not must_ask:
        return _("This treatment does not need a same-day check.")
    if booking.status not in LOOKED_AT:
        return _("This can only be done before the session.")
    if not is_of_today(booking, now):
        return _("This visit is on another day.")
    if booking.day_checked_at is not None:
        return _("A Vaidya has already checked the patient.")
    return ""


def is_of_today(booking: Booking, now: dt.datetime) -> bool:
    """Whether the booking is on the clinic's date of that moment."""
    zone = booking.visit.zone
    return booking.starts_at.astimezone(zone).date() == now.astimezone(zone).date()
