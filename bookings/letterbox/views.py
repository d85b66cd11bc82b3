"""Pages behind the links of letters. A mail scanner may open them all: only a press changes something."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bookings.letters.links import LinkLapsed
from bookings.letters.stopping import patient_behind, stop_optional_letters
from clinic.people.doors import token_door


@csrf_exempt  # mail programs press it for the reader (RFC 8058) and have no cookie; the token is the right to it
@require_http_methods(["GET", "HEAD", "POST"])
@token_door
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the letters that no visit needs."""
    try:
        patient = patient_behind(token)
    except LinkLapsed as fault:
        raise Http404 from fault
    if request.method == "POST":
        stop_optional_letters(patient=patient, now=timezone.now())
    return render(request, "letterbox/stop.html", {"stopped": request.method == "POST"})
