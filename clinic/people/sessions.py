"""Sessions end when nobody is there, staff's sooner than patients', and at the latest twelve hours after signing in."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

SEEN = "seen_at"
BEGUN = "signed_in_at"
AUTOMATIC = "auto"


def is_automatic(request: HttpRequest) -> bool:
    """Whether a page that refreshes itself asked, by `?auto=1`, and not somebody who is there."""
    return request.method == "GET" and request.GET.get(AUTOMATIC) == "1"


def is_over(request: HttpRequest, now: dt.datetime) -> bool:
    """Whether this signed-in session was idle too long, or is too old."""
    moment = now.timestamp()
    if moment - request.session.get(BEGUN, moment) >= settings.SESSION_ABSOLUTE_SECONDS:
        return True
    idle = moment - request.session.get(SEEN, moment)
    if idle <= settings.SESSION_IDLE_STAFF_SECONDS:  # nobody's limit is shorter: no need to ask who it is
        return False
    is_staff = request.user.is_authenticated and (request.user.is_superuser or request.user.is_member(now.date()))
    return is_staff or idle > settings.SESSION_IDLE_PATIENT_SECONDS


class IdleSessionMiddleware:
    """Signs out whose session is over. A page's own refresh does not count as somebody being there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now()
            if is_over(request, now):
                logout(request)
            else:
                self._note(request, now.timestamp())
        return self.get_response(request)

    def _note(self, request: HttpRequest, moment: float) -> None:
        session = request.session
        if BEGUN not in session:
            session[BEGUN] = moment
        # Once a minute spares a write for each click.
        if SEEN not in session or (moment - session[SEEN] > 60 and not is_automatic(request)):
            session[SEEN] = moment
