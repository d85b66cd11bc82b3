"""Coming in: asking for a code, where people land, and joining a patient whom the clinic registered."""

from urllib.parse import urlencode

from allauth.account.forms import RequestLoginCodeForm
from allauth.account.views import RequestLoginCodeView
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clinic.people.access import CannotJoin
from clinic.people.access import join as join_patient
from clinic.people.accounts import open_account
from clinic.people.doors import patient_door, person, public
from clinic.people.forms import JoinForm


class RequestCode(RequestLoginCodeView):
    """allauth's page, except that an unknown address gets an account, and so the same letter as a known one."""

    def form_valid(self, form: RequestLoginCodeForm) -> HttpResponse:
        if form._user is None:
            form._user = open_account(email=form.cleaned_data["email"], now=timezone.now())
        return super().form_valid(form)


request_code = public(RequestCode.as_view())


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
    is_staff = person(request).memberships.holding_at(timezone.now()).exists()
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
