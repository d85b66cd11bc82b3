"""What the frame of every page of the portal tells: whose treatments are paused, and when the clinic calls."""

from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.utils import timezone

from bookings.models import Suspension
from bookings.pages.pause_words import call_words
from clinic.people.models import Patient

from . import lookups
from .visitor import signed_in


@dataclass(frozen=True)
class PauseNotice:
    """`call`: when the clinic calls, in one sentence."""

    patient: Patient
    call: str


def portal_frame(request: HttpRequest) -> dict[str, object]:
    """Read only when a page of the portal asks for it, and only for somebody who is signed in."""
    match = request.resolver_match
    if match is None or match.namespace != "portal" or not request.user.is_authenticated:
        return {}
    return {"paused_people": cache(lambda: _paused_people(request))}


def _paused_people(request: HttpRequest) -> list[PauseNotice]:
    """Those whom the account sees in full, each once."""
    now = timezone.now()
    people = lookups.people_in_full(signed_in(request), now)
    rows = Suspension.objects.active().filter(patient__in=people).select_related("patient", "clinic").order_by("-at")
    newest = {row.patient_id: row for row in reversed(rows)}
    return [PauseNotice(row.patient, call_words(row.clinic, now)) for row in newest.values()]
