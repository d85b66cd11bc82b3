"""The mailbox of local mode: what would have left the house. Production has none."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.letters.mailbox import Kept, NoSuchMail, newest, read
from clinic.people.doors import staff_door

from .framed import framed


def _mail_or_404(name: str) -> Kept:
    if settings.PRODUCTION:
        raise Http404
    try:
        return read(name)
    except NoSuchMail as fault:
        raise Http404 from fault


@staff_door()
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails."""
    if settings.PRODUCTION:
        raise Http404
    return render(request, "desk/mailbox.html", {"mails": newest()})


@staff_door()
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its text, its HTML in a frame, its calendar file."""
    return render(request, "desk/mail.html", {"mail": _mail_or_404(name)})


@staff_door()
@require_safe
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part by itself."""
    return framed(_mail_or_404(name).html)


@staff_door()
@require_safe
def mail_calendar(request: HttpRequest, name: str) -> HttpResponse:
    """The calendar file, to keep."""
    calendar = _mail_or_404(name).calendar
    if not calendar:
        raise Http404
    response = HttpResponse(calendar, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response
