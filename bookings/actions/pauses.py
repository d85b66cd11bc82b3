"""What follows on a sign: the patient's treatments are paused, and a mistaken press is taken back."""

import datetime as dt

from django.utils.translation import gettext as _

from bookings.actions import history
from bookings.actions.conditional_writes import save_fields, set_status
from bookings.actions.sessions_ahead import look_again
from bookings.actions.transaction import action
from bookings.actions.visits import lock_booking
from bookings.errors import refuse_if
from bookings.facts.sessions import given_in, note_of, who_stopped
from bookings.models import Booking, Message, MessageKind, SessionNote, State, Status, Suspension
from bookings.rules.sessions import why_not_count, why_not_end_with, why_not_undo_stop
from clinic.people.models import Role, User
from therapies.session_rules import ALL, PAIN_ROSE, Sign, has_pain_risen


def pause_after(booking: Booking, sign: Sign, *, by: User, now: dt.datetime) -> Suspension | None:
    """Pause what the sign pauses, if anything. Called under the locks of the visit."""
    return _pause(booking, sign.suspended(given_in(booking)), sign.code, by=by, now=now)


def settle_pain(booking: Booking, *, by: User, now: dt.datetime) -> None:
    """At the end of a session: pain that rose needs a sentence, and the next session waits for a Vaidya's look.

    Called under the locks of the visit. Raises PolicyRefused without the sentence.
    """
    note = note_of(booking)
    if note is None:
        return
    before, after = note.pain_before, note.pain_after
    refuse_if(why_not_end_with(before=before, after=after, what_happened=note.pain_rise))
    if not has_pain_risen(before, after) or Suspension.objects.filter(booking=booking, sign=PAIN_ROSE).exists():
        return
    _pause(booking, [ALL], PAIN_ROSE, by=by, now=now)


@action
def take_back_stop(*, booking: Booking, by: User, now: dt.datetime) -> Booking:
    """A sign that was pressed by mistake is taken back, by who pressed it or a Vaidya: the session goes on.

    Raises PolicyRefused.

    What it paused goes on too, and the desk tells the patient where a letter may have gone out.
    """
    row = lock_booking(booking)
    is_vaidya = by.clinics_at(now, Role.VAIDYA).filter(pk=row.visit.clinic_id).exists()
    refuse_if(why_not_undo_stop(row, by=by, stopped_by=who_stopped(row), now=now, is_vaidya=is_vaidya))
    for pause in Suspension.objects.active().filter(booking=row, at__gte=row.ended_at or now):
        pause.lifted_at, pause.lifted_by, pause.lift_reason = now, by, _("Pressed by mistake")
        pause.mistaken = True
        if not _is_told(row):
            pause.rung_at, pause.rung_by = now, by
        pause.save()
    SessionNote.objects.filter(booking=row).update(stop_sign="", event_code="", by=by, at=now)
    row.ended_at = None
    set_status([row], Status.IN_PROGRESS, "ended_at")
    history.write(row.visit, "undo_stop", by=by, now=now, was=Status.STOPPED, became=Status.IN_PROGRESS, booking=row)
    _look_again(row, by=by, now=now)
    return row


@action
def count_stopped(*, booking: Booking, by: User, now: dt.datetime) -> Booking:
    """A Vaidya says that a stopped session counts as one of the order. Raises PolicyRefused."""
    row = lock_booking(booking)
    refuse_if(why_not_count(row))
    row.stop_counts = True
    save_fields([row], "stop_counts")
    history.write(row.visit, "count_stopped", by=by, now=now, was=row.status, became=row.status, booking=row)
    return row


def _pause(booking: Booking, therapies: list[str], sign: str, *, by: User, now: dt.datetime) -> Suspension | None:
    visit = booking.visit
    if not therapies or visit.patient is None:
        return None
    pause = Suspension.objects.create(
        patient=visit.patient, clinic=visit.clinic, booking=booking, therapies=therapies, sign=sign, by=by, at=now
    )
    _look_again(booking, by=by, now=now)
    return pause


def _is_told(booking: Booking) -> bool:
    """Whether a letter about the pause may have reached the patient, so that somebody must ring."""
    letters = Message.objects.filter(visit=booking.visit, kind=MessageKind.PAUSED)
    return letters.exclude(state__in=[State.DUE, State.VOID]).exists()


def _look_again(booking: Booking, *, by: User, now: dt.datetime) -> None:
    """The sessions ahead: what was told of the day before the sign counts no more."""
    if booking.visit.patient is not None:
        look_again(booking.visit.patient, by=by, now=now)
