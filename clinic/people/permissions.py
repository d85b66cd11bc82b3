"""Access decorators. Every view requires sign-in unless it says otherwise; a test fails for a view without one.

`LoginRequiredMiddleware` denies by default. Every view wears exactly one of `public`, `token_required`,
`account_required`, `staff_required(...)`, `manager_required`, `factor_required`, `first_factor_required` or
`fresh_factor_required`; views of libraries are listed one by one in `third_party_views`. Views of staff open only to a
sign-in session that has proved the second factor.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from clinic.people import attempts
from clinic.people.attempts import Limit
from clinic.people.coming_roles import has_coming_role, why_not_let_in
from clinic.people.factors import has_factor, has_proved, needs_factor, proved_within, typed_password
from clinic.people.models import Role, User
from clinic.people.request_limits import network_of
from clinic.people.third_party_views import THIRD_PARTY_VIEWS
from clinic.people.workplaces import clinics_with_role

__all__ = [
    "THIRD_PARTY_VIEWS",
    "account_required",
    "factor_required",
    "first_factor_required",
    "fresh_factor_required",
    "holder",
    "landing",
    "limited",
    "manager_required",
    "public",
    "signed_in_user",
    "staff_required",
    "token_required",
]

View = Callable[..., HttpResponseBase]

FRESH_FOR = dt.timedelta(minutes=5)
"""How long a proof is good enough to change one's own factors."""
CLINIC_IN_SESSION = "clinic"
HOLDER_IN_SESSION = "holder"


