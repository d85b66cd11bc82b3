"""Questions for whoever may see a person's record: before booking, and before a visit of theirs."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.actions.wrong_answers import report_wrong_answer
from bookings.errors import ActionRefused
from bookings.models import Visit
from bookings.portal import lookups
from bookings.portal.people_rows import sees_record
from bookings.portal.permissions import portal_access_required
from bookings.portal.visitor import held, signed_in
from bookings.questionnaire.entrance import Entrance
from bookings.questionnaire.last_page import WRONG_ANSWER_TOLD, nothing, outcome_page
from bookings.questionnaire.questionnaire import before_booking, of_visit
from bookings.questionnaire.steps import questionnaire_page
from clinic.people.models import Patient

FRAME = "portal/base.html"


@sensitive_post_parameters()
@portal_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is due before sessions are booked; `next` is where clear answers lead."""
    now, user = timezone.now(), signed_in(request)
    patient = lookups.somebody_or_404(user, public_id, now)
    if not sees_record(user, patient, now):
        return _not_for_you(request)
    health_questions = before_booking(patient, now=now)
    return (
        questionnaire_page(request, health_questions, _before_booking(request, patient))
        if health_questions
        else _nothing_ordered(request, patient)
    )


@portal_access_required
@require_safe
def outcome(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the answers mean for what is prescribed, and where it goes on."""
    now, user = timezone.now(), signed_in(request)
    patient = lookups.somebody_or_404(user, public_id, now)
    if not sees_record(user, patient, now):
        return _not_for_you(request)
    health_questions = before_booking(patient, now=now)
    return (
        outcome_page(request, health_questions, _before_booking(request, patient))
        if health_questions
        else _nothing_ordered(request, patient)
    )


@sensitive_post_parameters()
@portal_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def visit_questions(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is due before a visit; on its day the short check of the day."""
    now, user = timezone.now(), signed_in(request)
    visit = lookups.visit_or_404(user, public_id, now)
    if not sees_record(user, visit.patient, now):
        return _not_for_you(request)
    health_questions = of_visit(visit, now=now)
    return (
        questionnaire_page(request, health_questions, _before_visit(request, visit))
        if health_questions
        else _nothing_asked(request, visit)
    )


@portal_access_required
@require_safe
def visit_outcome(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the answers mean for this visit."""
    now, user = timezone.now(), signed_in(request)
    visit = lookups.visit_or_404(user, public_id, now)
    if not sees_record(user, visit.patient, now):
        return _not_for_you(request)
    health_questions = of_visit(visit, now=now)
    return (
        outcome_page(request, health_questions, _before_visit(request, visit))
        if health_questions
        else _nothing_asked(request, visit)
    )


@portal_access_required
@require_POST
def wrong_answer(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """An answer that was sent was pressed by mistake: the clinic asks again; the sign stays open."""
    now, user = timezone.now(), signed_in(request)
    patient = lookups.person_or_404(user, public_id, now)
    health_questions = before_booking(patient, now=now)
    clinic = lookups.clinic_of_answers(patient) or (health_questions.clinic if health_questions else None)
    if clinic is None:
        return _nothing_ordered(request, patient)
    try:
        report_wrong_answer(patient=patient, clinic=clinic, by=user, now=now)
        messages.success(request, WRONG_ANSWER_TOLD)
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
    return redirect("portal:confirm") if held(request) else redirect("portal:record", patient.public_id)


def _before_booking(request: HttpRequest, patient: Patient) -> Entrance:
    return Entrance(
        pages=reverse("portal:questions", args=[patient.public_id]),
        outcome=reverse("portal:questions_outcome", args=[patient.public_id]),
        frame=FRAME,
        by=signed_in(request),
        after=_within_the_portal(request.GET.get("next", "")),
        home_url=reverse("portal:visits"),
        home_label=_("My appointments"),
        wrong_answer_url=reverse("portal:wrong_answer", args=[patient.public_id]),
    )


def _before_visit(request: HttpRequest, visit: Visit) -> Entrance:
    return Entrance(
        pages=reverse("portal:visit_questions", args=[visit.public_id]),
        outcome=reverse("portal:visit_outcome", args=[visit.public_id]),
        frame=FRAME,
        by=signed_in(request),
        after=_within_the_portal(request.GET.get("next", "")),
        home_url=reverse("portal:visit", args=[visit.public_id]),
        home_label=_("Your appointment"),
        wrong_answer_url=reverse("portal:wrong_answer", args=[visit.patient.public_id]) if visit.patient else "",
    )


def _within_the_portal(address: str) -> str:
    """The address when it is a page of the portal, else nothing: nobody is led away from here."""
    if not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return ""
    try:
        place = resolve(address.partition("?")[0])
    except Resolver404:
        return ""
    return address if place.namespace == "portal" else ""


def _not_for_you(request: HttpRequest) -> HttpResponse:
    """Somebody who sees appointments only."""
    text = _(
        "These questions are about health. The patient, or someone with access to the full "
        "record, must answer them. The clinic can send the questions by e-mail, or ask them "
        "at the visit."
    )
    return nothing(request, FRAME, _("These questions are for the patient"), text)


def _nothing_ordered(request: HttpRequest, patient: Patient) -> HttpResponse:
    text = _(
        "You have no current prescription. A Vaidya needs to examine you and prescribe "
        "first. No answers are needed for a consultation."
    )
    return nothing(request, FRAME, _("There are no questions to answer now"), text, _before_booking(request, patient))


def _nothing_asked(request: HttpRequest, visit: Visit) -> HttpResponse:
    door = _before_visit(request, visit)
    text = _("There are no questions for this visit, or it has started, ended or been cancelled.")
    return nothing(request, FRAME, _("There are no questions to answer now"), text, door)
