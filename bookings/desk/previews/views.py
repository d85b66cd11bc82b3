"""A treatment before it is public, for those who enter it and those who confirm it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.desk.request import StaffRequest
from clinic.people.models import Role
from clinic.people.permissions import staff_required
from therapies.offers import missing_of
from therapies.page_body import body_of

from .page import free_days, therapy_or_404


@staff_required(Role.MANAGER, Role.VAIDYA)
@require_safe
def therapy_preview(request: StaffRequest, code: str) -> HttpResponse:
    """Its page as patients will see it, what is still missing, and the free times of the coming week."""
    therapy = therapy_or_404(code)
    page = {
        "therapy": therapy,
        "body": body_of(therapy),
        "missing": "" if therapy.is_active else missing_of(therapy),
        "days": free_days(therapy, request.clinic, timezone.now()),
        "clinic": request.clinic,
    }
    return render(request, "desk/previews/therapy.html", page)
