"""Sessions end when nobody is there, staff's sooner than patients', and at the latest twelve hours after signing in.

On a clinic device the page goes back to the names instead, with what was being written kept. So it does when a patient
to whom the device was handed over leaves the pages meant for them.
"""

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from clinic.people import kept_forms
from clinic.people.clinic_devices import begin_shift, device_of
from clinic.people.factors import proved_at
from clinic.people.models import ClinicDevice, User

SEEN = "seen_at"
BEGUN = "signed_in_at"
ON_DEVICE = "on_clinic_device"
AUTOMATIC = "auto"
HANDED_OVER = "handed_over"


def is_automatic(request: HttpRequest) -> bool:
    """Whether a page that refreshes itself asked, by `?auto=1`, and not somebody who is there."""
    return request.method == "GET" and request.GET.get(AUTOMATIC) == "1"


def is_over(request: HttpRequest, now: dt.datetime) -> bool:
    """Whether this signed-in session was idle too long, or is too old."""
    moment = now.timestamp()
    if moment - request.session.get(BEGUN, moment) >= settings.SESSION_ABSOLUTE_SECONDS:
        return True
    idle = moment - request.session.get(SEEN, moment)
    if request.session.get(ON_DEVICE):
        return idle > settings.SESSION_IDLE_DEVICE_SECONDS or device_of(request) is None
    if idle <= settings.SESSION_IDLE_STAFF_SECONDS:  # no other limit is shorter: no need to ask who it is
        return False
    is_staff = request.user.is_authenticated and (request.user.is_superuser or request.user.is_member(now.date()))
    return is_staff or idle > settings.SESSION_IDLE_PATIENT_SECONDS


def hand_over(request: HttpRequest, *addresses: str) -> None:
    """A patient holds this clinic device from now on: every page but these locks it. Elsewhere nothing happens."""
    if request.session.get(ON_DEVICE):
        request.session[HANDED_OVER] = list(addresses)


def _leaves_what_was_handed_over(request: HttpRequest) -> bool:
    addresses: list[str] = request.session.get(HANDED_OVER, [])
    return bool(addresses) and request.path not in (*addresses, reverse("set_language"))


def lock_session(request: HttpRequest, device: ClinicDevice, *, now: dt.datetime) -> None:
    """Sign out on a clinic device; whoever proved the second factor in this session comes back by name and PIN."""
    if isinstance(request.user, User) and (moment := proved_at(request, request.user)):
        begin_shift(device=device, user=request.user, proved_at=moment, now=now)
    logout(request)


def names_page(following: str) -> str:
    """The address of the locked screen, which leads on to `following`."""
    return f"{reverse('desk:locked')}?{urlencode({'next': following})}" if following else reverse("desk:locked")


class IdleSessionMiddleware:
    """Signs out whose session is over. A page's own refresh does not count as somebody being there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now()
            if not is_over(request, now) and not _leaves_what_was_handed_over(request):
                self._note(request, now.timestamp())
            elif leads := self._end(request, now):
                return leads
        return self.get_response(request)

    def _end(self, request: HttpRequest, now: dt.datetime) -> HttpResponse | None:
        """The session is over: on a clinic device the names follow, elsewhere whatever a visitor sees."""
        device = device_of(request) if request.session.get(ON_DEVICE) else None
        if device is None:
            logout(request)
            return None
        if HANDED_OVER not in request.session:
            kept_forms.keep_from(request, now=now)
        lock_session(request, device, now=now)
        page = names_page(request.get_full_path() if request.method == "GET" else "")
        if "HX-Request" not in request.headers:
            return redirect(page)
        return HttpResponse(status=204, headers={"HX-Redirect": page})

    def _note(self, request: HttpRequest, moment: float) -> None:
        session = request.session
        if BEGUN not in session:
            session[BEGUN] = moment
            session[ON_DEVICE] = device_of(request) is not None
        # Once a minute spares a write for each click.
        if SEEN not in session or (moment - session[SEEN] > 60 and not is_automatic(request)):
            session[SEEN] = moment
