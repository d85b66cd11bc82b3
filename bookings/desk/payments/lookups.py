"""Which payment somebody of the desk may name."""

from typing import Any

from django.shortcuts import get_object_or_404

from bookings.desk.reads import Patients
from bookings.desk.request import StaffRequest
from bookings.models import Payment
from clinic.premises.models import Clinic


class PaymentRequest(StaffRequest):
    """One whose address names a payment of these clinics."""

    payment: Payment


def by_payment(request: PaymentRequest, **address: Any) -> tuple[Patients, Clinic]:
    """The payment of the address, as `request.payment`, with the patient whom it names."""
    rows = Payment.objects.at(request.clinics).with_people().select_related("visit__clinic")
    request.payment = get_object_or_404(rows, pk=address["pk"])
    return [request.payment.visit.patient_id or 0], request.payment.clinic
