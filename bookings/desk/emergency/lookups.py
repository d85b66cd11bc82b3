"""Openings of emergency cards, for the pages about them."""

import datetime as dt
import uuid

from django.shortcuts import get_object_or_404

from bookings.models import EmergencyOpening
from clinic.people.models import Access, Patient, User
from clinic.people.records import RecordsOf


def opening_in_force(user: User, patient: Patient, now: dt.datetime) -> EmergencyOpening | None:
    """The press that shows this card to this person now."""
    return (
        EmergencyOpening.objects.in_force(now).filter(user=user, patient__in=RecordsOf(patient)).order_by("-at").first()
    )


def own_opening_or_404(user: User, patient: Patient, public_id: uuid.UUID) -> EmergencyOpening:
    """One of this person's, explained or not."""
    return get_object_or_404(EmergencyOpening, user=user, patient__in=RecordsOf(patient), public_id=public_id)


def who_acts_for(patient: Patient, on: dt.date) -> list[Access]:
    """Accounts of other people that act for the patient: they may be called."""
    rows = patient.accesses.in_force(on).exclude(relation="self").select_related("user")
    return list(rows.order_by("pk"))
