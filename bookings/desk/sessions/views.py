"""The record of a session, its stop signs, and a Vaidya's check on the day: for those who treat."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.actions import (
    attendance,
)
from bookings.actions import (
    pauses as pause_actions,
)
from bookings.actions import (
    screening as screening_actions,
)
from bookings.actions import (
    session_notes as session_note_actions,
)
from bookings.actions.measurements import decide_on_readings
from bookings.actions.past_visits import review_gaps
from bookings.actions.session_notes import ENDED
from bookings.desk import lookups
from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required, record_of_visit
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import ClinicalRequest
from bookings.facts import pain
from bookings.facts import sessions as session_facts
from bookings.facts.record_access import TREATS
from clinic.people.kept_forms import keeps_writing
from clinic.people.models import Patient, Role

from . import pauses
from .forms import ReadingDecisionForm, SignForm
from .page import event_words, page_of
from .pauses import LiftForm
from .record_page import PAGE, again
from .session_entry import early_record, whole_record
from .sign_tap import tap


@record_access_required(*TREATS, find=record_of_visit)
@require_safe
@reads(of_record)
def session(request: ClinicalRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """The record of one session as far as it is."""
    now, visit = timezone.now(), request.visit
    booking = lookups.booking_or_404(visit, position)
    return render(request, PAGE, page_of(visit, booking, by=request.user, now=now))


@keeps_writing
@record_access_required(*TREATS, find=record_of_visit)
@require_POST
@reads(of_record)
def before(request: ClinicalRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Keep what was written before the session, and begin it when asked to."""
    now, act = timezone.now(), request.POST.get("act")
    booking = lookups.booking_or_404(request.visit, position)
    record = early_record(request.POST, booking, starting=act == "start")
    if not record.is_kept(by=request.user, now=now):
        return again(request, record, now)
    if act == "hand_over":
        return redirect("desk:hand_over", public_id=public_id, position=position)
    with refusals_as_messages(request):
        if act == "start":
            attendance.start(booking=booking, by=request.user, now=now, despite="despite" in request.POST)
        else:
            messages.success(request, _("The record has been saved."))
    return redirect("desk:session", public_id=public_id, position=position)


