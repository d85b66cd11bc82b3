"""What waits for a Vaidya's decision, and the decision: from any of the clinics where the patient is known."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.actions import decisions as decision_actions
from bookings.desk.answers import answer_in_words
from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import ClinicalRequest
from bookings.desk.sessions.pauses import LiftForm, pauses_of
from bookings.errors import ActionRefused
from bookings.models import Visit
from clinic.fields import number_of
from clinic.people.models import Patient, Role
from clinic.premises.models import Clinic

from .decision_forms import DecisionForm
from .joint_forms import JointForm, joint_form
from .lookups import by_known_visit
from .open_answers import OpenAnswer, answers_standing, by_telephone, earlier, is_emergency_day, open_answers

NOT_VALID = 422
ALL = "all"
"""What is pressed for one decision over several answers."""
CONFIRMED = "telephone"


@record_access_required(Role.VAIDYA)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(of_record)
def of_patient(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """Everything that a patient told and nobody has decided on."""
    now, patient = timezone.now(), request.patient
    return _decisions(request, patient, reverse("desk:decisions", args=[public_id]), now)


@record_access_required(Role.VAIDYA, find=by_known_visit)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(of_record)
def of_visit(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """What stands in the way of this visit; also for a Vaidya of another clinic where the patient is known."""
    now, visit, patient = timezone.now(), request.visit, request.patient
    return _decisions(request, patient, reverse("desk:visit_decisions", args=[public_id]), now, visit=visit)


def _decisions(
    request: ClinicalRequest, patient: Patient, here: str, now: dt.datetime, *, visit: Visit | None = None
) -> HttpResponse:
    answers = open_answers(patient, by=request.user, now=now)
    rows = [row for row in answers if visit is None or _concerns(row, visit)]
    pressed = request.POST.get("finding_of", "")
    fill = request.POST.get("fill", "") if pressed == ALL else ""
    joint = joint_form(request.POST if pressed == ALL else None, rows, fill=fill)
    today = request.clinic.today(now)
    forms = {row.key: DecisionForm(request.POST if row.key == pressed else None, row=row, on=today) for row in rows}
    if pressed == CONFIRMED:
        return _confirm(request, patient, here, now)
    if request.method == "POST" and not fill:
        form = joint if pressed == ALL else forms.get(pressed)
        if form is None or (isinstance(form, JointForm) and form.is_outdated):
            messages.warning(request, _("This was decided or answered again in the meantime. Please check it again."))
            return HttpResponseRedirect(here)
        clinic = visit.clinic if visit else request.clinic
        if form.is_valid() and _decided(request, patient, form, clinic, now):
            return HttpResponseRedirect(here)
    emergency = is_emergency_day(patient, zone=request.clinic.zone, now=now)
    return _show(
        request,
        patient,
        list(forms.values()),
        joint,
        here,
        visit,
        wrong=bool(pressed) and not fill,
        emergency=emergency,
    )


def _concerns(row: OpenAnswer, visit: Visit) -> bool:
    return any(booking.visit_id == visit.pk for booking in row.bookings)


def _decided(
    request: ClinicalRequest, patient: Patient, form: DecisionForm | JointForm, clinic: Clinic, now: dt.datetime
) -> bool:
    decisions = form.decisions(request.clinic)
    try:
        decision_actions.decide(patient=patient, decisions=decisions, clinic=clinic, by=request.user, now=now)
    except ActionRefused as refusal:
        form.add_error(None, refusal.reason)
        return False
    count = len(decisions)
    several = _("%(count)s decisions have been recorded.") % {"count": count}
    messages.success(request, several if count > 1 else _("The decision has been recorded."))
    return True


def _confirm(request: ClinicalRequest, patient: Patient, here: str, now: dt.datetime) -> HttpResponse:
    row = get_object_or_404(by_telephone(patient), pk=number_of(request.POST.get("clearance", "")) or 0)
    with refusals_as_messages(request):
        decision_actions.confirm(clearance=row, by=request.user, now=now)
        messages.success(request, _("The decision has been confirmed."))
    return HttpResponseRedirect(here)


def _show(
    request: ClinicalRequest,
    patient: Patient,
    forms: list[DecisionForm],
    joint: JointForm | None,
    here: str,
    visit: Visit | None,
    *,
    wrong: bool,
    emergency: bool,
) -> HttpResponse:
    zone = request.clinic.zone
    page = {
        "patient": patient,
        "visit": visit,
        "here": here,
        "forms": forms,
        "joint": joint,
        "standing": answers_standing(patient, visit, now=timezone.now()),
        "emergency": emergency,
        "by_telephone": [
            (row, answer_in_words(row.value, row.text, zone), row.by_id == request.user.pk)
            for row in by_telephone(patient)
        ],
        "pauses": pauses_of(patient),
        "lift_form": LiftForm(),
        "record": request.record,
        "earlier": [(row, answer_in_words(row.value, row.text, zone)) for row in earlier(patient, request.record)],
    }
    return render(request, "desk/screening/decisions.html", page, status=NOT_VALID if wrong else 200)
