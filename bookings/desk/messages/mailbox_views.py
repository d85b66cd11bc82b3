"""The mailbox of local mode: what would have left the house. Production has none.

To look at a letter is to read about the patients at its address, as far as somebody is known there.
"""

from collections.abc import Sequence
from email.utils import getaddresses

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.messages.outbox.mailbox import NoSuchMail, StoredMail, newest, read_mail
from clinic.people.audit import record_read
from clinic.people.models import Patient
from clinic.people.permissions import staff_door

from .mail_frame import framed


def _mail_or_404(name: str) -> StoredMail:
    if settings.PRODUCTION:
        raise Http404
    try:
        return read_mail(name)
    except NoSuchMail as fault:
        raise Http404 from fault


def _record(request: HttpRequest, mails: Sequence[StoredMail], *, door: str) -> None:
    addresses = [address for _name, address in getaddresses([mail.to for mail in mails])]
    named = Patient.objects.written_to(addresses)
    record_read(request=request, patients=named, door=door, clinic=request.clinic, now=timezone.now())  # type: ignore[attr-defined]


@staff_door()
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails."""
    if settings.PRODUCTION:
        raise Http404
    mails = newest()
    _record(request, mails, door="desk:mailbox")
    return render(request, "desk/mailbox.html", {"mails": mails})


@staff_door()
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its text, its HTML in a frame, its calendar file."""
    mail = _mail_or_404(name)
    _record(request, [mail], door="desk:mail")
    return render(request, "desk/mail.html", {"mail": mail})


@staff_door()
@require_safe
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part by itself."""
    mail = _mail_or_404(name)
    _record(request, [mail], door="desk:mail_html")
    return framed(mail.html)


@staff_door()
@require_safe
def mail_calendar(request: HttpRequest, name: str) -> HttpResponse:
    """The calendar file, to keep."""
    mail = _mail_or_404(name)
    if not mail.calendar:
        raise Http404
    _record(request, [mail], door="desk:mail_calendar")
    response = HttpResponse(mail.calendar, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response
