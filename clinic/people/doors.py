"""Doors: a decorator opens a view to somebody and marks it; a view without one stays shut, and a test says so.

`LoginRequiredMiddleware` denies by default. Every view wears exactly one of `public`, `token_door`, `patient_door`,
`staff_door(...)` or `manager_door`; views of libraries are listed one by one in `library_doors`.
"""

import hashlib
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from clinic.people.library_doors import LIBRARY_DOORS
from clinic.people.models import Role, User

__all__ = ["LIBRARY_DOORS", "holder", "manager_door", "patient_door", "person", "public", "staff_door", "token_door"]

View = Callable[..., HttpResponseBase]

CLINIC_IN_SESSION = "clinic"
HOLDER_IN_SESSION = "holder"


def _marked(view: View, door: str) -> View:
    view.door = door  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anybody, signed in or not."""
    return _marked(login_not_required(view), "public")


def token_door(view: View) -> View:
    """Whoever has the opaque token in the address: it must not leak by a referrer, nor stay in a cache.

    Browsers name no origin (`null`) when a form of a page without referrer is sent, which the check of forms refuses.
    It guards what a cookie allows; here the token is the whole right, and nobody forges a press without it.
    """

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    return _marked(csrf_exempt(login_not_required(opened)), "token")


def patient_door(view: View) -> View:
    """Whoever is signed in; the view's queries start at `request.user`."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person(request)  # the middleware sent a visitor away already, unless somebody took it out
        return view(request, *args, **kwargs)

    return _marked(opened, "patient")


def staff_door(*roles: str) -> Callable[[View], View]:
    """Members who hold one of `roles` (any role when none is named) at some clinic at this moment; others get 403.

    The view finds `request.clinics`, where the person holds such a role, and `request.clinic`, the one they look at:
    the last that they chose by `?clinic=<slug>`, else the first. Asked anew for each request, so a change of role acts
    at the next one.
    """

    def door(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            _let_in(request, roles)
            return view(request, *args, **kwargs)

        return _marked(opened, "manager" if roles == (Role.MANAGER,) else "staff")

    return door


def manager_door(view: View) -> View:
    """Managers."""
    return staff_door(Role.MANAGER)(view)


def person(request: HttpRequest) -> User:
    """Whoever is signed in; nobody is refused."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _let_in(request: HttpRequest, roles: tuple[str, ...]) -> None:
    clinics = person(request).clinics_at(timezone.now(), *roles)
    by_slug = {clinic.slug: clinic for clinic in clinics}
    if not by_slug:
        raise PermissionDenied
    wanted = request.GET.get("clinic", "")
    if wanted and wanted not in by_slug:
        raise Http404
    if wanted and request.session.get(CLINIC_IN_SESSION) != wanted:
        request.session[CLINIC_IN_SESSION] = wanted
    chosen = wanted or request.session.get(CLINIC_IN_SESSION, "")
    request.clinics = clinics  # type: ignore[attr-defined]
    request.clinic = by_slug.get(chosen) or next(iter(by_slug.values()))  # type: ignore[attr-defined]


def holder(request: HttpRequest) -> str:
    """A stable name of this browser session (64 hex digits), under which it holds a time.

    Made of a token kept in the session: signing in changes the session's key, but keeps what it holds.
    """
    token = request.session.get(HOLDER_IN_SESSION)
    if token is None:
        token = request.session[HOLDER_IN_SESSION] = secrets.token_urlsafe(32)
    return hashlib.sha256(token.encode()).hexdigest()
