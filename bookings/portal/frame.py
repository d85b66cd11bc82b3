"""What the frame of every page tells a patient: whose treatments are paused, and when the clinic calls."""

from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.utils import timezone

from bookings.pages.pause_words import call_words
from clinic.people.models import Patient

from .people_rows import pauses_shown
from .visitor import signed_in

OF_STAFF = ("desk", "admin")


@dataclass(frozen=True)
class PauseNotice:
    """`call`: when the clinic calls, in one sentence."""

    patient: Patient
    call: str


def portal_frame(request: HttpRequest) -> dict[str, object]:
    """For every page in the frame of the house, the public ones too; read only when it asks."""
    return {"paused_people": cache(lambda: _paused_people(request))}


def _paused_people(request: HttpRequest) -> list[PauseNotice]:
    """Those whom the account sees in full, each once; none on the desk's pages, which speak of other patients."""
    match = request.resolver_match
    if match is None or match.namespace in OF_STAFF or not request.user.is_authenticated:
        return []
    now = timezone.now()
    newest = {row.patient_id: row for row in reversed(pauses_shown(signed_in(request), now))}
    return [PauseNotice(row.patient, call_words(row.clinic, now)) for row in newest.values()]
