"""What the clinics keep about somebody: who read it, and all of it as a file. For whoever sees the record in full."""

import json
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.facts.personal_data import personal_data, reads_by_month
from bookings.portal import lookups
from bookings.portal.permissions import portal_access_required
from bookings.portal.visitor import signed_in


@portal_access_required
@require_safe
def own_data(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who read the record in the last year, month by month, and what may be asked of the clinic."""
    now = timezone.now()
    patient = lookups.person_or_404(signed_in(request), public_id, now)
    clinics = patient.clinics.order_by("name")
    reads = reads_by_month(patient, since=now - lookups.A_YEAR, zone=timezone.get_current_timezone())
    return render(request, "portal/own_data.html", {"patient": patient, "clinics": clinics, "reads": reads})


@portal_access_required
@never_cache
@require_safe
def own_data_file(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Everything, as JSON. Its name says nobody's."""
    now = timezone.now()
    patient = lookups.person_or_404(signed_in(request), public_id, now)
    content = json.dumps(personal_data(patient, now=now), ensure_ascii=False, indent=1)
    disposition = f'attachment; filename="data-{now:%Y-%m-%d}.json"'
    return HttpResponse(content, content_type="application/json", headers={"Content-Disposition": disposition})
