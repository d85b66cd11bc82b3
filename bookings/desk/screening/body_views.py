"""The history of the body before anything is prescribed: on the tablet in the patient's hand, or read aloud."""

import uuid

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required
from bookings.desk.request import ClinicalRequest
from bookings.facts.record_access import TREATS
from bookings.questionnaire.entrance import Entrance
from bookings.questionnaire.last_page import outcome_page
from bookings.questionnaire.questionnaire import Questionnaire, before_booking
from bookings.questionnaire.steps import questionnaire_page
from clinic.people.sessions import hand_over

from .both_answers import both_answers

TABLET, DESK = "questionnaire/tablet.html", "questionnaire/aloud.html"


@sensitive_post_parameters()
@record_access_required(*TREATS)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(of_record)
def tablet(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """The patient answers: nothing of the desk is within reach."""
    door = _on_tablet(request)
    hand_over(request, door.pages, door.outcome)
    return questionnaire_page(request, _history(request), door)


@record_access_required(*TREATS)
@require_safe
@reads(of_record)
def tablet_outcome(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the answers mean, in the words for the patient."""
    door = _on_tablet(request)
    hand_over(request, door.pages, door.outcome)
    return outcome_page(request, _history(request), door)


@sensitive_post_parameters()
@record_access_required(*TREATS)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(of_record)
def aloud(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """Somebody of the clinic reads the questions and writes down what the patient says."""
    return questionnaire_page(request, _history(request), _read_aloud(request))


@record_access_required(*TREATS)
@require_safe
@reads(of_record)
def aloud_outcome(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the answers mean, to be said to the patient."""
    questions = _history(request)
    return outcome_page(request, questions, _read_aloud(request), beside=both_answers(request, questions))


def _history(request: ClinicalRequest) -> Questionnaire:
    questions = before_booking(request.patient, now=timezone.now(), clinic=request.clinic, staff=True)
    assert questions is not None  # noqa: S101 - the clinic is given
    return questions


def _on_tablet(request: ClinicalRequest) -> Entrance:
    return Entrance(
        pages=reverse("desk:body_questions", args=[request.patient.public_id]),
        outcome=reverse("desk:body_outcome", args=[request.patient.public_id]),
        frame=TABLET,
        by=request.user,
        home_url=reverse("desk:record", args=[request.patient.public_id]),
        home_label=_("Staff: back to the record"),
    )


def _read_aloud(request: ClinicalRequest) -> Entrance:
    return Entrance(
        pages=reverse("desk:read_aloud", args=[request.patient.public_id]),
        outcome=reverse("desk:read_aloud_outcome", args=[request.patient.public_id]),
        frame=DESK,
        by=request.user,
        home_url=reverse("desk:record", args=[request.patient.public_id]),
        home_label=_("The record"),
        is_aloud=True,
    )
