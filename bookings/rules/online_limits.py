"""How much one patient or account may hold open online. The front desk is never asked.

Pure: the page that shows it before, and the action that books under its locks, ask the same functions.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.errors import PolicyRefused
from bookings.facts.open_visits import OnlineFacts, OpenVisit
from bookings.models import Booking
from clinic.clock import date_format
from clinic.people.models import Patient
from clinic.premises.models import Clinic


@dataclass(frozen=True)
class Verdict:
    """`reason` is "" where nothing speaks against it; `visits` are those that exist already.

    `only_asks`: the clinic has to say yes first, because nobody knows that the patient was here before.
    """

    reason: str = ""
    visits: tuple[OpenVisit, ...] = ()
    only_asks: bool = False


class LimitReached(PolicyRefused):
    """As much is open as may be; `verdict` names it."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


NOTHING = Verdict()


def why_not_online(
    bookings: Sequence[Booking], patient: Patient, online_facts: OnlineFacts, *, was_here: bool = False
) -> Verdict:
    """Whether one more visit of these bookings may be booked online. `was_here`: the patient says so themselves.

    Sessions of an order have limits of their own: nobody asks for them here.
    """
    clinic = bookings[0].visit.clinic
    verdict = why_not_another(clinic, online_facts)
    if not verdict.reason:
        verdict = _why_not_consultation(bookings, patient, online_facts)
    return verdict if verdict.reason else _why_not_again(bookings, patient, online_facts, was_here=was_here)


def why_not_another(clinic: Clinic, online_facts: OnlineFacts) -> Verdict:
    """Whether the account may have one more open visit at all, whoever comes."""
    rows = [visit for visit in online_facts.visits if visit.is_open and visit.booked_here and not visit.ordered]
    most = (
        clinic.online_visits if online_facts.anybody_came else min(clinic.online_visits_at_first, clinic.online_visits)
    )
    if len({visit.visit_id for visit in rows}) < most:
        return NOTHING
    words = _("You already have %(count)s upcoming appointments: %(when)s.")
    if not online_facts.anybody_came:
        words = _("Before your first visit you can have %(count)s upcoming appointments. You have: %(when)s.")
    return Verdict(words % {"count": most, "when": visits_in_words(rows)}, tuple(rows))


def why_not_that_day(
    bookings: Sequence[Booking], patient: Patient, online_facts: OnlineFacts, *, start: dt.datetime
) -> Verdict:
    """Whether the patient has a consultation of this kind on that day already; the visit itself does not count."""
    on = start.astimezone(bookings[0].visit.zone).date()
    for booking in bookings:
        same = [
            visit
            for visit in _theirs(patient, online_facts)
            if visit.is_consultation and visit.therapy_id == booking.variant.therapy_id
            if visit.on == on and visit.visit_id != booking.visit_id
        ]
        if len(same) >= booking.visit.clinic.online_consultations_a_day:
            words = _("%(name)s already has this consultation on that day: %(when)s.")
            return Verdict(words % {"name": patient.given_name, "when": visits_in_words(same)}, tuple(same))
    return NOTHING


def why_not_new_person(clinic: Clinic, *, today: int, in_all: int) -> str:
    """Whether this account may register one more person, having registered so many in 24 hours and in all."""
    if in_all >= clinic.online_people:
        return _("You have already registered %(count)s people. Please call us to register another.") % {
            "count": in_all
        }
    if today >= clinic.online_people_a_day:
        words = ngettext(
            "You have registered %(count)s person today. Please register the next one tomorrow, or call us.",
            "You have registered %(count)s people today. Please register the next one tomorrow, or call us.",
            today,
        )
        return words % {"count": today}
    return ""


def visits_in_words(visits: Iterable[OpenVisit]) -> str:
    """Thu 5 Mar, 10:30; Fri 6 Mar, 9:00."""
    times = (date_format(visit.starts_at.astimezone(visit.zone), "D j M, H:i") for visit in visits)
    return "; ".join(dict.fromkeys(times))


def _theirs(patient: Patient, online_facts: OnlineFacts) -> list[OpenVisit]:
    return [visit for visit in online_facts.visits if visit.patient_id == patient.pk]


def _why_not_consultation(bookings: Sequence[Booking], patient: Patient, online_facts: OnlineFacts) -> Verdict:
    if not any(booking.variant.therapy.is_consultation for booking in bookings):
        return NOTHING
    verdict = why_not_that_day(bookings, patient, online_facts, start=bookings[0].starts_at)
    rows = [visit for visit in _theirs(patient, online_facts) if visit.is_open and visit.is_consultation]
    most = bookings[0].visit.clinic.online_consultations
    if verdict.reason or len(rows) < most:
        return verdict
    words = ngettext(
        "%(name)s already has %(count)s upcoming consultation: %(when)s.",
        "%(name)s already has %(count)s upcoming consultations: %(when)s.",
        len(rows),
    )
    said = {"name": patient.given_name, "count": len(rows), "when": visits_in_words(rows)}
    return Verdict(words % said, tuple(rows))


def _why_not_again(
    bookings: Sequence[Booking], patient: Patient, online_facts: OnlineFacts, *, was_here: bool
) -> Verdict:
    """A follow-up is for whoever was here; who says so, and is not on record, asks for it."""
    if patient.pk in online_facts.came or not any(booking.variant.therapy.follow_up for booking in bookings):
        return NOTHING
    if was_here:
        return Verdict(only_asks=True)
    words = _("A follow-up is for patients who have been here before. We found no earlier visit of %(name)s.")
    return Verdict(words % {"name": patient.given_name}, only_asks=True)
