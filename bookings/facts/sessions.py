"""What is known of sessions: the rules for the one at hand, what to fill in beforehand, and those that were given."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bookings.facts.lifted_limits import lifted_limits
from bookings.facts.session_use import materials_of, ordered_for
from bookings.models import Answer, Assessment, Booking, HandOver, History, SessionNote, Suspension
from clinic.people.models import Patient
from clinic.people.records import RecordsOf
from clinic.wall import edge
from therapies.models import Rule
from therapies.session_rules import EXAMINATION, PAIN_ROSE, REASON, GivenTherapy, Sign, kept_to, signs, words_of

ASSESSMENTS = "fr_assessment_validity"
"""The rule of the catalogue that says when a new examination is needed."""
PAIN_TODAY = "integer_0_10"
"""The type of the question that asks for the pain of the day."""


def given_in(booking: Booking) -> GivenTherapy:
    """What this session gives; reads variant and therapy."""
    therapy = booking.variant.therapy
    return GivenTherapy(therapy.code, booking.variant.treatment, frozenset(therapy.groups))


def rules_of(kind: str) -> list[tuple[str, dict[str, Any]]]:
    """The rules of the catalogue of one kind, as (code, data)."""
    return list(Rule.objects.filter(kind=kind).order_by("pk").values_list("code", "data"))


def keep_to(booking: Booking) -> list[str]:
    """What to keep to during this session, and which limits the Vaidya has lifted for it, each with the reason."""
    lifted = lifted_limits(booking.item) if booking.item else []
    words = [_("The Vaidya has lifted a limit: %(limit)s. %(reason)s") % {"limit": a, "reason": b} for a, b in lifted]
    return [*words, *kept_to(rules_of("session"), given_in(booking))]


def signs_of(booking: Booking) -> list[Sign]:
    """The signs to look for during this session."""
    return signs(rules_of("stop"), given_in(booking))


def sign_of(booking: Booking, code: str) -> Sign | None:
    """One of them by its code."""
    return next((sign for sign in signs_of(booking) if sign.code == code), None)


def words_of_signs() -> dict[str, str]:
    """All signs of the catalogue in words, by their codes."""
    words = {code: words_of(data, "sign") for code, data in rules_of("stop") if "sign" in data}
    return words | {PAIN_ROSE: _("Pain rose from before to after the session")}


def words_of_events() -> dict[str, str]:
    """Kinds of adverse events in words: the signs to stop, by their WHO term where a rule names one."""
    rules = [(code, data) for code, data in rules_of("stop") if "sign" in data]
    return {data.get("incident_code") or code: words_of(data, "sign") for code, data in rules}


def who_stopped(booking: Booking) -> int | None:
    """The account that pressed the sign which stopped this session last."""
    stops = History.objects.filter(booking=booking, verb="stop")
    return stops.order_by("-at", "-pk").values_list("by", flat=True).first()


@dataclass(frozen=True)
class StopTakenBack:
    """A sign that stopped a session and was taken back: which, by whom and when."""

    booking: int
    sign: str
    by: str
    at: dt.datetime


def stops_taken_back(bookings: Iterable[int]) -> list[StopTakenBack]:
    """Of these sessions, the earliest first; the sign in words, where it paused something."""
    acts = History.objects.filter(booking__in=[*bookings], verb="undo_stop").select_related("by").order_by("at", "pk")
    rows = Suspension.objects.filter(booking__in=[act.booking_id for act in acts], mistaken=True).order_by("at", "pk")
    signs, words = {row.booking_id: row.sign for row in rows}, words_of_signs() if acts else {}
    return [
        StopTakenBack(act.booking_id or 0, words.get(signs.get(act.booking_id, ""), ""), str(act.by or ""), act.at)
        for act in acts
    ]


def accounts_serving(booking: Booking) -> dict[int, str]:
    """The accounts of those who are booked to give this session, or have taken it over, with their names."""
    rows = booking.occupancies.filter(part__startswith="crew:", resource__practitioner__user__isnull=False)
    pairs = rows.order_by("part", "pk").values_list("resource__practitioner__user", "resource__name")
    taken = HandOver.objects.filter(booking=booking).order_by("pk").values_list("to", "to__name")
    return dict(pairs) | dict(taken)


def lift_needs_examination(sign: str) -> bool:
    """Whether a pause after this sign asks for a new examination: as its rule says, else as the catalogue for all."""
    if sign == PAIN_ROSE:
        return False
    rules = dict(Rule.objects.filter(code__in=(sign, ASSESSMENTS)).values_list("code", "data"))
    own = rules.get(sign, {}).get("lifted_by")
    if own in (EXAMINATION, REASON):
        return bool(own == EXAMINATION)
    return "stop_rule_fired" in rules.get(ASSESSMENTS, {}).get("new_assessment_if", ())


def is_examined_since(patient: Patient, at: dt.datetime) -> bool:
    """Whether a Vaidya has signed an examination of this patient after that moment."""
    return Assessment.objects.filter(patient__in=RecordsOf(patient), signed_at__gt=at).exists()


def steps_after_a_stop() -> list[str]:
    """What to do when a session was stopped, as codes in order."""
    return [step for _code, data in rules_of("stop") for step in data.get("steps", [])]


# --- notes ------------------------------------------------------------------------------------------------------------


def note_of(booking: Booking) -> SessionNote | None:
    return SessionNote.objects.filter(booking=booking).select_related("by", "booking__use").first()


def notes_of(patient: Patient) -> list[SessionNote]:
    """The records of this patient's sessions, the earliest first."""
    rows = SessionNote.objects.filter(booking__visit__patient=patient).select_related(
        "booking__variant__therapy", "booking__visit", "booking__use", "by"
    )
    rows = rows.prefetch_related("booking__measurements__by")
    return list(rows.order_by("booking__starts_at", "pk"))


