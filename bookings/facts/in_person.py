"""Whether all that is still to be answered before a visit is what the patient would rather tell the clinic."""

import datetime as dt

from bookings.models import STILL_TO_COME, Visit
from therapies import questionnaire
from therapies.models import Needs

from .patient import patient_facts_of, profiles_of, questions_due


def waits_for_a_talk(visit: Visit, *, now: dt.datetime) -> bool:
    """True where asking by letter asks nothing: only staff have something to ask."""
    rows = [booking for booking in visit.bookings.all() if booking.status in STILL_TO_COME]
    variants = [booking.variant for booking in rows if booking.variant.therapy.needs != Needs.NOTHING]
    if visit.patient is None or not variants:
        return False
    facts, profiles, zone = patient_facts_of(visit.patient, now=now), profiles_of(variants), visit.zone
    is_today = rows[0].starts_at.astimezone(zone).date() == now.astimezone(zone).date()
    stage = questionnaire.DAY if is_today else questionnaire.BOOKING
    by_patient, by_staff = (
        questions_due(facts, profiles, stage=stage, zone=zone, staff=staff) for staff in (False, True)
    )
    return bool(by_staff) and not by_patient
