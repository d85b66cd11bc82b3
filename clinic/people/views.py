"""Coming in: asking for a code, where people land, and joining a patient whom the clinic registered."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.forms import RequestLoginCodeForm
from allauth.account.views import ConfirmLoginCodeView, LoginView, RequestLoginCodeView
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clinic.people import attempts
from clinic.people.access import CannotJoin
from clinic.people.access import join as join_patient
from clinic.people.accounts import open_account
from clinic.people.doors import LIBRARY_DOORS, patient_door, person, public
from clinic.people.forms import JoinForm
from clinic.people.security_log import Event, note


class RequestCode(RequestLoginCodeView):
    """allauth's page, except that an unknown address gets an account, and so the same letter as a known one."""

    def form_valid(self, form: RequestLoginCodeForm) -> HttpResponse:
        if form._user is None:
            form._user = open_account(email=form.cleaned_data["email"], now=timezone.now())
        return super().form_valid(form)


class SignIn(RequestCode):
    """Where a visitor is sent who has to sign in: a mailed code, or on to the page of those who work here."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("next", "")
        if leads_to_staff(wanted):
            return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")
        return super().get(request, *args, **kwargs)


def leads_to_staff(path: str) -> bool:
    """Whether an address is a page of those who work here."""
    try:
        match = resolve(urlsplit(path).path)
    except (Resolver404, ValueError):
        return False
    door = getattr(match.func, "door", "") or LIBRARY_DOORS.get(match.view_name, "")
    return door in ("staff", "manager")


class ConfirmCode(ConfirmLoginCodeView):
    """allauth's page, with guesses counted before they are looked at: many at once are not more than a few in a row."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = f"code:{request.session.session_key}:{self._process.state['at']}"
        if self._action == "verify" and not attempts.take(key=key, limit=attempts.MAILED_CODE, now=timezone.now()):
            self._process.abort()
            messages.error(request, _("Too many tries. Please wait a few minutes, then try again."))
            return redirect("account_request_login_code")
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        note(Event.SIGN_IN_FAILED, outcome="wrong_code", account=getattr(self._process.user, "pk", None))
        return super().form_invalid(form)


request_code = public(RequestCode.as_view())
sign_in = public(SignIn.as_view())
confirm_code = public(ConfirmCode.as_view())
staff_sign_in = public(LoginView.as_view())


@public
@require_GET
def sign_up(request: HttpRequest) -> HttpResponse:
    """The first visit and every other one begin with the same code."""
    following = {"next": request.GET["next"]} if "next" in request.GET else {}
    query = f"?{urlencode(following)}" if following else ""
    return redirect(reverse("account_request_login_code") + query)


@patient_door
@require_GET
def signed_in(request: HttpRequest) -> HttpResponse:
    """Where people land: where they wanted to go, else staff at today's board and patients at their visits."""
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(wanted)
    now = timezone.now()
    if person(request).role_offers.to_answer(now).exists():
        return redirect("role_offers")
    is_staff = person(request).memberships.holding_at(now).exists()
    return redirect("desk:day" if is_staff else "portal:visits")


@patient_door
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Join this account to a patient by the code that the clinic handed out, and the birth date."""
    if not ratelimit.consume(request, action="join", user=request.user):
        return ratelimit.respond_429(request)
    form = JoinForm(request.POST or None)
    if form.is_valid():
        try:
            access = join_patient(user=person(request), now=timezone.now(), **form.cleaned_data)
        except CannotJoin as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("You can now see the visits of %(name)s.") % {"name": access.patient})
            return redirect("portal:visits")
    return render(request, "people/join.html", {"form": form}, status=422 if form.errors else 200)