def filled_in(booking: Booking) -> dict[str, Any]:
    """What a new note begins with: as prescribed, else as the last session of the same therapy had it."""
    last = _last_before(booking)
    item = booking.item
    rows = {
        "pressure": (item.pressure if item else "") or (last.pressure if last else ""),
        "materials": materials_of(booking, last if ordered_for(booking) is None else None),
        "batch": last.batch if last else "",
        "pain_before": _pain_told(booking),
    }
    return {name: value for name, value in rows.items() if value not in ("", None)}


def last_note_before(booking: Booking) -> SessionNote | None:
    """The record of the patient's last session at this clinic, of whichever therapy."""
    rows = SessionNote.objects.filter(
        booking__visit__patient=booking.visit.patient_id,
        booking__visit__clinic=booking.visit.clinic_id,
        booking__starts_at__lt=booking.starts_at,
    )
    return rows.select_related("booking__variant__therapy", "by").order_by("-booking__starts_at").first()


def _last_before(booking: Booking) -> SessionNote | None:
    rows = SessionNote.objects.filter(
        booking__visit__patient=booking.visit.patient_id,
        booking__visit__clinic=booking.visit.clinic_id,
        booking__variant__therapy=booking.variant.therapy_id,
        booking__starts_at__lt=booking.starts_at,
    )
    return rows.order_by("-booking__starts_at").first()


def _pain_told(booking: Booking) -> int | None:
    """The pain that the patient gave among the questions of this day."""
    zone = booking.visit.zone
    day = booking.starts_at.astimezone(zone).date()
    midnight = edge(day, 0, zone)
    rows = Answer.objects.filter(
        patient__in=RecordsOf(booking.visit.patient_id), question__answer_type=PAIN_TODAY, at__gte=midnight
    ).order_by("-at", "-pk")
    value = rows.values_list("value", flat=True).first()
    return value if isinstance(value, int) and 0 <= value <= 10 else None
