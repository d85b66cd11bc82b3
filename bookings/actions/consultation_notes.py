"""A consultation ends with its note: signing it completes the visit, and what was completed without one is settled."""

import datetime as dt

from bookings.actions import history
from bookings.actions.conditional_writes import save_fields, set_status
from bookings.facts.consultations import is_consultation
from bookings.facts.visits_now import bookings_of
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Assessment, Booking, Status
from bookings.rules.left_open import LEFT_OPEN
from clinic.people.models import User
from clinic.people.records import RecordsOf


def settle_note(assessment: Assessment, *, by: User, now: dt.datetime) -> None:
    """Called by the signature, under the patient's lock: the note is written."""
    due = Booking.objects.filter(
        note_due=True, visit__patient__in=RecordsOf(assessment.patient_id), visit__clinic=assessment.clinic_id
    )
    if assessment.visit_id:
        due = due.filter(visit=assessment.visit_id)
    written = list(due.select_related("visit"))
    for booking in written:
        booking.note_due = False
    save_fields(written, "note_due")
    if assessment.visit:
        _complete(assessment, by=by, now=now)


def _complete(assessment: Assessment, *, by: User, now: dt.datetime) -> None:
    """The consultation of this visit, on its day: who was examined came, whatever nobody pressed."""
    visit = assessment.visit
    rows = bookings_of(visit) if visit else []
    for booking in rows:
        if not is_consultation(booking) or booking.status not in LEFT_OPEN or booking.is_day_over(now):
            continue
        if booking.starts_at.astimezone(booking.visit.zone).date() > now.astimezone(booking.visit.zone).date():
            continue
        was, began = booking.status, min(assessment.made_at, now)
        booking.arrived_at = booking.arrived_at or began
        booking.started_at = booking.started_at or max(began, booking.arrived_at)
        booking.ended_at = now
        set_status([booking], Status.COMPLETED, "arrived_at", "started_at", "ended_at")
        history.write(booking.visit, "complete", by=by, now=now, was=was, became=Status.COMPLETED, booking=booking)
        plan_messages(visit=booking.visit, event=VisitEvent.COMPLETED, by=by, now=now)
