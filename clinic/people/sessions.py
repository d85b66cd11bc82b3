"""Sessions end when nobody is there: staff sooner than patients."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

SEEN = "seen_at"


class IdleSessionMiddleware:
    """Signs out whoever was idle too long; the absolute limit is the session's own age."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now()
            limit = (
                settings.SESSION_IDLE_STAFF_SECONDS
                if request.user.is_staff or request.user.is_member(now.date())
                else settings.SESSION_IDLE_PATIENT_SECONDS
            )
            seen = request.session.get(SEEN)
            if seen is not None and now.timestamp() - seen > limit:
                logout(request)
            elif seen is None or now.timestamp() - seen > 60:  # once a minute spares a write for each click
                request.session[SEEN] = now.timestamp()
        return self.get_response(request)
