"""Which clock a page shows: that of the clinic whose desk it is, else the one that all clinics of the house share."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from clinic.clock import ClockFace, clock_face
from clinic.premises.context import house_of


class ClockFaceMiddleware:
    """For the whole request; nothing is read until a time is shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with clock_face(lambda: face_of(request)):
            return self.get_response(request)


def face_of(request: HttpRequest) -> str:
    """Of the chosen clinic on the pages of staff, else of the house."""
    clinic = getattr(request, "clinic", None)
    face: str = clinic.clock if clinic else house_of(request).clock
    return face or ClockFace.BY_LANGUAGE
