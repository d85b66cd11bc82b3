"""May a session be written down, stopped, or looked at by a Vaidya on its day: "" or the reason in words. Pure."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from bookings.models import Booking, Status
from clinic.people.models import User
from clinic.reasons import why_no_reason
from therapies.models import Needs
from therapies.session_rules import Action, Sign, has_pain_risen
from therapies.suitability import Finding, FindingKind

WRITTEN = frozenset({Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED, Status.STOPPED, Status.BLOCKED})
LOOKED_AT = frozenset({Status.BOOKED, Status.CHECKED_IN})
STOP_UNDONE_WITHIN = dt.timedelta(minutes=10)
"""How long a sign that was pressed by mistake can be taken back (clinic default)."""


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


def why_not_end_with(*, before: int | None, after: int | None, what_happened: str) -> str:
    """Whether a session can be completed with this pain: where it rose, somebody says what happened."""
    if has_pain_risen(before, after) and not what_happened.strip():
        return _("The pain has risen. Please write what happened.")
    return ""


def why_not_undo_stop(
    booking: Booking, *, by: User, stopped_by: int | None, now: dt.datetime, is_vaidya: bool = False
) -> str:
    """Who pressed a sign by mistake takes it back within minutes, a Vaidya of the clinic until the end of its day."""
    if booking.status != Status.STOPPED or booking.ended_at is None:
        return _("There is nothing to undo.")
    if is_vaidya and is_of_today(booking, now):
        return ""
    if stopped_by != by.pk:
        return _("Only the person who pressed the sign can take it back.")
    if now > booking.ended_at + STOP_UNDONE_WITHIN:
        return _("It is too late to take this back.")
    return ""


def why_not_count(booking: Booking) -> str:
    """Whether a Vaidya may say that a stopped session counts as taken."""
    if booking.status != Status.STOPPED or booking.item_id is None:
        return _("Only a stopped session of a prescription can be counted.")
    return _("This session is already counted.") if booking.stop_counts else ""


def why_not_lift(*, lifted: bool, reason: str, needs_examination: bool, examined: bool) -> str:
    """Whether a Vaidya may lift a pause: with a sentence, and after a new examination where the sign asks for one."""
    return why_no_reason(reason) or why_not_lift_yet(
        lifted=lifted, needs_examination=needs_examination, examined=examined
    )


def why_not_lift_yet(*, lifted: bool, needs_examination: bool, examined: bool) -> str:
    """The same without the sentence: what must be done first."""
    if lifted:
        return _("This pause has already been lifted.")
    if needs_examination and not examined:
        return _("After this sign, first sign a new examination of the patient.")
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
