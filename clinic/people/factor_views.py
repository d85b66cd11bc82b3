"""One's own sign-in: setting the second step up, asking for it once more, recovery codes, and sessions."""

import base64
import datetime as dt
import json
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.people import devices, factor_changes, factors, notices, own_sessions
from clinic.people.coming_roles import has_coming_role
from clinic.people.factor_forms import AddPasskeyForm, SetUpAppForm, proof_form
from clinic.people.models import Role
from clinic.people.permissions import (
    account_required,
    factor_required,
    first_factor_required,
    fresh_factor_required,
    landing,
    page_then,
    signed_in_user,
)

SECRET_IN_SESSION = "factor_secret"  # noqa: S105 - the name of a place
SHOWN_FOR = dt.timedelta(minutes=10)
"""How long recovery codes may be read after they were made."""


@first_factor_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_app(request: HttpRequest) -> HttpResponse:
    """Scan the picture or type the secret, then type the first code."""
    user, session = signed_in_user(request), request.session
    secret = session.setdefault(SECRET_IN_SESSION, generate_totp_secret())
    form = SetUpAppForm(request.POST or None, user=user, secret=secret, now=timezone.now())
    if form.is_valid():
        code, key, now = form.cleaned_data["code"], session.session_key or "", timezone.now()
        row = factor_changes.set_up_app(user=user, secret=secret, code=code, session_key=key, now=now)
        del session[SECRET_IN_SESSION]
        return _proved(request, row)
    page = {"form": form, "is_first": not factors.has_factor(user), "next": landing(request)} | _to_scan(user, secret)
    return render(request, "people/set_up_app.html", page, status=422 if form.errors else 200)


@first_factor_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: HttpRequest) -> HttpResponse:
    """The browser makes a passkey for this site; it asks the person itself."""
    user, data = signed_in_user(request), request.POST or None
    form = AddPasskeyForm(data, user=user)
    if form.is_valid():
        made = {name: form.cleaned_data[name] for name in ("name", "credential")}
        key = request.session.session_key or ""
        return _proved(request, factor_changes.add_passkey(user=user, **made, session_key=key, now=timezone.now()))
    options = json.dumps(webauthn.begin_registration(user, passwordless=True), cls=DjangoJSONEncoder)
    page = {"form": form, "options": options, "next": landing(request)}
    return render(request, "people/add_passkey.html", page, status=422 if data else 200)


def _to_scan(user: Any, secret: str) -> dict[str, str]:
    """The secret as a picture, in groups of four letters, and as an address that an app on this device opens."""
    adapter = get_adapter()
    address = adapter.build_totp_url(user, secret)
    picture = adapter.build_totp_svg(address).encode()
    groups = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    image = f"data:image/svg+xml;base64,{base64.b64encode(picture).decode()}"
    return {"picture": image, "secret": groups, "app_address": address}


def _proved(request: HttpRequest, row: Authenticator) -> HttpResponse:
    """A factor was set up here: it is proved, and the device is known."""
    user = signed_in_user(request)
    factors.note_proof(request, user, id=row.pk, type=row.type)
    response = redirect(page_then("recovery_codes", landing(request)))
    devices.remember(request, response, user)
    return response


@fresh_factor_required
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """To print or write down, for ten minutes after they were made; then only new ones can be made."""
    user, now = signed_in_user(request), timezone.now()
    if request.method == "POST":
        key = request.session.session_key or ""
        factor_changes.make_recovery_codes(user=user, session_key=key, now=now)
        messages.success(request, _("These are your new recovery codes. The old codes no longer work."))
        return redirect("recovery_codes")
    shown = factor_changes.codes_of(user, made_after=now - SHOWN_FOR)
    return render(request, "people/recovery_codes.html", {"codes": shown, "next": landing(request)})


@factor_required
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """The second step once more, before something that needs it now."""
    form = proof_form(request, signed_in_user(request))
    if form.is_valid():
        return redirect(landing(request) or "security")
    page = {"form": form, "next": landing(request)}
    return render(request, "people/prove.html", page, status=422 if form.errors else 200)


@account_required
@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """My sign-in: second steps and sessions."""
    user = signed_in_user(request)
    account_notices = notices.notices_of(user)
    page = {
        "sessions": own_sessions.own_sessions(user, session_key=request.session.session_key or ""),
        "works_here_now": factors.needs_factor(user, now=timezone.now()),
        "will_work_here": has_coming_role(user, now=timezone.now()),
        "zone": notices.zone_of(user),
        "factors": factors.factors_of(user),
        "notices": account_notices,
        "has_new_notices": any(notice.is_new for notice in account_notices),
        "resets": user.memberships.holding_at(timezone.now(), Role.MANAGER, Role.VAIDYA).exists(),
    }
    return render(request, "people/security.html", page)


@account_required
@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    """I have read what was changed in my account."""
    notices.mark_read(user=signed_in_user(request), now=timezone.now())
    return redirect("security")


@account_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of my other sessions."""
    own_sessions.end_session(user=signed_in_user(request), pk=pk)
    messages.success(request, _("The session has been signed out."))
    return redirect("security")


@account_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of my sessions but this."""
    own_sessions.end_others(user=signed_in_user(request), session_key=request.session.session_key or "")
    messages.success(request, _("All other sessions have been signed out."))
    return redirect("security")


@fresh_factor_required
@require_POST
def remove_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an app or a passkey away; the last one stays."""
    user = signed_in_user(request)
    factor = get_object_or_404(factors.factors_of(user), pk=pk)
    try:
        key = request.session.session_key or ""
        factor_changes.remove_factor(factor=factor, user=user, session_key=key, now=timezone.now())
    except factor_changes.OnlyFactor as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, _("Removed. Your other sessions have been signed out."))
    return redirect("security")
