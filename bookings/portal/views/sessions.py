"""How the pain went, for whoever may see the whole record of a person."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.facts import pain
from bookings.facts import sessions as session_facts
from bookings.portal import lookups
from bookings.portal.permissions import portal_access_required
from bookings.portal.visitor import signed_in


@portal_access_required
@require_safe
def sessions(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Pain before and after each session, as a picture and as a table."""
    patient = lookups.person_or_404(signed_in(request), public_id, timezone.now())
    chart = pain.chart(pain.felt_in(session_facts.notes_of(patient)))
    return render(request, "portal/sessions.html", {"name": patient.full_name, "chart": chart})
