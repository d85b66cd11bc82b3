"""Actions on a patient's emergency card: open it at once, say afterwards why."""

import datetime as dt

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from bookings.errors import PolicyRefused
from bookings.models import EmergencyOpening
from clinic.people.models import Patient, User
from clinic.people.records import RecordsOf
from clinic.people.security_log import DONE, Event, note
from clinic.premises.models import Clinic

CARD = "emergency_card"
SHOWN_FOR = dt.timedelta(hours=1)
"""How long one press shows the card (a clinic default, unsourced)."""


def open_card(*, patient: Patient, clinic: Clinic, by: User, now: dt.datetime) -> EmergencyOpening:
    """Show this card to `by` for an hour. Pressed twice it is written once."""
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # the second press waits here
        row = EmergencyOpening.objects.in_force(now).filter(user=by, patient__in=RecordsOf(patient)).first()
        if row is None:
            note(Event.BREAK_GLASS, outcome=DONE, user=by, clinic=clinic.pk, patient=patient.pk, reason=CARD)
            until = now + SHOWN_FOR
            row = EmergencyOpening.objects.create(user=by, patient=patient, clinic=clinic, at=now, until=until)
    return row


def explain_opening(*, opening: EmergencyOpening, reason: str, by: User, now: dt.datetime) -> EmergencyOpening:
    """Write down why the card was opened, once. Raises PolicyRefused."""
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        row = EmergencyOpening.objects.select_for_update(no_key=True).get(pk=opening.pk)
        if row.user_id != by.pk:
            raise PolicyRefused(_("Only the person who opened the card can give the reason."))
        if row.explained_at is not None:
            raise PolicyRefused(_("The reason has already been given."))
        row.reason, row.explained_at = reason, now
        row.save(update_fields=["reason", "explained_at"])
    return row
