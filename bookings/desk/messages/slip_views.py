"""The slip of a visit, printed for whoever has no e-mail."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from bookings.desk.buttons import DESK
from bookings.desk.reads import by_visit, reads
from bookings.desk.request import VisitRequest
from bookings.messages.content.appointment import appointment_of
from bookings.messages.content.phrases import how_to_call
from bookings.messages.content.preparation import neutral_points
from bookings.messages.content.words import when_and_where
from clinic.people.permissions import staff_required


@staff_required(*DESK)
@require_safe
@reads(by_visit)
def slip(request: VisitRequest, public_id: uuid.UUID) -> HttpResponse:
    """Date, arrival, address, phone and preparation on A6, in the patient's language; the page around it in ours."""
    visit = request.visit
    appointment = appointment_of(visit)
    with translation.override(appointment.language):
        page = {
            "visit": visit,
            "appointment": appointment,
            "facts": when_and_where(appointment),
            "points": neutral_points(visit, appointment.language),
            "call": how_to_call(appointment),
        }
    return render(request, "desk/visit_slip.html", page)
