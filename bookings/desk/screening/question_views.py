"""The questions with the patient, in private: on the therapist's tablet, where nothing of the desk is within reach."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.actions import screening as screening_actions
from bookings.actions.wrong_answers import report_wrong_answer
from bookings.desk import lookups
from bookings.desk.buttons import DESK
from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required, record_of_visit
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import ClinicalRequest, StaffRequest
from bookings.facts.record_access import TREATS
from bookings.models import Visit
from bookings.questionnaire.entrance import Entrance
from bookings.questionnaire.last_page import nothing, outcome_page
from bookings.questionnaire.questionnaire import of_visit
from bookings.questionnaire.steps import questionnaire_page
from clinic.people.permissions import staff_required
from clinic.people.sessions import hand_over

FRAME = "questionnaire/tablet.html"


@sensitive_post_parameters()
@record_access_required(*TREATS, find=record_of_visit)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(of_record)
def questions(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is due before this visit, with what only staff can say."""
    now, visit = timezone.now(), request.visit
    health_questions, door = of_visit(visit, now=now, staff=True), _entrance(request, visit)
    hand_over(request, door.pages, door.outcome)
    return questionnaire_page(request, health_questions, door) if health_questions else _nothing(request, door)


@record_access_required(*TREATS, find=record_of_visit)
@require_safe
@reads(of_record)
def outcome(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the answers mean for today, in the words for the patient."""
    now, visit = timezone.now(), request.visit
    health_questions, door = of_visit(visit, now=now, staff=True), _entrance(request, visit)
    hand_over(request, door.pages, door.outcome)
    return outcome_page(request, health_questions, door) if health_questions else _nothing(request, door)


@staff_required(*DESK, *TREATS)
@require_POST
def send(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Send the questions by a letter with a link."""
    visit = lookups.visit_or_404(request, public_id)
    with refusals_as_messages(request):
        screening_actions.send_questions(visit=visit, by=request.user, now=timezone.now())
        messages.success(request, _("The questions have been sent. You will see when they are answered."))
    return redirect("desk:visit", public_id=public_id)


@staff_required(*DESK, *TREATS)
@require_POST
def wrong_answer(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """The patient says that an answer was pressed by mistake: it goes on the list of calls; nothing is cleared."""
    patient = lookups.patient_or_404(request, public_id)
    with refusals_as_messages(request):
        report_wrong_answer(patient=patient, clinic=request.clinic, by=request.user, now=timezone.now())
        messages.success(request, _("Noted: somebody asks the patient again. Until then the answer stays as it is."))
    return redirect("desk:patient", public_id=public_id)


def _entrance(request: StaffRequest, visit: Visit) -> Entrance:
    return Entrance(
        pages=reverse("desk:questions", args=[visit.public_id]),
        outcome=reverse("desk:questions_outcome", args=[visit.public_id]),
        frame=FRAME,
        by=request.user,
        home_url=reverse("desk:visit", args=[visit.public_id]),
        home_label=_("Staff: back to the visit"),
    )


def _nothing(request: StaffRequest, door: Entrance) -> HttpResponse:
    text = _("There are no questions for this visit, or it has started, ended or been cancelled.")
    return nothing(request, FRAME, _("There are no questions to answer now"), text, door)