@keeps_writing
@record_access_required(*TREATS, find=record_of_visit)
@require_POST
@reads(of_record)
def after(request: ClinicalRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Keep the whole record, and complete the session when asked to."""
    now, act = timezone.now(), request.POST.get("act")
    booking = lookups.booking_or_404(request.visit, position)
    record = whole_record(request.POST, booking, ending=act == "complete" or booking.status in ENDED)
    if not record.is_kept(by=request.user, now=now):
        return again(request, record, now)
    if act == "hand_over":
        return redirect("desk:hand_over", public_id=public_id, position=position)
    with refusals_as_messages(request):
        if act == "complete":
            attendance.complete(booking=booking, by=request.user, now=now)
        if pauses.asks_for_vaidya(booking):
            messages.warning(request, _("Saved. Call the Vaidya now."))
        else:
            messages.success(request, _("The record has been saved."))
    return redirect("desk:session", public_id=public_id, position=position)


@record_access_required(*TREATS, find=record_of_visit)
@require_POST
@reads(of_record)
def sign(request: ClinicalRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """One tap on a sign. What else was typed is kept first; if it cannot be kept, it is not in the way."""
    now, booking = timezone.now(), lookups.booking_or_404(request.visit, position)
    tapped, record = SignForm(request.POST), whole_record(request.POST, booking)
    kept = record.is_kept(by=request.user, now=now)
    with refusals_as_messages(request):
        code = tapped.cleaned_data["sign"] if tapped.is_valid() else ""
        messages.warning(request, tap(booking, code, by=request.user, now=now))
    if kept:
        return redirect("desk:session", public_id=public_id, position=position)
    record.booking = lookups.booking_or_404(lookups.visit_or_404(request, public_id), position)
    return again(request, record, now)


@record_access_required(*TREATS, find=record_of_visit)
@require_POST
@reads(of_record)
def undo_sign(request: ClinicalRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """A sign that stopped the session was pressed by mistake."""
    now, booking = timezone.now(), lookups.booking_or_404(request.visit, position)
    with refusals_as_messages(request):
        pause_actions.take_back_stop(booking=booking, by=request.user, now=now)
        messages.success(request, _("The stop has been taken back. The session continues."))
    return redirect("desk:session", public_id=public_id, position=position)


@record_access_required(Role.VAIDYA, find=record_of_visit)
@require_POST
@reads(of_record)
def count(request: ClinicalRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """A Vaidya says that a stopped session counts as one of the prescription."""
    now, booking = timezone.now(), lookups.booking_or_404(request.visit, position)
    with refusals_as_messages(request):
        pause_actions.count_stopped(booking=booking, by=request.user, now=now)
        messages.success(request, _("The session now counts as taken."))
    return redirect("desk:session", public_id=public_id, position=position)


@record_access_required(Role.VAIDYA, find=record_of_visit)
@require_POST
@reads(of_record)
def day_check(request: ClinicalRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """A Vaidya has seen the patient today."""
    now, booking = timezone.now(), lookups.booking_or_404(request.visit, position)
    with refusals_as_messages(request):
        session_note_actions.check_for_today(booking=booking, by=request.user, now=now)
        messages.success(request, _("Same-day check recorded."))
    return redirect("desk:session", public_id=public_id, position=position)


@record_access_required(Role.VAIDYA, find=record_of_visit)
@require_POST
@reads(of_record)
def readings(request: ClinicalRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """A Vaidya decides on what was measured before a session."""
    now, visit = timezone.now(), request.visit
    booking, form = lookups.booking_or_404(visit, position), ReadingDecisionForm(request.POST)
    if not form.is_valid():
        page = page_of(visit, booking, by=request.user, now=now) | {"decision_form": form}
        return render(request, PAGE, page, status=422)
    allowed = request.POST.get("act") == "allow"
    with refusals_as_messages(request):
        decide_on_readings(booking=booking, allowed=allowed, by=request.user, now=now, **form.cleaned_data)
        messages.success(request, _("Your decision has been saved."))
    return redirect("desk:session", public_id=public_id, position=position)


@record_access_required(Role.VAIDYA, find=record_of_visit)
@require_POST
@reads(of_record)
def gaps(request: ClinicalRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """A Vaidya has looked at what a session from paper lacked."""
    now, booking = timezone.now(), lookups.booking_or_404(request.visit, position)
    with refusals_as_messages(request):
        review_gaps(booking=booking, by=request.user, now=now)
        messages.success(request, _("The review has been saved."))
    return redirect("desk:session", public_id=public_id, position=position)


@record_access_required(*TREATS)
@require_safe
@reads(of_record)
def of_patient(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """The sessions of a patient, how the pain went, and what is paused."""
    return _of_patient(request, request.patient, LiftForm())


@record_access_required(Role.VAIDYA)
@require_POST
@reads(of_record)
def lift(request: ClinicalRequest, public_id: uuid.UUID, suspension_id: uuid.UUID) -> HttpResponse:
    """A Vaidya has looked: the treatments may go on."""
    patient = request.patient
    suspension, form = pauses.pause_or_404(patient, suspension_id), LiftForm(request.POST)
    if not form.is_valid():
        return _of_patient(request, patient, form, status=422)
    with refusals_as_messages(request):
        screening_actions.lift(suspension=suspension, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Treatments can resume. The front desk has been asked to call the patient."))
    return redirect("desk:sessions", public_id=public_id)


def _of_patient(request: ClinicalRequest, patient: Patient, form: LiftForm, *, status: int = 200) -> HttpResponse:
    notes = [note for note in session_facts.notes_of(patient) if request.record.covers(note.booking.visit.clinic_id)]
    page = {
        "patient": patient,
        "record": request.record,
        "notes": [(note, event_words(note.event_code) if note.event_code else "") for note in notes[::-1]],
        "chart": pain.chart(pain.felt_in(notes)),
        "taken_back": session_facts.stops_taken_back([note.booking_id for note in notes]),
        "pauses": pauses.pauses_of(patient),
        "form": form,
        "is_vaidya": request.user.clinics_at(timezone.now(), Role.VAIDYA).exists(),
    }
    return render(request, "desk/sessions/of_patient.html", page, status=status)
