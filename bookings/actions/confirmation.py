"""A held time becomes a visit."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from bookings.actions import history, idempotency
from bookings.actions.conditional_writes import set_status, update_once
from bookings.actions.locks import lock
from bookings.actions.occupancy import BookingChannel, Placement, lock_time, take_time
from bookings.actions.occupancy_rows import crew_of, resources_and_patients
from bookings.actions.online_bookings import Online, asks_first, holders_of_account
from bookings.actions.transaction import action
from bookings.actions.visits import read_again
from bookings.errors import HoldExpired, PolicyRefused, refuse_if
from bookings.facts.opening_hours import next_opening
from bookings.facts.patient import facts_for_variants
from bookings.facts.prices import prices_at
from bookings.facts.visits_now import states_now
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import STILL_TO_COME, Booking, ScreeningState, Status, Visit
from bookings.rules.deaths import why_not_for
from bookings.rules.session_verdicts import VisitVerdict, request_limit, visit_verdict
from bookings.rules.soft_limits import NOTHING_OVERRIDDEN, Override, why_not_override
from bookings.slots.search_space import slot_request_of
from clinic.people.models import Patient, User
from clinic.people.workplaces import roles_held


@action
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
    override: Override = NOTHING_OVERRIDDEN,
) -> Visit:
    """A held visit is booked for this patient; when the hold has lapsed, the same time is tried again.

    What the patient asks for and the clinic decides (or a Vaidya, after what the patient told) becomes a request that
    keeps its time for a while; so does a follow-up of whoever says that they were here and is not on record.
    `override`: at the desk, the soft rules against which it is booked, with the reason.
    Raises SoftLimit, JustTaken, HoldExpired, LimitReached (online only), PolicyRefused, IdempotencyKeyReused, Busy.
    """
    refuse_if(why_not_for(patient, desk=desk))
    owner = f"user:{by.pk}"
    content = (visit.public_id, patient.pk)
    before = idempotency.answered(key=key, owner=owner, verb="book", content=content, answer=visit.public_id, now=now)
    if before is not None:
        return before
    lock(holders=[holder, *([] if desk else holders_of_account(by))])
    bookings = read_again(visit)
    if visit.patient_id == patient.pk and bookings[0].status in STILL_TO_COME:  # in another tab, with another key
        raise HoldExpired(_("This time is already booked for this patient."))
    if visit.holder != holder or bookings[0].status not in (Status.HELD, Status.EXPIRED):
        raise HoldExpired
    serving, patients = resources_and_patients(bookings)
    refuse_if(why_not_override(override, _roles_at(visit, by, override, now)))
    placement = _same_time(bookings, patient, frozenset(serving), override if desk else None)
    lock_time([placement], [], patients=patients)  # nobody but this browser session gives back what serves now
    verdict = _verdict(visit, bookings, patient, None if desk else Online(by, was_here), now=now)
    refuse_if(verdict.why_not)
    rows = take_time([placement], bookings, now=now)
    was = _confirm(visit, bookings, patient, verdict, desk=desk)
    patient.clinics.add(visit.clinic_id)
    became = bookings[0].status
    detail: dict[str, Any] = {"patient": patient.pk, "desk": desk, "served": crew_of(rows)} | override.detail
    history.write(visit, "book", by=by, now=now, was=was, became=became, **detail)
    plan_messages(visit=visit, event=_event(bookings), by=by, now=now)
    if any(booking.screening == ScreeningState.DUE for booking in bookings):
        plan_messages(visit=visit, event=VisitEvent.QUESTIONS_DUE, by=by, now=now)
    return visit


def _event(bookings: Sequence[Booking]) -> VisitEvent:
    return VisitEvent.REQUESTED if bookings[0].status == Status.REQUESTED else VisitEvent.BOOKED


def _same_time(
    bookings: Sequence[Booking], patient: Patient, serving: frozenset[int], override: Override | None
) -> Placement:
    """The held time once more, now with the patient: the same way whether or not the hold was swept meanwhile."""
    start, request = bookings[0].starts_at, slot_request_of(bookings, patient)
    return Placement(request, start, bookings, BookingChannel.ANY, serving, override=override)


def _roles_at(visit: Visit, by: User, override: Override, now: dt.datetime) -> set[str]:
    """What the account is at the clinic; not asked where nothing is overridden."""
    return roles_held(by, now)[visit.clinic_id] if override.rules else set()


def _verdict(
    visit: Visit, bookings: Sequence[Booking], patient: Patient, online: Online | None, *, now: dt.datetime
) -> VisitVerdict:
    """What the rules say of these sessions for this patient, once, of what is read under the locks.

    Raises PolicyRefused where the time has passed, LimitReached where the account holds as much as it may.
    """
    start = bookings[0].starts_at
    if start + dt.timedelta(minutes=5) <= now:
        raise PolicyRefused(_("This time has passed."))
    variants = [booking.variant for booking in bookings]
    patient_facts = facts_for_variants(variants, patient, now=now, ignoring=visit.pk)
    asks_clinic = online is not None and asks_first(bookings, patient, online, now=now)
    on = start.astimezone(visit.zone).date()
    return visit_verdict(variants, patient_facts, on=on, zone=visit.zone, asks_clinic=asks_clinic)


def _confirm(visit: Visit, bookings: Sequence[Booking], patient: Patient, verdict: VisitVerdict, *, desk: bool) -> str:
    """Write the patient and the status; the loser of a race for the same hold finds it booked. Returns what it was."""
    was = _swept_meanwhile(visit, bookings)
    held = Visit.objects.filter(pk=visit.pk, patient=None, holder=visit.holder)
    update_once(held, patient=patient, holder="", holder_address="")
    visit.patient, visit.holder, visit.holder_address = patient, "", ""
    until = None if desk else _decided_until(bookings[0], verdict)
    prices = prices_at(visit.clinic_id)
    for booking, session in zip(bookings, verdict.sessions, strict=True):
        booking.plan = booking.plan | {"price": prices.get(booking.variant.therapy_id, "")}
        booking.therapist_gender = patient.accepts_therapist
        booking.screening, booking.expires_at = session.health.screening, until
        if session.health.profile:  # what needs no order keeps the one that it was chosen with
            booking.item = session.order.item if session.order else None
    became = Status.REQUESTED if until else Status.BOOKED
    set_status(bookings, became, "expires_at", "therapist_gender", "screening", "item", "starts_at", "ends_at", "plan")
    return was


def _swept_meanwhile(visit: Visit, bookings: Sequence[Booking]) -> str:
    """The status that the hold has now: another's booking may have swept it before we had the locks on its time."""
    states = states_now(visit)
    for booking in bookings:
        booking.status, booking.version = states[booking.pk]
        if booking.status not in (Status.HELD, Status.EXPIRED):
            raise HoldExpired
    return bookings[0].status


def _decided_until(first: Booking, verdict: VisitVerdict) -> dt.datetime | None:
    """Until when a visit that somebody must decide on keeps its time; None where nobody has to.

    Raises PolicyRefused where health questions are due, or where it is too late to ask anybody.
    """
    if verdict.has_questions:
        raise PolicyRefused(_("Please answer the health questions first."))
    until = request_limit(verdict, first, opens=next_opening)
    if until and until <= verdict.judged_at:
        raise PolicyRefused(
            _("There is not enough time for the clinic to reply. Please call us, or choose a later day.")
        )
    return until
