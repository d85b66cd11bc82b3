"""May this happen, and if not, why: pure functions that return "" or the reason in words.

The page that hides a button and the action that refuses ask the same function.
"""

import datetime as dt
from collections.abc import Collection, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.facts.catalogue_numbers import MINIMUM_AGE
from bookings.facts.orders import OrderProgress
from bookings.facts.patient import PatientFacts
from bookings.models import STILL_TO_COME, Booking, ScreeningState, Status, Visit
from clinic.people.models import Patient
from therapies.consent_texts import OWN_CONSENT
from therapies.models import BookingMode, Needs, Therapy, Variant

HOLD_MINUTES = 15
HOLDS_PER_ACCOUNT = 2
HOLDS_PER_ADDRESS = 20
"""At one moment; a clinic's own guest network is one address."""
ANSWERED_AFTER_OPENING = dt.timedelta(hours=2)
"""How long after its opening a clinic has to answer a request that would have ended while it was closed (a clinic
default, unsourced)."""
REQUEST_LASTS = dt.timedelta(hours=24)
"""How long a request, or a wait for a Vaidya, keeps its time (a clinic default, unsourced)."""


def why_not_at_age(variant: Variant, patient: Patient, *, on: dt.date, youngest: int | None, written: str = "") -> str:
    """Whether the patient is of an age at which this is given, in whole years on that day.

    `youngest` is the catalogue's, of treatments that name no age of their own; None where it cannot be read. `written`:
    the Vaidya's reason on the order, which lifts limits that are not absolute.
    """
    ages, least = patient.ages(on), variant.youngest
    if least is None and variant.therapy.needs != Needs.NOTHING:
        if youngest is None:
            return MINIMUM_AGE.why_unreadable
        least = youngest
    if written.strip() and not variant.has_absolute_ages:
        return ""
    if least is not None and ages.least < least:
        return _("This treatment is for patients aged %(age)s or over.") % {"age": least} + _asks_birth(patient)
    if variant.oldest is not None and ages.greatest > variant.oldest:
        return _("This treatment is for patients up to the age of %(age)s.") % {"age": variant.oldest} + _asks_birth(
            patient
        )
    return ""


def _asks_birth(patient: Patient) -> str:
    """What helps where the age is not known exactly."""
    if not patient.birth_is_approximate:
        return ""
    return " " + _("Only an approximate age is known: the date of birth decides.")


def why_not_ordered(order: OrderProgress | None, variant: Variant, *, on: dt.date) -> str:
    """Whether a Vaidya's signed order (`PatientFacts.order_for` that day) covers a session of this on that day."""
    if variant.therapy.needs == Needs.NOTHING:
        return ""
    if order is None:
        return _("A Vaidya must first examine the patient and prescribe this treatment. Please book a consultation.")
    return why_not_next(order, variant, on=on)


def why_spent(order: OrderProgress) -> str:
    """Whether all its sessions are booked or given."""
    return "" if order.left else _("All %(count)s prescribed sessions are booked.") % {"count": order.item.sessions}


def why_not_next(order: OrderProgress, variant: Variant, *, on: dt.date) -> str:
    """Whether one more session on that day keeps to the order: how many, until when, in which order, how far apart."""
    spent = why_spent(order)
    if spent:
        return spent
    if on > order.item.prescription.valid_until:
        until = date_format(order.item.prescription.valid_until, "j F")
        return _("The prescription is valid until %(day)s.") % {"day": until}
    apart = dt.timedelta(days=order.item.days_between)
    near = [day for day in order.days if abs(on - day) < apart]
    if near:
        return _("The next session of this course can be booked from %(day)s.") % {
            "day": date_format(max(near) + apart, "l j F")
        }
    if not order.sequence:
        return ""
    if order.days and on < order.days[-1]:
        return _("The sessions of this course must be booked in order.")
    return (
        ""
        if variant.treatment == order.next_code
        else _("The next session of this course is a different form of this treatment.")
    )


def why_suspended(therapy: Therapy, patient_facts: PatientFacts) -> str:
    """Whether a session of its kind was stopped, and no Vaidya has lifted that."""
    if is_paused(therapy, patient_facts.suspended):
        return _("Treatments are paused. The Vaidya must see the patient first.")
    return ""


def is_paused(therapy: Therapy, paused: Collection[str]) -> bool:
    """Whether this therapy is among those that are paused, by its code, one of its groups, or "all"."""
    return therapy.needs != Needs.NOTHING and not {"all", therapy.code, *therapy.groups}.isdisjoint(paused)


def why_not_begin(booking: Booking, patient_facts: PatientFacts) -> str:
    """Whether the record lets a session begin: order, consent, a Vaidya's check of the day, suspension.

    What the answers say of it is asked by `why_not_start`, of the booking's screening.
    """
    therapy = booking.variant.therapy
    if therapy.needs == Needs.NOTHING:
        return ""
    own = therapy.code if therapy.consent == OWN_CONSENT else ""
    if booking.item_id not in {order.item.pk for order in patient_facts.ordered}:
        return _("The prescription is no longer valid. A Vaidya must decide.")
    if not {"", own} <= patient_facts.consents:
        return _("The patient has not signed the consent form yet.")
    if therapy.needs == Needs.DAY_CHECK and booking.day_checked_at is None:
        return _("A Vaidya must check the patient on the day first.")
    return why_suspended(therapy, patient_facts)


def why_not_hold(*, by_account: int, by_address: int) -> str:
    """Whether one more hold is one too many, given how many the account and the address have now."""
    if by_account >= HOLDS_PER_ACCOUNT or by_address >= HOLDS_PER_ADDRESS:
        return _("You are already holding several times. Please complete or release one of them first.")
    return ""


