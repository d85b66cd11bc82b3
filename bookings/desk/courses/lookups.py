"""Which prescription the desk may plan, and the forms of its therapies."""

import uuid
from collections.abc import Iterable

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404

from bookings.facts.orders import OrderProgress
from bookings.facts.patient import PatientFacts
from bookings.models import Prescription
from bookings.slots.care_plan import Forms
from clinic.people.models import Patient
from clinic.people.records import RecordsOf
from therapies.models import Step, Variant


def signed_or_404(patient: Patient, prescription_id: uuid.UUID) -> Prescription:
    """A signed prescription of the patient, in force or not."""
    rows = Prescription.objects.filter(patient__in=RecordsOf(patient), signed_at__isnull=False).select_related("clinic")
    return get_object_or_404(rows, public_id=prescription_id)


def orders_in_force(prescription: Prescription, facts: PatientFacts) -> list[OrderProgress]:
    """Its therapies that are given at a clinic, as far as it is in force."""
    own = [order for order in facts.ordered if order.item.prescription_id == prescription.pk]
    return [order for order in own if order.item.variant.therapy.is_given_here]


def forms_of(orders: Iterable[OrderProgress]) -> Forms:
    """All forms of these therapies, with what they take."""
    steps = Prefetch("steps", Step.objects.prefetch_related("crews"))
    rows = Variant.objects.filter(therapy__in={order.item.variant.therapy_id for order in orders})
    return {(row.therapy_id, row.code): row for row in rows.select_related("therapy").prefetch_related(steps)}
