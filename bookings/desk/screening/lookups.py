"""What a Vaidya may look up to decide: also visits at other clinics of a patient who is known at theirs."""

import uuid

from django.shortcuts import get_object_or_404

from bookings.desk.request import StaffRequest
from bookings.models import Visit
from clinic.people.models import Patient


def by_known_visit(request: StaffRequest, public_id: uuid.UUID) -> tuple[Patient, Visit | None]:
    """Who comes, and the visit: a covering Vaidya decides wherever the visit is."""
    patients = Patient.objects.at(request.clinics)
    visits = Visit.objects.confirmed().filter(patient__in=patients).select_related("patient", "clinic")
    visit = get_object_or_404(visits.distinct(), public_id=public_id)
    return patients.get(visits=visit), visit