def who_decides(therapy: Therapy, *, waits: bool) -> str:
    """Who must say yes before a session that a patient asks for is booked: "vaidya", "clinic", or "" for nobody.

    `waits`: the patient's answers wait for a Vaidya.
    """
    if waits:
        return "vaidya"
    return "clinic" if therapy.booking_mode == BookingMode.REQUEST else ""


def request_until(
    start: dt.datetime, lead: dt.timedelta, now: dt.datetime, *, opens: dt.datetime | None = None
) -> dt.datetime:
    """Until when a request keeps its time: a day, and no longer than the clinic's lead time before it begins.

    `opens`: when the clinic opens after that day. Where it is closed then, somebody has a while after it to answer.
    """
    until = now + REQUEST_LASTS
    if opens is not None and opens > until:
        until = opens + ANSWERED_AFTER_OPENING
    return min(until, start - lead)


def why_not_decline(booking: Booking) -> str:
    """A request is answered until something has ended it: its limit alone does not, `lapse` does."""
    return "" if booking.status == Status.REQUESTED else _("This request has already ended.")


def why_not_accept(booking: Booking, *, now: dt.datetime) -> str:
    """The same, while its time is ahead; and only a Vaidya says yes where the patient's answers ask for one."""
    if booking.status == Status.REQUESTED and booking.starts_at <= now:
        return _("This time has passed.")
    return why_not_decline(booking) or (_("This is waiting for the Vaidya.") if booking.waits_for_vaidya else "")


def why_not_held(booking: Booking, *, now: dt.datetime) -> str:
    """Whether its time is still held for whoever chose it."""
    return "" if booking.holds_time(now) and booking.status == Status.HELD else _("This time is no longer held.")


def why_not_extend(visit: Visit, booking: Booking, *, now: dt.datetime) -> str:
    """A hold is extended once, while it lasts."""
    if reason := why_not_held(booking, now=now):
        return reason
    return _("A hold can be extended only once.") if visit.extended else ""


def why_not_move(booking: Booking, *, now: dt.datetime, desk: bool = False) -> str:
    """Patients move what is booked until its planned time; the desk all day, also when somebody waits here.

    A plan that has passed is no visit that has begun: the patient may be on the way, or sit in the waiting room.
    """
    if booking.status not in ({Status.BOOKED, Status.CHECKED_IN} if desk else {Status.BOOKED}):
        return _("Only a booked visit can be rescheduled.")
    if not desk and booking.starts_at <= now:
        return _("The planned time has passed. Please call the clinic.")
    return why_day_over(booking, now=now)


def why_day_over(booking: Booking, *, now: dt.datetime) -> str:
    """Whether its day at the clinic has ended: from then on somebody says what happened, and nothing is planned."""
    return _("The day of this visit is over. Please record what happened.") if booking.is_day_over(now) else ""


def why_not_cancel(booking: Booking, *, now: dt.datetime, desk: bool) -> str:
    """Patients cancel until the visit begins, the desk also when somebody has arrived."""
    if not booking.may_become(Status.CANCELLED):
        return _("This visit can no longer be cancelled.")
    if desk:
        return why_day_over(booking, now=now)
    if booking.status == Status.CHECKED_IN:
        return _("The clinic has recorded that you have arrived. Please tell the front desk.")
    return _("The planned time has passed. Please call the clinic.") if booking.starts_at <= now else ""


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
    if booking.waits_for_vaidya:
        return _("This is waiting for the Vaidya.")
    if booking.screening == ScreeningState.DUE:
        return _("The health questions for this day have not been answered yet.")
    return ""


def why_not_complete(booking: Booking) -> str:
    """Only what has begun can be completed."""
    return "" if booking.status == Status.IN_PROGRESS else _("This treatment has not started.")


def why_not_no_show(booking: Booking, *, now: dt.datetime) -> str:
    """Once the treatment should have begun, for exactly the booked."""
    if booking.status != Status.BOOKED:
        return _("Only a booked visit can be marked as a no-show.")
    if booking.starts_at > now:
        return _("The visit has not started yet.")
    return why_day_over(booking, now=now)


def why_not_undo(booking: Booking, *, now: dt.datetime) -> str:
    """Check-in, start, completing, no-show and cancelling: on the day on which somebody pressed it."""
    acted_at, zone = booking.acted_at, booking.visit.zone
    if acted_at is None:
        return _("There is nothing to undo.")
    if acted_at.astimezone(zone).date() != now.astimezone(zone).date():
        return _("This can only be undone on the same day.")
    return ""


def why_not_withdraw_paper(booking: Booking, *, has_note: bool) -> str:
    """What nobody has built on since: a record of the session, or a Vaidya's review of what it lacked."""
    if has_note or booking.gaps_seen_at is not None:
        return _("Something has been recorded on this visit since. It can no longer be taken back.")
    return ""


def last_to_undo(bookings: Sequence[Booking], *, now: dt.datetime) -> Booking:
    """The booking whose status an undo takes back: the one on which somebody acted last, else the first."""
    open_ = [booking for booking in bookings if not why_not_undo(booking, now=now)]
    return max(open_, default=bookings[0], key=lambda booking: booking.acted_at or booking.starts_at)


def why_not_reassign(booking: Booking, *, now: dt.datetime) -> str:
    """While somebody is still to serve."""
    if booking.status in STILL_TO_COME:
        return why_day_over(booking, now=now)
    return _("The staff or room of this visit can no longer be changed.")


def _same_day(booking: Booking, now: dt.datetime) -> bool:
    zone = booking.visit.zone
    return booking.starts_at.astimezone(zone).date() == now.astimezone(zone).date()
