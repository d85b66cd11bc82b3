"""Why a session cannot begin now, each reason with the way to mend it: what the action refuses, said beforehand."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.facts.measurements import vitals_of
from bookings.facts.patient import patient_facts_of
from bookings.facts.sessions import accounts_serving, note_of
from bookings.models import Booking, ScreeningState, Status
from bookings.rules import visits as visit_rules
from bookings.rules.measurements import why_not_begin_with
from bookings.rules.session_use import why_not_begin_using
from bookings.rules.starts import why_not_give
from clinic.people.models import User


@dataclass(frozen=True)
class StartReason:
    """`words` say what is missing; `label` and `url` where it is done, where somebody can do it here.

    `in_form`: it is typed into the very form that starts the session, so Start stays open for it.
    """

    words: str
    label: str = ""
    url: str = ""
    in_form: bool = False


def start_reasons(booking: Booking, *, by: User, now: dt.datetime) -> list[StartReason]:
    """All that is missing, in the order in which one mends it; nothing once it may begin, or has begun."""
    if booking.status not in (Status.BOOKED, Status.CHECKED_IN):
        return []
    visit = booking.visit
    if visit.patient is None:
        return []
    reasons = [_to_arrive(booking), _to_give(booking, by, now), _to_ask(booking), *_of_the_record(booking, now)]
    return [reason for reason in reasons if reason.words]


def _to_arrive(booking: Booking) -> StartReason:
    if booking.status == Status.CHECKED_IN:
        return StartReason("")
    where = reverse("desk:visit", args=[booking.visit.public_id])
    return StartReason(_("The patient has not been checked in."), _("Open the visit"), where)


def _to_give(booking: Booking, by: User, now: dt.datetime) -> StartReason:
    """Whether this account may: those who are booked for it, or a Vaidya."""
    held = by.memberships.holding_at(now).filter(clinic=booking.visit.clinic_id)
    roles = set(held.values_list("role", flat=True))
    return StartReason(why_not_give(booking, crew=accounts_serving(booking), by=by.pk, roles=roles))


def _to_ask(booking: Booking) -> StartReason:
    """The questions of the day, or a Vaidya's decision on what was answered."""
    if booking.waits_for_vaidya:
        return StartReason(_("This is waiting for the Vaidya."))
    if booking.screening == ScreeningState.DUE:
        where = reverse("desk:questions", args=[booking.visit.public_id])
        return StartReason(_("The health questions for this day have not been answered yet."), _("Ask now"), where)
    return StartReason("")


def _of_the_record(booking: Booking, now: dt.datetime) -> list[StartReason]:
    """Order, consent, check of the day, pause; what is measured; an allergy that matches a material."""
    patient = booking.visit.patient
    if patient is None:
        return []
    of_record = visit_rules.why_not_begin(booking, patient_facts_of(patient, now=now))
    page = reverse("desk:session", args=[booking.visit.public_id, booking.position])
    reasons = [
        _record_reason(booking, of_record),
        StartReason(why_not_begin_using(booking, note_of(booking)), _("Write the reason"), f"{page}#use"),
    ]
    if booking.status == Status.CHECKED_IN:
        measured = why_not_begin_with(vitals_of(booking), booking.variant.therapy)
        reasons.insert(1, StartReason(measured, _("Measure"), f"{page}#readings-title", in_form=True))
    return reasons


def _record_reason(booking: Booking, words: str) -> StartReason:
    patient = booking.visit.patient
    if not words or patient is None:
        return StartReason("")
    if words == _("The patient has not signed the consent form yet."):
        return StartReason(words, _("Sign the consent"), reverse("desk:give_consent", args=[patient.public_id]))
    return StartReason(words, _("Open the record"), reverse("desk:record", args=[patient.public_id]))
