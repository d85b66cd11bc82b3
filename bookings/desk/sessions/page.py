"""What the page of a session shows: before it, while it goes on, and after it."""

import datetime as dt
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.facts import sessions as session_facts
from bookings.facts.measurements import monitoring_of
from bookings.models import Booking, SessionNote, Status, Visit
from bookings.rules.sessions import why_not_note
from clinic.people.models import Role, User
from therapies.readings import named_vitals
from therapies.session_rules import Sign

from .diet_forms import diet_part
from .forms import BeforeForm, WholeForm, said_by
from .readings_panel import readings_panel


class SessionStage(StrEnum):
    BEFORE = "before"
    DURING = "during"
    AFTER = "after"
    CLOSED = "closed"


STEPS_AFTER_A_STOP: dict[str, str | Promise] = {
    "remove_heat_and_oil": _("Remove heat and oil."),
    "make_comfortable": _("Make the patient comfortable."),
    "take_vitals": _("Measure blood pressure and pulse."),
    "call_vaidya": _("Call the Vaidya."),
    "record_incident": _("Record below what happened."),
    "tell_patient_what_next": _("Tell the patient what will happen next."),
    "hold_future_sessions": _("If the sign requires it, the next sessions wait for the Vaidya."),
    "review_plan": _("The Vaidya will review the plan."),
}
"""The catalogue's steps in words; one that has none is shown by its code."""


def steps_in_words() -> list[str | Promise]:
    """What to do when a session was stopped, in order."""
    return [STEPS_AFTER_A_STOP.get(step, step) for step in session_facts.steps_after_a_stop()]


def stage_of(booking: Booking, *, now: dt.datetime) -> SessionStage:
    if why_not_note(booking, now=now):
        return SessionStage.CLOSED
    if booking.status == Status.CHECKED_IN:
        return SessionStage.BEFORE
    return SessionStage.DURING if booking.status == Status.IN_PROGRESS else SessionStage.AFTER


def empty_form(booking: Booking, note: SessionNote | None, stage: SessionStage) -> BeforeForm | None:
    """The form of this stage, filled in as far as it can be; none when the record is closed."""
    if stage is SessionStage.CLOSED:
        return None
    texts = said_by(note, session_facts.filled_in(booking))
    if stage is SessionStage.BEFORE:
        return BeforeForm(initial=texts, named=named_in(booking))
    return WholeForm(initial=texts, named=named_in(booking), events=session_events(booking, note))


def named_in(booking: Booking) -> tuple[str, ...]:
    """What the entry of this therapy wants measured."""
    return named_vitals(monitoring_of(booking.variant.therapy))


def session_events(booking: Booking, note: SessionNote | None) -> list[tuple[str, str]]:
    """The WHO terms of what may go wrong with this treatment; with words where a stop sign has the same term."""
    words = {sign.incident: sign.words for sign in session_facts.signs_of(booking) if sign.incident}
    codes = [*booking.variant.therapy.facts.get("incident_terms", []), *words]
    if note and note.event_code:
        codes.append(note.event_code)
    return [(code, f"{code} · {words[code]}" if code in words else code) for code in dict.fromkeys(codes)]


def page_of(
    visit: Visit, booking: Booking, *, by: User, now: dt.datetime, form: BeforeForm | None = None
) -> dict[str, object]:
    """All that the template needs; `form` is one that was sent and must be looked at again."""
    stage, note = stage_of(booking, now=now), session_facts.note_of(booking)
    signs, early = session_facts.signs_of(booking), stage in (SessionStage.BEFORE, SessionStage.DURING)
    return {
        **diet_part(booking, note),
        "visit": visit,
        "booking": booking,
        "patient": visit.patient,
        "stage": stage.value,
        "ends_at": _planned_end(booking),
        "why_closed": why_not_note(booking, now=now),
        "note": note,
        "item": booking.item,
        "form": form or empty_form(booking, note, stage),
        "keep_to": session_facts.keep_to(booking) if early else [],
        "signs": signs if stage is SessionStage.DURING else [],
        "stopped_by": _stopped_by(note, signs),
        "steps": steps_in_words(),
        **readings_panel(booking, before=stage is SessionStage.BEFORE, now=now),
        "is_vaidya": by.clinics_at(now, Role.VAIDYA).filter(pk=visit.clinic_id).exists(),
    }


def _planned_end(booking: Booking) -> dt.datetime:
    """When the session ends as planned from its real beginning."""
    return booking.ends_at + (booking.started_at - booking.starts_at if booking.started_at else dt.timedelta())


def _stopped_by(note: SessionNote | None, signs: list[Sign]) -> Sign | None:
    return next((sign for sign in signs if note and sign.code == note.stop_sign), None)
