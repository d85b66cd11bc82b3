"""What the page of a session shows: before it, while it goes on, and after it."""

import datetime as dt
from enum import StrEnum
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.facts import sessions as session_facts
from bookings.facts.measurements import monitoring_of
from bookings.facts.on_duty import vaidyas_on_duty
from bookings.facts.real_minutes import in_the_way
from bookings.models import Booking, SessionNote, Status, Visit
from bookings.rules.paper import GAPS, why_not_review_gaps
from bookings.rules.sessions import STOP_UNDONE_WITHIN, why_not_count, why_not_note, why_not_undo_stop
from clinic.people.models import Role, User
from clinic.wall import closing
from therapies.readings import named_vitals
from therapies.session_rules import Sign

from .day_check_forms import day_check_part
from .diet_forms import diet_part
from .forms import BeforeForm, WholeForm, said_by
from .hand_over_forms import hand_over_part
from .readings_panel import readings_panel
from .start_reasons import start_reasons
from .use import use_panel

ASK_EVERY = 5
"""Minutes from one question about comfort to the next: rule sr_check_in of the catalogue (house guide; the number of
minutes is a clinic default)."""
LAST_MINUTE = 24 * 60 - 1


class SessionStage(StrEnum):
    BEFORE = "before"
    DURING = "during"
    AFTER = "after"
    CLOSED = "closed"


STEPS_AFTER_A_STOP: dict[str, str | Promise] = {
    "remove_heat_and_oil": gettext_lazy("Remove heat and oil."),
    "make_comfortable": gettext_lazy("Make the patient comfortable."),
    "take_vitals": gettext_lazy("Measure blood pressure and pulse."),
    "call_vaidya": gettext_lazy("Call the Vaidya."),
    "record_incident": gettext_lazy("Record below what happened."),
    "tell_patient_what_next": gettext_lazy("Tell the patient what will happen next."),
    "hold_future_sessions": gettext_lazy("If the sign requires it, the next sessions wait for the Vaidya."),
    "review_plan": gettext_lazy("The Vaidya will review the plan."),
}
"""The catalogue's steps in words; a test finds one that has none."""


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
    """What may go wrong with this treatment, in words: its signs to stop, under the WHO term where one is known."""
    rows = {sign.incident or sign.code: sign.words for sign in session_facts.signs_of(booking) if sign.suspends}
    if note and note.event_code:
        rows.setdefault(note.event_code, event_words(note.event_code))
    return list(rows.items())


def event_words(code: str) -> str:
    """An adverse event in words, whatever the catalogue says today; a WHO term that it has no words for says so."""
    words = session_facts.words_of_events()
    return words.get(code) or _("Another event (WHO term %(code)s)") % {"code": code}


def page_of(
    visit: Visit, booking: Booking, *, by: User, now: dt.datetime, form: BeforeForm | None = None
) -> dict[str, object]:
    """All that the template needs; `form` is one that was sent and must be looked at again."""
    stage, note = stage_of(booking, now=now), session_facts.note_of(booking)
    reasons = start_reasons(booking, by=by, now=now) if stage is SessionStage.BEFORE else []
    signs, early = session_facts.signs_of(booking), stage in (SessionStage.BEFORE, SessionStage.DURING)
    return {
        **diet_part(booking, note),
        **day_check_part(booking, now=now),
        **hand_over_part(booking),
        "visit": visit,
        "on_duty": cache(lambda: vaidyas_on_duty(visit.clinic, now)),
        "booking": booking,
        "patient": visit.patient,
        "stage": stage.value,
        "ends_at": _planned_end(booking),
        "ask_every": ASK_EVERY,
        "why_closed": why_not_note(booking, now=now),
        "note": note,
        "item": booking.item,
        "form": form or empty_form(booking, note, stage),
        "keep_to": session_facts.keep_to(booking) if early else [],
        "start_reasons": reasons,
        "start_waits": any(not reason.in_form for reason in reasons),
        "signs": signs if stage is SessionStage.DURING else [],
        "in_the_way": in_the_way(booking, now=now) if stage is SessionStage.BEFORE else [],
        "stopped_by": _stopped_by(note, signs),
        "taken_back": session_facts.stops_taken_back([booking.pk]),
        "event": event_words(note.event_code) if note and note.event_code else "",
        "undo_until": undo_until(booking, by=by, now=now),
        "gaps": [GAPS.get(gap, gap) for gap in booking.gaps],
        "may_review": not why_not_review_gaps(booking),
        "may_count": not why_not_count(booking),
        "steps": steps_in_words(),
        **readings_panel(booking, before=stage is SessionStage.BEFORE, now=now),
        **use_panel(booking, note),
        "is_vaidya": by.clinics_at(now, Role.VAIDYA).filter(pk=visit.clinic_id).exists(),
    }


def undo_until(booking: Booking, *, by: User, now: dt.datetime) -> dt.datetime | None:
    """Until when this person may take back the sign that stopped the session; None where they may not."""
    stopped_by = session_facts.who_stopped(booking)
    is_vaidya = by.clinics_at(now, Role.VAIDYA).filter(pk=booking.visit.clinic_id).exists()
    if booking.ended_at is None or why_not_undo_stop(
        booking, by=by, stopped_by=stopped_by, now=now, is_vaidya=is_vaidya
    ):
        return None
    if not is_vaidya:
        return booking.ended_at + STOP_UNDONE_WITHIN
    zone = booking.visit.zone
    return closing(now.astimezone(zone).date(), LAST_MINUTE, zone)


def _planned_end(booking: Booking) -> dt.datetime:
    """When the session ends as planned from its real beginning."""
    return booking.ends_at + (booking.started_at - booking.starts_at if booking.started_at else dt.timedelta())


def _stopped_by(note: SessionNote | None, signs: list[Sign]) -> Sign | None:
    return next((sign for sign in signs if note and sign.code == note.stop_sign), None)
