"""Actions of a session's record: writing it, stopping the session, and a Vaidya's check on the day."""

import datetime as dt
from typing import Any

from bookings.actions import history
from bookings.actions.conditional_writes import save_fields, set_status
from bookings.actions.pauses import pause_after, settle_pain
from bookings.actions.transaction import action
from bookings.actions.visits import lock_booking
from bookings.errors import refuse_if
from bookings.facts.measurements import vitals_of
from bookings.facts.sessions import note_of, sign_of
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Booking, SessionNote, Status, Suspension, Visit
from bookings.rules.amounts import why_not_in_words
from bookings.rules.day_checks import why_not_without_finding
from bookings.rules.sessions import why_not_by, why_not_day_check, why_not_note, why_not_stop
from clinic.clock import clock_words
from clinic.people.models import User
from therapies.session_rules import Sign

NOT_SAID_HERE = frozenset({"id", "booking", "by", "at", "stop_sign"})
FACTS = frozenset(field.name for field in SessionNote._meta.concrete_fields) - NOT_SAID_HERE


ENDED = frozenset({Status.COMPLETED, Status.STOPPED})
"""When what is written of the pain is what is known of it."""


class NoSuchFact(TypeError):
    """A session's record was given something that it has no place for."""


@action
def note_session(*, booking: Booking, by: User, now: dt.datetime, **facts: Any) -> SessionNote:
    """Write the record of a session, or complete it, until the end of the clinic's day. `facts`: fields of the note.

    What is not said stays as it was. Raises PolicyRefused.
    """
    if facts.keys() - FACTS:
        raise NoSuchFact(", ".join(sorted(facts.keys() - FACTS)))
    row = lock_booking(booking)
    refuse_if(why_not_note(row, now=now) or why_not_in_words(facts.get("materials") or ""))
    note = _write(row, by=by, now=now, **facts)
    if row.status in ENDED:
        settle_pain(row, by=by, now=now)
    history.write(row.visit, "note", by=by, now=now, was=row.status, became=row.status, booking=row)
    return note


@action
def stop_session(*, booking: Booking, sign: str, by: User, now: dt.datetime, locked_device: int | None = None) -> Visit:
    """The session ends early because of a sign (a code of the catalogue's stop rules).

    `locked_device` is the clinic device on whose locked screen it was pressed; `by` is then who began the session.

    Where the rule says so, the patient's treatments of the same kind, or all of them, are suspended until a Vaidya
    lifts that; their times stay theirs, and a letter says that the clinic calls. It costs nothing. Raises
    PolicyRefused.
    """
    row = lock_booking(booking)
    refuse_if(why_not_stop(row))
    stop_sign = sign_of(row, sign)
    refuse_if(why_not_by(stop_sign, stopping=True))
    assert stop_sign is not None  # noqa: S101 - refused above
    row.ended_at = now
    set_status([row], Status.STOPPED, "ended_at")
    codes = {"event_code": stop_sign.incident} if stop_sign.incident else {}
    _write(row, by=by, now=now, stop_sign=stop_sign.code, **codes)
    suspension = pause_after(row, stop_sign, by=by, now=now)
    detail = _detail(suspension, locked_device)
    was, became = Status.IN_PROGRESS, Status.STOPPED
    history.write(row.visit, "stop", by=by, now=now, was=was, became=became, booking=row, **detail)
    if suspension:
        plan_messages(visit=row.visit, event=VisitEvent.PAUSED, by=by, now=now)
    return row.visit


@action
def report_sign(*, booking: Booking, sign: str, by: User, now: dt.datetime, locked_device: int | None = None) -> Sign:
    """A sign that does not stop the session is written down: pause and mend, end normally, call the Vaidya.

    Suspends like a stop where the rule says so. Returns the sign. Raises PolicyRefused.
    """
    row = lock_booking(booking)
    refuse_if(why_not_stop(row))
    stop_sign = sign_of(row, sign)
    refuse_if(why_not_by(stop_sign, stopping=False))
    assert stop_sign is not None  # noqa: S101 - refused above
    note = note_of(row)
    line = f"{clock_words(now.astimezone(row.visit.zone))} {stop_sign.words}"
    observations = f"{note.observations}\n{line}" if note and note.observations else line
    _write(row, by=by, now=now, observations=observations)
    suspension = pause_after(row, stop_sign, by=by, now=now)
    detail = _detail(suspension, locked_device)
    history.write(row.visit, "sign", by=by, now=now, was=row.status, became=row.status, booking=row, **detail)
    return stop_sign


@action
def check_for_today(*, booking: Booking, by: User, now: dt.datetime) -> Visit:
    """A Vaidya has seen the patient before a session that asks for it, or whose readings do. Raises PolicyRefused."""
    row = lock_booking(booking)
    refuse_if(why_not_day_check(row, vitals_of(row).open_findings, now=now))
    refuse_if(why_not_without_finding(row))
    row.day_checked_by, row.day_checked_at = by, now
    save_fields([row], "day_checked_by", "day_checked_at")
    history.write(row.visit, "day_check", by=by, now=now, was=row.status, became=row.status, booking=row)
    return row.visit


def _detail(suspension: Suspension | None, locked_device: int | None) -> dict[str, int]:
    """What the history keeps beside a pressed sign."""
    numbers = {"suspension": suspension.pk if suspension else None, "locked_device": locked_device}
    return {name: number for name, number in numbers.items() if number is not None}


def _write(booking: Booking, *, by: User, now: dt.datetime, **facts: Any) -> SessionNote:
    note, _made = SessionNote.objects.update_or_create(booking=booking, defaults={**facts, "by": by, "at": now})
    return note
