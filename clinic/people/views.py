"""Coming in: asking for a code, where people land, and joining a patient whom the clinic registered."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.forms import RequestLoginCodeForm
from allauth.account.views import (
    ConfirmLoginCodeView,
    LoginView,
    PasswordResetView,
    RequestLoginCodeView,
    password_change,
    password_reset_from_key,
    password_set,
)
from allauth.core.ratelimit import respond_429
from allauth.mfa.webauthn.views import login_webauthn
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.people import attempts, clinic_devices
from clinic.people.access import CannotJoin
from clinic.people.access import join as join_patient
from clinic.people.accounts import open_account
from clinic.people.attempts import Limit
from clinic.people.coming_roles import has_coming_role
from clinic.people.forms import AddressForm, JoinForm
from clinic.people.own_address import join_by_address
from clinic.people.permissions import (
    account_required,
    fresh_factor_required,
    limited,
    public,
    signed_in_user,
    token_required,
)
from clinic.people.request_limits import CODE, MINUTE, account_of, network_of, take_mail
from clinic.people.security_log import Event, note
from clinic.people.sessions import names_page
from clinic.people.third_party_views import THIRD_PARTY_VIEWS


class RequestCode(RequestLoginCodeView):
    """allauth's page, except that an unknown address gets an account, and so the same letter as a known one."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"now": timezone.now()}

    def form_valid(self, form: RequestLoginCodeForm) -> HttpResponse:
        if form._user is None:
            form._user = open_account(email=form.cleaned_data["email"], now=timezone.now())
        return super().form_valid(form)


class SignIn(RequestCode):
    """Where a visitor is sent who has to sign in: a mailed code, or on to the page of those who work here."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("next", "")
        if leads_to_staff(wanted) and clinic_devices.device_of(request):
            return redirect(names_page(wanted))
        if leads_to_staff(wanted):
            return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")
        return super().get(request, *args, **kwargs)


class AskReset(PasswordResetView):
    """allauth's page; its form counts how often it is asked."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"now": timezone.now()}


def leads_to_staff(path: str) -> bool:
    """Whether an address is a page of those who work here."""
    try:
        match = resolve(urlsplit(path).path)
    except (Resolver404, ValueError):
        return False
    access = getattr(match.func, "access", "") or THIRD_PARTY_VIEWS.get(match.view_name, "")
    return access in ("staff", "manager")


class ConfirmCode(ConfirmLoginCodeView):
    """allauth's page, with guesses counted before they are looked at: many at once are not more than a few in a row.

    Another code by the button of this page counts like one that is asked for on the page before.
    """

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self._action == "resend" and not self._take_mail():
            messages.error(request, _("Too many attempts. Please wait a few minutes and try again."))
            return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))
        key = f"code:{request.session.session_key}:{self._process.state['at']}"
        if self._action == "verify" and not attempts.take(key=key, limit=attempts.MAILED_CODE, now=timezone.now()):
            self._process.abort()
            messages.error(request, _("Too many attempts. Please wait a few minutes and try again."))
            return redirect("account_request_login_code")
        return super().post(request, *args, **kwargs)

    def _take_mail(self) -> bool:
        email = self._process.state.get("email") or ""
        return take_mail(self.request, email=email, limits=CODE, now=timezone.now())

    def form_invalid(self, form: Any) -> HttpResponse:
        note(Event.SIGN_IN_FAILED, outcome="wrong_code", account=getattr(self._process.user, "pk", None))
        return super().form_invalid(form)


request_code = public(RequestCode.as_view())
sign_in = public(SignIn.as_view())
confirm_code = public(ConfirmCode.as_view())
staff_sign_in = public(LoginView.as_view())
ask_reset = public(AskReset.as_view())
own_password = limited("password_change", Limit(5, MINUTE), by=account_of)
change_password = own_password(password_change)
set_password = fresh_factor_required(own_password(password_set))  # no open session alone makes a second way in
reset_password = token_required(limited("reset", Limit(20, MINUTE))(password_reset_from_key))
# A passkey cannot be guessed, and a clinic is one address.
passkey_sign_in = public(limited("passkey", Limit(60, MINUTE))(login_webauthn))


@public
@require_GET
def sign_up(request: HttpRequest) -> HttpResponse:
    """The first visit and every other one begin with the same code."""
    following = {"next": request.GET["next"]} if "next" in request.GET else {}
    query = f"?{urlencode(following)}" if following else ""
    return redirect(reverse("account_request_login_code") + query)


@account_required
@require_GET
def signed_in(request: HttpRequest) -> HttpResponse:
    """Where people land: where they wanted to go, else staff at today's board and patients at their visits."""
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(wanted)
    now = timezone.now()
    user = signed_in_user(request)
    if user.role_offers.to_answer(now).exists():
        return redirect("role_offers")
    if user.memberships.holding_at(now).exists():
        return redirect("desk:day")
    return redirect("role_offers" if has_coming_role(user, now=now) else "portal:visits")


@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Join this account to a patient by the code that the clinic handed out, and the birth date."""
    now, form, tries = timezone.now(), JoinForm(request.POST or None), _tries_to_join(request)
    if request.method == "POST" and attempts.take_all(tries, now=now) is None:
        return respond_429(request)
    if form.is_valid():
        try:
            access = join_patient(user=signed_in_user(request), now=now, **form.cleaned_data)
        except CannotJoin as refusal:
            form.add_error(None, refusal.reason)
        else:
            attempts.give_all_back(key for key, _limit in tries)
            messages.success(request, _("You can now see the appointments of %(name)s.") % {"name": access.patient})
            return redirect("portal:visits")
    return render(request, "people/join.html", {"form": form}, status=422 if form.errors else 200)


@account_required
@require_POST
def join_address(request: HttpRequest) -> HttpResponse:
    """See the appointments that the clinic writes about to this account's own address."""
    now, form, user = timezone.now(), AddressForm(request.POST), signed_in_user(request)
    if attempts.take_all(tries_by_address(request), now=now) is None:
        return respond_429(request)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("portal:visits")
    try:
        rows = join_by_address(user=user, now=now, **form.cleaned_data)
    except CannotJoin as refusal:
        messages.error(request, refusal.reason)
    else:
        names = ", ".join(access.patient.given_name for access in rows)
        messages.success(request, _("You can now see the appointments of %(name)s.") % {"name": names})
    return redirect("portal:visits")


def tries_by_address(request: HttpRequest) -> list[tuple[str, Limit]]:
    """What one birth date for the account's own address counts for."""
    return [(f"join:address:{signed_in_user(request).pk}", attempts.JOIN_BY_ADDRESS), *_tries_to_join(request)]


def _tries_to_join(request: HttpRequest) -> list[tuple[str, Limit]]:
    account, network = signed_in_user(request).pk, network_of(request)
    return [(f"join:{account}", attempts.JOIN), (f"join:network:{network}", attempts.JOIN_OF_NETWORK)]
