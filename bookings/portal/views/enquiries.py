"""A question to a clinic, from whoever reads its page."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.actions.enquiries import send_enquiry
from bookings.portal.consultations import clinic_of
from bookings.portal.forms.enquiries import EnquiryForm
from bookings.portal.times_page import NOT_VALID
from bookings.portal.visitor import account
from clinic.people import attempts
from clinic.people.attempts import Limit
from clinic.people.permissions import public
from clinic.people.request_limits import network_of
from clinic.people.views import respond_429
from clinic.premises.editions import edition_of

OF_NETWORK = Limit(5, dt.timedelta(hours=1))
OF_CLINIC = Limit(60, dt.timedelta(hours=1))
"""Questions from one network and to one clinic (clinic defaults): beyond them nobody could answer."""


@public
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """It reaches the list of the front desk; of what a program wrote nothing is kept, and the program is thanked."""
    clinic, now = clinic_of(edition_of(request), slug), timezone.now()
    if clinic is None:
        raise Http404
    form = EnquiryForm(request.POST or None)
    if form.is_valid():
        if attempts.take_all(_tries(request, slug), now=now) is None:
            return respond_429(request)
        if not form.is_of_a_program:
            language = get_language() or "en"
            send_enquiry(clinic=clinic, by=account(request), now=now, language=language, **form.said)
        messages.success(request, _("Thank you. The front desk will reply."))
        return redirect("portal:clinic", slug)
    page = {"clinic": clinic, "form": form, "house": clinic}
    return render(request, "public/ask.html", page, status=NOT_VALID if form.is_bound else 200)


def _tries(request: HttpRequest, slug: str) -> list[tuple[str, Limit]]:
    return [(f"enquiry:network:{network_of(request)}", OF_NETWORK), (f"enquiry:clinic:{slug}", OF_CLINIC)]
