"""Pages behind the links of letters. A mail scanner may open them all: only a press changes something.

They show no more than the letter said; for all else one signs in.
"""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from bookings.actions.address_proof import prove_address
from bookings.actions.changes import cancel as cancel_visit
from bookings.errors import ActionRefused
from bookings.messages.content.appointment import appointment_of
from bookings.messages.content.links import (
    LinkLapsed,
    is_sent_to,
    patient_behind,
    patient_to_write_to,
    visit_behind,
)
from bookings.messages.content.preparation import neutral_advice, neutral_points
from bookings.messages.outbox.leases import database_clock
from bookings.messages.outbox.metrics import exposition
from bookings.messages.schedule.opt_outs import (
    has_stopped,
    may_undo_stop,
    stop_address,
    stop_optional_messages,
    undo_stop,
)
from bookings.models import CancelledBy, Visit
from clinic.fields import number_of
from clinic.people.permissions import public, token_required

from .day_of_visit import DayOfVisitForm
from .page import visit_state_of
from .reports import NotSigned, stopped_by

ADDRESS = "address"


def _visit_or_404(token: str) -> Visit:
    try:
        return visit_behind(token, now=timezone.now())
    except LinkLapsed as fault:
        raise Http404 from fault


@csrf_exempt  # mail programs press it for the reader (RFC 8058) and have no cookie; the token is the right to it
@require_http_methods(["GET", "HEAD", "POST"])
@token_required
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the letters that no visit needs, or the reminders too, in one press (RFC 8058).

    For ten minutes another press takes it back.
    """
    try:
        patient, reminders = patient_behind(token)
    except LinkLapsed as fault:
        raise Http404 from fault
    now, undone = timezone.now(), False
    if "undo" in request.POST:
        undone = undo_stop(patient=patient, now=now)
    elif request.method == "POST":
        stop_optional_messages(patient=patient, now=now, reminders=reminders)
    page = {
        "reminders": reminders,
        "stopped": has_stopped(patient, reminders=reminders),
        "may_undo": may_undo_stop(patient, now=now),
        "undone": undone,
    }
    with translation.override(patient.language):
        return render(request, "links/stop.html", page)


@require_safe
@token_required
def visit(request: HttpRequest, token: str) -> HttpResponse:
    """What the letter said, as it stands now, and a button that cancels."""
    _visit = _visit_or_404(token)
    with translation.override(_visit.patient.language if _visit.patient else None):
        return _visit_page(request, _visit, token, DayOfVisitForm(visit=_visit, now=timezone.now()))


def _visit_page(
    request: HttpRequest, visit: Visit, token: str, form: DayOfVisitForm, address_form: DayOfVisitForm | None = None
) -> HttpResponse:
    address_form = address_form or DayOfVisitForm(visit=visit, prefix=ADDRESS, now=timezone.now())
    patient, visit_state = visit.patient, visit_state_of(visit, now=timezone.now())
    unknown = patient is not None and not patient.email_is_proved and is_sent_to(token, patient.email)
    page = {
        "visit_state": visit_state,
        "token": token,
        "form": form,
        "asks_address": unknown,
        "address_form": address_form,
    }
    wrong = form.errors or address_form.errors
    return render(request, "links/visit.html", page, status=422 if wrong else 200)


@require_POST
@token_required
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Cancel, by whoever got the letter and types the day of the visit."""
    _visit, version = _visit_or_404(token), number_of(request.POST.get("version", ""))
    if version is None:
        raise Http404
    with translation.override(_visit.patient.language if _visit.patient else None):
        form = DayOfVisitForm(request.POST, visit=_visit, now=timezone.now())
        if not form.is_valid():
            return _visit_page(request, _visit, token, form)
        try:
            cancel_visit(visit=_visit, by=None, now=timezone.now(), ended_by=CancelledBy.PATIENT, version=version)
            messages.success(request, _("The appointment is cancelled."))
        except ActionRefused as refusal:
            messages.error(request, refusal.reason)
        return redirect("letters:visit", token=token)


@require_POST
@token_required
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever opens the link and types the day reads the mail of that address: what was held back may come."""
    _visit = _visit_or_404(token)
    patient = _visit.patient
    if patient is None or not is_sent_to(token, patient.email):
        raise Http404
    with translation.override(patient.language):
        form = DayOfVisitForm(request.POST, visit=_visit, prefix=ADDRESS, now=timezone.now())
        if not form.is_valid():
            return _visit_page(request, _visit, token, DayOfVisitForm(visit=_visit, now=timezone.now()), form)
        prove_address(address=patient.email, patient=patient, now=timezone.now())
        messages.success(request, _("Thank you. We will send our e-mails to this address."))
    return redirect("letters:visit", token=token)


@require_http_methods(["GET", "HEAD", "POST"])
@token_required
def contact(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever reads the mail of a new contact address says that it is theirs. It names nobody."""
    try:
        patient = patient_to_write_to(token)
    except LinkLapsed as fault:
        raise Http404 from fault
    if request.method == "POST":
        prove_address(address=patient.email, patient=patient, now=timezone.now())
        return redirect("letters:contact", token=token)
    with translation.override(patient.language):
        return render(request, "links/contact.html", {"is_proved": patient.email_is_proved})


@csrf_exempt  # providers have no cookie; their signature is the right to it
@require_POST
@public
def reports(request: HttpRequest, provider: str) -> HttpResponse:
    """Bounces and complaints, as a mail provider reports them. One that is not signed changes nothing."""
    try:
        found = stopped_by(request, provider)
    except NotSigned:
        return HttpResponse(status=401)
    for address, why in found:
        stop_address(address=address, why=why, now=timezone.now())
    return HttpResponse()


@require_safe
@public
def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers for Prometheus, for whoever shows the token of the settings; without one there is no such page."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(shown, settings.METRICS_TOKEN):
        raise Http404
    return HttpResponse(exposition(now=database_clock()), content_type=CONTENT_TYPE_LATEST)


@require_safe
@token_required
def prepare(request: HttpRequest, token: str) -> HttpResponse:
    """How to prepare, in neutral words."""
    _visit = _visit_or_404(token)
    language = _visit.patient.language if _visit.patient else "en"
    with translation.override(language):
        page = {"points": neutral_points(_visit, language), "visit_state": visit_state_of(_visit, now=timezone.now())}
        return render(request, "links/prepare.html", page)


@require_safe
@token_required
def aftercare(request: HttpRequest, token: str) -> HttpResponse:
    """What helps after the visit, in neutral words, and whom to call."""
    _visit = _visit_or_404(token)
    language = _visit.patient.language if _visit.patient else "en"
    with translation.override(language):
        page = {"points": neutral_advice(_visit, language), "appointment": appointment_of(_visit)}
        return render(request, "links/aftercare.html", page)
