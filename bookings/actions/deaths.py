"""A patient has died: nothing is expected of them any more, nothing is sent; a mistake is taken back the same day."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from bookings.actions import history
from bookings.actions.conditional_writes import set_status
from bookings.actions.occupancy import BookingChannel, Placement, occupy
from bookings.actions.occupancy_rows import crew_rows
from bookings.actions.transaction import action
from bookings.actions.visits import lock_and_read, raise_ics_sequence
from bookings.errors import ActionRefused, refuse_if
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import NO_LEASE, plan_messages, void_messages
from bookings.models import STILL_TO_COME, Booking, CancelledBy, Message, State, Status, Visit
from bookings.models.booking import day_not_over
from bookings.rules import deaths as death_rules
from bookings.slots.search_space import slot_request_of
from clinic.people.models import Patient, User

DIED = "patient_died"
"""The code of the reason for which visits were called off."""


@action
def note_death(*, patient: Patient, by: User, now: dt.datetime) -> Patient:
    """Call off what is to come, without a message, and send the patient nothing more. Once is enough.

    Who acts for the patient in the portal keeps the past visits; nobody is written to.
    """
    current = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    if current.death_noted_at is not None:
        return current
    for visit in Visit.objects.filter(patient=current).upcoming(now):
        _call_off(visit, by=by, now=now)
    Message.objects.filter(patient=current, state=State.DUE).update(state=State.VOID, **NO_LEASE)
    current.death_noted_at = now  # who noted it is in the history of the table
    current.save(update_fields=["death_noted_at"])
    return current


@action
def take_death_back(*, patient: Patient, by: User, now: dt.datetime) -> list[Visit]:
    """It was a mistake: what was called off is booked again where its time is free still.

    Returns the visits that could not be. Raises PolicyRefused after the day on which it was noted.
    """
    current = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    refuse_if(death_rules.why_death_stands(current, now=now))
    current.death_noted_at = None
    current.save(update_fields=["death_noted_at"])
    called_off = Booking.objects.filter(day_not_over(now), visit__patient=current, reason=DIED)
    rows = Visit.objects.filter(pk__in=called_off.values("visit"))
    return [visit for visit in rows.order_by("arrives_at") if not _is_restored(visit, by=by, now=now)]


def _call_off(visit: Visit, *, by: User, now: dt.datetime) -> None:
    going = [booking for booking in lock_and_read(visit) if booking.status in STILL_TO_COME]
    if not going:
        return
    was, was_served = going[0].status, crew_rows(going)
    occupy([], going, now=now)
    for booking in going:
        booking.ended_by, booking.reason, booking.expires_at = CancelledBy.CLINIC, DIED, None
    set_status(going, Status.CANCELLED, "ended_by", "reason", "expires_at")
    raise_ics_sequence(visit, visit.arrives_at)
    detail: dict[str, Any] = {"ended_by": CancelledBy.CLINIC, "reason": DIED, "was_served": was_served}
    history.write(visit, "cancel", by=by, now=now, was=was, became=Status.CANCELLED, **detail)
    void_messages(visit=visit)


def _is_restored(visit: Visit, *, by: User, now: dt.datetime) -> bool:
    """Whether the visit stands again; a request that was called off is asked for anew, as is what has passed."""
    row = visit.history.filter(verb="cancel").last()
    if row is None or row.was != Status.BOOKED:
        return False
    try:
        with transaction.atomic():
            _restore(visit, before=frozenset(pk for _place, pk, _part in row.detail["was_served"]), by=by, now=now)
    except ActionRefused:
        return False
    return True


def _restore(visit: Visit, *, before: frozenset[int], by: User, now: dt.datetime) -> None:
    """The same start again, with whoever served before where they are still free."""
    bookings: Sequence[Booking] = lock_and_read(visit, candidates=True)
    refuse_if(death_rules.why_not_restore(bookings, now=now))
    for booking in bookings:
        booking.ended_by, booking.reason = "", ""
    request = slot_request_of(bookings, visit.patient)
    occupy([Placement(request, bookings[0].starts_at, bookings, BookingChannel.ANY, before=before)], [], now=now)
    set_status(bookings, Status.BOOKED, "ended_by", "reason", "starts_at", "ends_at")
    history.write(visit, "undo", by=by, now=now, was=Status.CANCELLED, became=Status.BOOKED)
    plan_messages(visit=visit, event=VisitEvent.RESTORED, by=by, now=now)
