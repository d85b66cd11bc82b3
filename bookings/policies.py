"""May this happen, and if not, why: pure functions that return "" or the reason in words.

The page that hides a button and the verb that refuses ask the same function.
"""

import datetime as dt

from django.utils.translation import gettext as _

from bookings.models import Booking, Status, Visit
from clinic.people.models import Patient
from therapies.models import Needs, Therapy

HOLD_MINUTES = 15
HOLDS_PER_ACCOUNT = 2
HOLDS_PER_ADDRESS = 20
"""At one moment; a clinic's own guest network is one address."""


def free_change_until(booking: Booking) -> dt.datetime:
    """Until when a change costs nothing and needs no call: the therapy's notice, else the clinic's."""
    hours = booking.variant.therapy.change_notice_hours
    notice = booking.visit.clinic.change_notice_hours if hours is None else hours
    return booking.starts_at - dt.timedelta(hours=notice)


def why_not_at_age(therapy: Therapy, patient: Patient, *, on: dt.date) -> str:
    """Whether the patient is of an age at which this is given, in whole years on that day."""
    age = patient.age(on)
    if therapy.minimum_age is not None and age < therapy.minimum_age:
        return _("This is given from the age of %(age)s years.") % {"age": therapy.minimum_age}
    if therapy.maximum_age is not None and age > therapy.maximum_age:
        return _("This is given up to the age of %(age)s years.") % {"age": therapy.maximum_age}
    return ""


def why_not_book(therapy: Therapy, patient: Patient, *, on: dt.date, ordered: bool) -> str:
    """Whether this patient may have this therapy; `ordered`: a Vaidya's signed order is at hand."""
    too_young_or_old = why_not_at_age(therapy, patient, on=on)
    if too_young_or_old:
        return too_young_or_old
    if therapy.same_gender and not patient.accepts_therapist:
        return _("Please say first whom the patient accepts as therapist.")
    if therapy.needs != Needs.NOTHING and not ordered:
        return _("A Vaidya examines the patient and prescribes this first. Please book a consultation.")
    return ""


def why_not_hold(*, by_account: int, by_address: int) -> str:
    """Whether one more hold is one too many, given how many the account and the address have now."""
    if by_account >= HOLDS_PER_ACCOUNT or by_address >= HOLDS_PER_ADDRESS:
        return _("You hold several times already. Please finish or release one of them first.")
    return ""


def why_not_extend(visit: Visit, booking: Booking, *, now: dt.datetime) -> str:
    """A hold is extended once, while it lasts."""
    if booking.status != Status.HELD or booking.is_lapsed(now):
        return _("This time is no longer held.")
    if visit.extended:
        return _("A hold can be extended once only.")
    return ""


def why_not_move(booking: Booking, *, now: dt.datetime) -> str:
    """A booked visit can be moved until it begins."""
    if booking.status != Status.BOOKED:
        return _("Only a booked visit can be moved.")
    if booking.starts_at <= now:
        return _("This visit has begun; it can no longer be moved.")
    return ""


def why_not_cancel(booking: Booking, *, now: dt.datetime, desk: bool) -> str:
    """Patients cancel until the visit begins, the desk also when somebody has arrived."""
    if not booking.may_become(Status.CANCELLED):
        return _("This visit can no longer be cancelled.")
    if not desk and (booking.starts_at <= now or booking.status == Status.CHECKED_IN):
        return _("This visit has begun. Please call the clinic.")
    return ""


def why_not_check_in(booking: Booking, *, now: dt.datetime) -> str:
    """On the clinic's day of the visit."""
    if booking.status != Status.BOOKED:
        return _("Only a booked visit can be checked in.")
    if not _same_day(booking, now):
        return _("This visit is on another day.")
    return ""


def why_not_start(booking: Booking) -> str:
    """After check-in, with nothing open in the screening."""
    if booking.status != Status.CHECKED_IN:
        return _("The patient has not been checked in.")
    if booking.screening in ("due", "waiting"):
        return _("The health questions are not settled yet.")
    return ""


def why_not_complete(booking: Booking) -> str:
    """Only what has begun can be completed."""
    return "" if booking.status == Status.IN_PROGRESS else _("This treatment has not begun.")


def why_not_no_show(booking: Booking, *, now: dt.datetime) -> str:
    """Once the treatment should have begun, for exactly the booked."""
    if booking.status != Status.BOOKED:
        return _("Only a booked visit can be marked so.")
    if booking.starts_at > now:
        return _("The visit has not begun yet.")
    return ""


def why_not_undo(booking: Booking, *, now: dt.datetime) -> str:
    """Check-in, start and no-show, on the same day."""
    if booking.status not in (Status.CHECKED_IN, Status.IN_PROGRESS, Status.NO_SHOW):
        return _("There is nothing to undo.")
    if not _same_day(booking, now):
        return _("This can be undone on the same day only.")
    return ""


def why_not_reassign(booking: Booking) -> str:
    """While somebody is still to serve."""
    if booking.status in (Status.BOOKED, Status.CHECKED_IN, Status.REQUESTED):
        return ""
    return _("This visit can no longer be given to somebody else.")


def _same_day(booking: Booking, now: dt.datetime) -> bool:
    zone = booking.visit.zone
    return booking.starts_at.astimezone(zone).date() == now.astimezone(zone).date()