def limited(name: str, limit: Limit, *, by: Callable[[HttpRequest], str] = network_of) -> Callable[[View], View]:
    """A view whose form is sent so often at most, by one network or one account; beyond it the answer is 429."""

    def limiting(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST":
                key = f"{name}:{by(request)}"
                if not attempts.take(key=key, limit=limit, now=timezone.now()):
                    refusal: HttpResponse = respond_429(request)
                    return refusal
            return view(request, *args, **kwargs)

        return counted

    return limiting


def _marked(view: View, access: str) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anybody, signed in or not."""
    return _marked(login_not_required(view), "public")


def token_required(view: View) -> View:
    """Whoever has the opaque token in the address: no other site hears it by a referrer, and no cache keeps it.

    The check of forms guards what a cookie allows; here the token is the whole right, and nobody forges a press without
    it. Other forms of the page, as the choice of a language, do pass that check: so it names its origin to ourselves.
    """

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
        return response

    return _marked(csrf_exempt(login_not_required(opened)), "token")


def account_required(view: View) -> View:
    """Whoever is signed in; the view's queries start at `request.user`."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        signed_in_user(request)  # the middleware sent a visitor away already, unless somebody took it out
        return view(request, *args, **kwargs)

    return _marked(opened, "patient")


def staff_required(*roles: str) -> Callable[[View], View]:
    """Members who hold one of `roles` (any role when none is named) at some clinic at this moment; others get 403.

    The view finds `request.clinics`, where the person holds such a role, and `request.clinic`, the one they look at:
    the last that they chose by `?clinic=<slug>`, else the first. Asked anew for each request, so a change of role acts
    at the next one.
    """

    def decorator(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            _let_in(request, roles)
            return lead_to_factor(request) or view(request, *args, **kwargs)

        return _marked(opened, "manager" if roles == (Role.MANAGER,) else "staff")

    return decorator


def manager_required(view: View) -> View:
    """Managers."""
    return staff_required(Role.MANAGER)(view)


def factor_required(view: View) -> View:
    """Somebody who works here and has a second factor to be asked for; who has none is led to set one up."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _works_here(request)
        if has_factor(signed_in_user(request)):
            return view(request, *args, **kwargs)
        return lead_to_factor(request) or view(request, *args, **kwargs)

    return _marked(opened, "staff")


def fresh_factor_required(view: View) -> View:
    """The same, for changes: the factor was proved a moment ago, else it is asked for once more."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _works_here(request)
        return lead_to_factor(request) or _lead_to_proof(request) or view(request, *args, **kwargs)

    return _marked(opened, "staff")


def first_factor_required(view: View) -> View:
    """Setting a factor up: with the password alone while there is none, later as any change."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _works_here(request)
        lead = _lead_to_proof if has_factor(signed_in_user(request)) else _lead_to_password
        return lead(request) or view(request, *args, **kwargs)

    return _marked(opened, "staff")


def _lead_to_proof(request: HttpRequest) -> HttpResponse | None:
    if proved_within(request, signed_in_user(request), FRESH_FOR):
        return None
    return redirect(_with_next("prove", request))


def _works_here(request: HttpRequest) -> None:
    """Or will: a new colleague sets the second step up before the role begins."""
    user, now = signed_in_user(request), timezone.now()
    if not needs_factor(user, now=now) and not has_coming_role(user, now=now):
        raise PermissionDenied


def lead_to_factor(request: HttpRequest) -> HttpResponse | None:
    """Where somebody has to go first who works here and has not proved the second factor; None when they have."""
    user = signed_in_user(request)
    if has_proved(request, user):
        return None
    if has_factor(user):
        return redirect(_with_next("prove", request))
    return _lead_to_password(request) or redirect(_with_next("set_up_app", request))


def _lead_to_password(request: HttpRequest) -> HttpResponse | None:
    """A session that began with a mailed code ends where a factor is set up: the password comes first."""
    user = signed_in_user(request)
    if has_factor(user) or typed_password(request, user):
        return None
    logout(request)
    messages.info(request, _("You are a staff member. Please sign in with your password."))
    return redirect(_with_next("account_login", request))


def _with_next(name: str, request: HttpRequest) -> str:
    """That page, and back here afterwards; a form that was sent is not sent again."""
    return page_then(name, landing(request) or (request.get_full_path() if request.method == "GET" else ""))


def page_then(name: str, wanted: str) -> str:
    """The address of a page that leads on to `wanted`, if anywhere."""
    return reverse(name) + (f"?{urlencode({'next': wanted})}" if wanted else "")


def landing(request: HttpRequest) -> str:
    """The page of this site where somebody wanted to go, by `next`; "" when there is none."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    here = {request.get_host()}
    return wanted if url_has_allowed_host_and_scheme(wanted, here, require_https=request.is_secure()) else ""


def signed_in_user(request: HttpRequest) -> User:
    """Whoever is signed in; nobody is refused."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _let_in(request: HttpRequest, roles: tuple[str, ...]) -> None:
    clinics = clinics_with_role(signed_in_user(request), timezone.now(), *roles)
    by_slug = {clinic.slug: clinic for clinic in clinics}
    if not by_slug:
        raise PermissionDenied(why_not_let_in(signed_in_user(request), roles, now=timezone.now()))
    wanted = request.GET.get("clinic", "")
    if wanted and wanted not in by_slug:
        raise Http404
    if wanted and request.session.get(CLINIC_IN_SESSION) != wanted:
        request.session[CLINIC_IN_SESSION] = wanted
    chosen = wanted or request.session.get(CLINIC_IN_SESSION, "")
    request.clinics = _as_read(clinics)  # type: ignore[attr-defined]
    request.clinic = by_slug.get(chosen) or next(iter(by_slug.values()))  # type: ignore[attr-defined]


def _as_read(rows: list[Any]) -> QuerySet[Any]:
    """The same rows, which were read just now: a query of the page names their numbers, and not their question anew."""
    here: QuerySet[Any] = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows])
    here._result_cache = rows
    return here


def holder(request: HttpRequest) -> str:
    """A stable name of this browser session (64 hex digits), under which it holds a time.

    Made of a token kept in the session: signing in changes the session's key, but keeps what it holds.
    """
    token = request.session.get(HOLDER_IN_SESSION)
    if token is None:
        token = request.session[HOLDER_IN_SESSION] = secrets.token_urlsafe(32)
    return hashlib.sha256(token.encode()).hexdigest()
