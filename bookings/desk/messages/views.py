"""Letters: what is due, sent and failed, and why; sending again; every letter with sample data."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.desk.addresses import asked_page
from bookings.desk.buttons import DESK
from bookings.desk.reads import reads_page
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import StaffRequest
from bookings.messages.calls import CallOutcome, by_hand, settle_by_hand
from bookings.messages.content.samples import sample_codes, sample_parts, sample_words
from bookings.messages.records import LISTS, failed_account_mail, mail_in_state, message_at
from bookings.messages.resends import resend, why_not_resend
from clinic.people.models import Role
from clinic.people.permissions import staff_required

from .forms import ResendForm, ToldForm
from .mail_frame import framed
from .page import list_tabs, sample_rows

PER_PAGE = 50


@staff_required(*DESK)
@require_safe
@reads_page(lambda page: [row.whom.pk for row in page["page"] if row.whom])
def letters(request: StaffRequest) -> HttpResponse:
    """One list at a time."""
    now, which = timezone.now(), request.GET.get("list", "failed")
    if which not in LISTS:
        raise Http404
    page = asked_page(request, Paginator(mail_in_state(request.clinics, which), PER_PAGE))
    managed = request.user.clinics_at(now, Role.MANAGER)
    accounts = failed_account_mail(managed, now) if which == "failed" else []
    return TemplateResponse(
        request,
        "desk/letters.html",
        {"page": page, "tabs": list_tabs(which), "accounts": accounts, "mailbox": not settings.PRODUCTION},
    )


@staff_required(*DESK)
@require_safe
@reads_page(lambda page: [page["letter"].whom.pk])
def letter(request: StaffRequest, pk: int) -> HttpResponse:
    """One row: what happened to it, and sending again where that makes sense."""
    now, row = timezone.now(), message_at(request.clinics, pk)
    if row is None or row.whom is None:
        raise Http404
    page = {"letter": row, "why_not": why_not_resend(row, now=now), "form": ResendForm(), "call": by_hand(row)}
    page["sent_again"] = list(row.resends.order_by("pk"))
    page["outcome"] = dict(CallOutcome.choices).get(row.outcome, "")
    return TemplateResponse(request, "desk/letter.html", page)


@staff_required(*DESK)
@require_POST
def told_by_hand(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody sent the message from a telephone, or said it: by whom is kept."""
    row, form = message_at(request.clinics, pk), ToldForm(request.POST)
    if row is None or row.whom is None:
        raise Http404
    if not form.is_valid():
        messages.error(request, _("Choose how the patient was told."))
        return redirect("desk:letter", pk=pk)
    with refusals_as_messages(request):
        settle_by_hand(message=row, outcome=form.cleaned_data["outcome"], by=request.user, now=timezone.now())
        messages.success(request, _("Saved."))
    return redirect("desk:letter", pk=pk)


@staff_required(*DESK)
@require_POST
def send_again(request: StaffRequest, pk: int) -> HttpResponse:
    """A new row for the same letter, with the reason."""
    row, form = message_at(request.clinics, pk), ResendForm(request.POST)
    if row is None:
        raise Http404
    if not form.is_valid():
        messages.error(request, _("Give a reason for resending the message."))
        return redirect("desk:letter", pk=pk)
    with refusals_as_messages(request):
        resend(message=row, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
        messages.success(request, _("The message is being resent."))
    return redirect("desk:letter", pk=pk)


@staff_required()
@require_safe
def samples(request: StaffRequest) -> HttpResponse:
    """Every letter in every language."""
    return render(request, "desk/letter_samples.html", {"rows": sample_rows()})


def _known_or_404(code: str, language: str) -> None:
    if code not in sample_codes() or language not in dict(settings.LANGUAGES):
        raise Http404


@staff_required()
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def sample(request: StaffRequest, code: str, language: str) -> HttpResponse:
    """One letter with made-up people."""
    _known_or_404(code, language)
    text, _html = sample_parts(code, language)
    page = {"code": code, "letter_language": language, "text": text, "subject": sample_words(code, language).subject}
    return render(request, "desk/letter_sample.html", page)


@staff_required()
@require_safe
def sample_html(request: StaffRequest, code: str, language: str) -> HttpResponse:
    """Its HTML, in a frame of its own."""
    _known_or_404(code, language)
    return framed(sample_parts(code, language)[1])
