"""Before a consultation is booked: the signs with which nobody should wait for one, one by one on one page."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from bookings.models import Visit
from bookings.portal.draft import draft_of
from bookings.portal.next_sessions import items_of_visit
from bookings.portal.people_rows import patient_acted_for, sees_record
from bookings.portal.permissions import portal_access_required
from bookings.portal.summary import VisitSummary
from bookings.portal.visitor import held, signed_in
from bookings.questionnaire.entrance import Entrance
from bookings.questionnaire.last_page import outcome_page
from bookings.questionnaire.outcome import OutcomeLevel, outcome_of
from bookings.questionnaire.questionnaire import Questionnaire, before_consultation
from bookings.questionnaire.steps import questionnaire_page
from clinic.people.models import Patient


@sensitive_post_parameters()
@portal_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def signs(request: HttpRequest) -> HttpResponse:
    """Asked of whoever comes to the held time, where they were not answered lately."""
    questions = _of_draft(request, timezone.now())
    if questions is None or not questions.due:
        return redirect("portal:confirm")
    return questionnaire_page(request, questions, _entrance(request, questions.now))


@portal_access_required
@require_safe
def signs_outcome(request: HttpRequest) -> HttpResponse:
    """What to do at once; without an emergency the booking goes on."""
    questions = _of_draft(request, timezone.now())
    if questions is None or outcome_of(questions).level is not OutcomeLevel.EMERGENCY:
        return redirect("portal:confirm")
    return outcome_page(request, questions, _entrance(request, questions.now))


def signs_first(request: HttpRequest, time: Visit, patient: Patient, now: dt.datetime) -> HttpResponse | None:
    """The way to the signs, where they are due and this account may answer about health."""
    if not before_consultation(patient, clinic=time.clinic, now=now).due:
        return None
    return redirect("portal:signs") if sees_record(signed_in(request), patient, now) else None


def _of_draft(request: HttpRequest, now: dt.datetime) -> Questionnaire | None:
    """The signs for the booking under way; None where it is no consultation, or they are not for this account."""
    time = held(request)
    patient = patient_acted_for(signed_in(request), draft_of(request).patient, now)
    if time is None or patient is None or items_of_visit(time):
        return None
    if not sees_record(signed_in(request), patient, now):
        return None
    return before_consultation(patient, clinic=time.clinic, now=now)


def _entrance(request: HttpRequest, now: dt.datetime) -> Entrance:
    confirmation, time = reverse("portal:confirm"), held(request)
    return Entrance(
        pages=reverse("portal:signs"),
        outcome=reverse("portal:signs_outcome"),
        frame="portal/signs.html",
        by=signed_in(request),
        after=confirmation,
        home_url=confirmation,
        home_label=_("Continue to your appointment"),
        wrong_answer_url=reverse("portal:wrong_answer", args=[draft_of(request).patient]),
        held=VisitSummary(time, now, in_full=True) if time else None,
    )
