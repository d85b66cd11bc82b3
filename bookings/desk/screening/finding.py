"""What a Vaidya may look up to decide: also visits at other clinics of a patient who is known at theirs."""

import uuid

from django.shortcuts import get_object_or_404

from bookings.desk.asking import StaffRequest
from bookings.models import Visit
from clinic.people.models import Patient


def visit_of_known_patient_or_404(request: StaffRequest, public_id: uuid.UUID) -> tuple[Visit, Patient]:
    """The visit, and who comes: a covering Vaidya decides wherever the visit is."""
    known = Patient.objects.at(request.clinics)
    visits = Visit.objects.confirmed().filter(patient__in=known).select_related("patient", "clinic")
    visit = get_object_or_404(visits.distinct(), public_id=public_id)
    return visit, known.get(visits=visit)
