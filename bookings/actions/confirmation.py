"""A held time becomes a visit."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from bookings.actions import history, idempotency
from bookings.actions.conditional_writes import set_status, update_once
from bookings.actions.locks import lock
from bookings.actions.occupancy import BookingChannel, Placement, occupy
from bookings.actions.occupancy_rows import crew_rows, resource_ids, states_now
from bookings.actions.online_bookings import Online, asks_first, lock_account
from bookings.actions.transaction import verb
from bookings.actions.visits import read_again
from bookings.errors import HoldExpired, PolicyRefused
from bookings.facts.patient import PatientFacts, patient_facts_of
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Booking, ScreeningState, Status, Visit
from bookings.rules import visits as visit_rules
from bookings.slots.search_space import slot_request_of
from clinic.people.models import Patient, User
from therapies.models import Needs


@verb
def book(
    *,
    visit: Visit,
    patient: Patient,
    holder: str,
    by: User,
    now: dt.datetime,
    key: uuid.UUID,
    desk: bool = False,
    was_here: bool = False,
) -> Visit:
    """A held visit is booked for this patient; when the hold has lapsed, the same time is tried again.

    What the patient asks for and the clinic decides (or a Vaidya, after what the patient told) becomes a request that
    keeps its time for a while; so does a follow-up of whoever says that they were here and is not on record.
    Raises JustTaken, HoldExpired, LimitReached (online only), PolicyRefused, IdempotencyKeyReused, Busy.
    """
    owner = f"user:{by.pk}"
    content = (visit.public_id, patient.pk)
    before = idempotency.answered(key=key, owner=owner, verb="book", content=content, answer=visit.public_id, now=now)
    if before is not None:
        return before
    lock(holders=[holder])
    bookings = read_again(visit)
    if visit.holder != holder or bookings[0].status not in (Status.HELD, Status.EXPIRED):
        raise HoldExpired
    if not desk:
        lock_account(by)
    online = None if desk else Online(by, was_here)
    patient_facts, only_asks = _occupy_for(visit, bookings, patient, online, now=now)
    was = _confirm(visit, bookings, patient, patient_facts, desk=desk, only_asks=only_asks, now=now)
    patient.clinics.add(visit.clinic_id)
    became = bookings[0].status
    detail: dict[str, Any] = {"patient": patient.pk, "desk": desk, "served": crew_rows(bookings)}
    history.write(visit, "book", by=by, now=now, was=was, became=became, **detail)
    plan_messages(visit=visit, event=_event(bookings), by=by, now=now)
    if any(booking.screening == ScreeningState.DUE for booking in bookings):
        plan_messages(visit=visit, event=VisitEvent.QUESTIONS_DUE, by=by, now=now)
    return visit


def _event(bookings: Sequence[Booking]) -> VisitEvent:
    return VisitEvent.REQUESTED if bookings[0].status == Status.REQUESTED else VisitEvent.BOOKED


def _occupy_for(
    visit: Visit, bookings: Sequence[Booking], patient: Patient, online: Online | None, *, now: dt.datetime
) -> tuple[PatientFacts | None, bool]:
    """Take the held time again, now with the patient: the same way whether or not the hold was swept meanwhile.

    Returns what is known of the patient, read under the locks (None where no therapy asks for it), and whether the
    clinic has to say yes first.
    """
    needed = any(booking.variant.therapy.needs != Needs.NOTHING for booking in bookings)
    read: list[PatientFacts] = []
    asks: list[bool] = []

    def judge(start: dt.datetime) -> str:
        if start + dt.timedelta(minutes=5) <= now:
            return _("This time has passed.")
        if needed:
            read.append(patient_facts_of(patient, now=now, ignoring=visit.pk))
        if online:
            asks.append(asks_first(bookings, patient, online, now=now))
        return _why_not(bookings, patient, read, on=start.astimezone(visit.zone).date())

    want = Placement(
        slot_request_of(bookings, patient),
        bookings[0].starts_at,
        bookings,
        BookingChannel.ANY,
        resource_ids(bookings),
        judge,
    )
    occupy([want], bookings, now=now)
    return (read[0] if read else None), any(asks)


def _why_not(bookings: Sequence[Booking], patient: Patient, read: Sequence[PatientFacts], *, on: dt.date) -> str:
    """The first reason that a policy has against one of these bookings."""
    for booking in bookings:
        reason = visit_rules.why_not_book(booking.variant.therapy, patient, on=on)
        for patient_facts in read:
            zone = booking.visit.zone
            reason = reason or visit_rules.why_not_session(booking.variant, patient_facts, on=on, zone=zone)
        if reason:
            return reason
    return ""


def _confirm(
    visit: Visit,
    bookings: Sequence[Booking],
    patient: Patient,
    patient_facts: PatientFacts | None,
    *,
    desk: bool,
    only_asks: bool,
    now: dt.datetime,
) -> str:
    """Write the patient and the status; the loser of a race for the same hold finds it booked."""
    was = _swept_meanwhile(visit, bookings)
    held = Visit.objects.filter(pk=visit.pk, patient=None, holder=visit.holder)
    update_once(held, patient=patient, holder="", holder_address="")
    visit.patient, visit.holder, visit.holder_address = patient, "", ""
    on = bookings[0].starts_at.astimezone(visit.zone).date()
    for booking in bookings:
        booking.therapist_gender = patient.accepts_therapist
        if patient_facts:
            order = patient_facts.order_for(booking.variant, on)
            booking.item = order.item if order else None
            booking.screening = visit_rules.screening_of(booking.variant, patient_facts, on=on, zone=visit.zone)
    if (
        patient_facts
        and not desk
        and visit_rules.questions_open([row.variant for row in bookings], patient_facts, zone=visit.zone)
    ):
        raise PolicyRefused(_("Please answer the health questions first."))
    until = None if desk else _decided_until(bookings, only_asks=only_asks, now=now)
    for booking in bookings:
        booking.expires_at = until
    became = Status.REQUESTED if until else Status.BOOKED
    set_status(bookings, became, "expires_at", "therapist_gender", "screening", "item", "starts_at", "ends_at")
    return was


def _swept_meanwhile(visit: Visit, bookings: Sequence[Booking]) -> str:
    """The status that the hold has now: another's booking may have swept it before we had the locks on its time."""
    states = states_now(visit)
    for booking in bookings:
        booking.status, booking.version = states[booking.pk]
        if booking.status not in (Status.HELD, Status.EXPIRED):
            raise HoldExpired
    return bookings[0].status


def _decided_until(bookings: Sequence[Booking], *, only_asks: bool, now: dt.datetime) -> dt.datetime | None:
    """Until when a visit that somebody must decide on keeps its time; None where nobody has to.

    Raises PolicyRefused where it is too late to ask anybody.
    """
    decided = any(visit_rules.who_decides(booking.variant.therapy, booking.screening) for booking in bookings)
    if not decided and not only_asks:
        return None
    lead = dt.timedelta(minutes=bookings[0].visit.clinic.lead_minutes)
    until = visit_rules.request_until(bookings[0].starts_at, lead, now)
    if until <= now:
        raise PolicyRefused(_("This is too soon for the clinic to answer. Please call us, or choose a later day."))
    return until
