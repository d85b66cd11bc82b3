"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.portal import lookups
from clinic.people.permissions import public
from clinic.premises.context import house_of
from clinic.premises.editions import edition_of, fragment


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the clinic does, how a visit begins, and the signs with which nobody should wait for one."""
    body = fragment(
        edition_of(request),
        "home",
        "public/_home.html",
        lambda: {"emergency_signs": lookups.emergency_signs(), "house": house_of(request)},
    )
    return render(request, "public/home.html", {"body": body})
