"""The mailbox of local mode: what would have left the house. Production has none.

To look at a letter is to read about the patients at its address, as far as somebody is known there.
"""

from collections.abc import Sequence
from email.utils import getaddresses

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from bookings.desk.reads import Patients, reads, reads_page
from bookings.desk.request import StaffRequest
from bookings.messages.outbox.mailbox import NoSuchMail, StoredMail, newest, read_mail
from bookings.messages.records import addresses_of_others
from clinic.people.models import Patient
from clinic.people.permissions import staff_required
from clinic.premises.models import Clinic

from .mail_frame import framed


def _mail_or_404(request: StaffRequest, name: str) -> StoredMail:
    if settings.PRODUCTION:
        raise Http404
    try:
        mail = read_mail(name)
    except NoSuchMail as fault:
        raise Http404 from fault
    if not _of_these_clinics(request, [mail]):
        raise Http404
    return mail


def _of_these_clinics(request: StaffRequest, mails: Sequence[StoredMail]) -> list[StoredMail]:
    """Without those to people of our other clinics."""
    others = addresses_of_others(request.clinics)
    return [mail for mail in mails if not others & {address.lower() for address in _recipients([mail])}]


def _recipients(mails: Sequence[StoredMail]) -> list[str]:
    return [address for _name, address in getaddresses([mail.to for mail in mails])]


def written_to(mails: Sequence[StoredMail]) -> Patients:
    """The patients who are known at the addresses of these mails."""
    return Patient.objects.written_to(_recipients(mails))


def by_mail(request: StaffRequest, name: str) -> tuple[Patients, Clinic]:
    """To whom the mail of the address is written."""
    return written_to([_mail_or_404(request, name)]), request.clinic


@staff_required()
@require_safe
@reads_page(lambda page: written_to(page["mails"]))
def mailbox(request: StaffRequest) -> HttpResponse:
    """The newest mails."""
    if settings.PRODUCTION:
        raise Http404
    return TemplateResponse(request, "desk/mailbox.html", {"mails": _of_these_clinics(request, newest())})


@staff_required()
@require_safe
@csp_update({"frame-src": [SELF]})
@reads(by_mail)
def mail(request: StaffRequest, name: str) -> HttpResponse:
    """One mail: its text, its HTML in a frame, its calendar file."""
    return render(request, "desk/mail.html", {"mail": _mail_or_404(request, name)})


@staff_required()
@require_safe
@reads(by_mail)
def mail_html(request: StaffRequest, name: str) -> HttpResponse:
    """The HTML part by itself."""
    return framed(_mail_or_404(request, name).html)


@staff_required()
@require_safe
@reads(by_mail)
def mail_calendar(request: StaffRequest, name: str) -> HttpResponse:
    """The calendar file, to keep."""
    mail = _mail_or_404(request, name)
    if not mail.calendar:
        raise Http404
    response = HttpResponse(mail.calendar, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response
