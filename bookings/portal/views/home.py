"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.portal import lookups
from clinic.people.permissions import public


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the clinic does, how a visit begins, and the signs with which nobody should wait for one."""
    return render(request, "public/home.html", {"emergency_signs": lookups.emergency_signs()})
