"""Treatments that are paused after a sign, as a Vaidya reads them."""

import uuid
from dataclasses import dataclass

from crispy_forms.helper import FormHelper
from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.desk.form_fields import bare
from bookings.facts import sessions as session_facts
from bookings.facts.measurements import vitals_of
from bookings.models import Booking, Status, Suspension
from bookings.rules.sessions import why_not_lift_yet
from clinic.people.models import Patient
from clinic.people.records import RecordsOf
from therapies.session_rules import ALL


@dataclass(frozen=True)
class Pause:
    """`sign` in words; `what` is paused. `why_not_lift`: what a Vaidya must do first, or ""."""

    suspension: Suspension
    sign: str
    what: str
    why_not_lift: str

    @property
    def words(self) -> str:
        """In one line."""
        return f"{self.what}: {self.sign}"


class LiftForm(forms.Form):
    """Why treatments may go on."""

    reason = forms.CharField(label=gettext_lazy("Reason for resuming treatments"), max_length=500)

    @property
    def helper(self) -> FormHelper:
        return bare()


def pauses_of(patient: Patient) -> list[Pause]:
    """What is paused for this patient now, the newest first."""
    active = Suspension.objects.active().filter(patient__in=RecordsOf(patient))
    rows = active.select_related("booking__variant__therapy", "by", "clinic", "patient")
    words = session_facts.words_of_signs()
    return [Pause(row, words.get(row.sign) or _("Another sign"), _what(row), _why_not_lift(row)) for row in rows]


def asks_for_vaidya(booking: Booking) -> bool:
    """Whether what was written down at this session must not wait: readings that stop, or a pause that it brought.

    After a stop its page has said so already.
    """
    if booking.status == Status.STOPPED:
        return False
    return vitals_of(booking).stops or Suspension.objects.active().filter(booking=booking).exists()


def _why_not_lift(row: Suspension) -> str:
    """What is missing apart from the sentence, which the form asks for."""
    needed = session_facts.lift_needs_examination(row.sign)
    examined = not needed or session_facts.is_examined_since(row.patient, row.at)
    return why_not_lift_yet(lifted=False, needs_examination=needed, examined=examined)


def pause_or_404(patient: Patient, public_id: uuid.UUID) -> Suspension:
    """One of this patient's, lifted or not: a second press is told so."""
    return get_object_or_404(Suspension, patient__in=RecordsOf(patient), public_id=public_id)


def _what(row: Suspension) -> str:
    if ALL in row.therapies:
        return _("All treatments")
    if row.booking is None:
        return _("Treatments of one type")
    return _("%(therapy)s and treatments of the same type") % {"therapy": row.booking.variant.therapy}
