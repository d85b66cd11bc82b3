"""The health questions behind a letter's link: whoever has it may answer, and sees no earlier answer."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.actions.wrong_answers import report_wrong_answer
from bookings.errors import ActionRefused
from bookings.messages.content.links import QUESTIONS, LinkLapsed, visit_behind
from bookings.models import Visit
from bookings.questionnaire.entrance import Entrance
from bookings.questionnaire.last_page import WRONG_ANSWER_TOLD, nothing, tell_only_what_was_sent
from bookings.questionnaire.questionnaire import of_visit
from bookings.questionnaire.steps import questionnaire_page
from clinic.people.permissions import token_required

from .day_of_visit import DayOfVisitForm, has_typed_the_day, remember_the_day
from .page import visit_state_of

FRAME = "questionnaire/letter.html"


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@token_required
def questions(request: HttpRequest, token: str) -> HttpResponse:
    """What is due before the visit; on its day the short check of the day. Asked once its day was typed."""
    visit = _visit_or_404(token)
    with translation.override(_language(request, visit)):
        health_questions = of_visit(visit, now=timezone.now())
        if health_questions is None:
            return _nothing(request)
        if health_questions.pages and not has_typed_the_day(request, visit):
            return _day(request, visit, token)
        return questionnaire_page(request, health_questions, _entrance(token))


def _day(request: HttpRequest, visit: Visit, token: str) -> HttpResponse:
    """Before the first question: what a person types and a mail scanner, which sends off every form, does not."""
    form = DayOfVisitForm(request.POST or None, visit=visit, now=timezone.now())
    if form.is_valid():
        remember_the_day(request, form, visit)
        return HttpResponseRedirect(_entrance(token).start)
    page = {"frame": FRAME, "form": form, "visit_state": visit_state_of(visit, now=timezone.now())}
    return render(request, "links/questions_day.html", page, status=422 if request.method == "POST" else 200)


@require_safe
@token_required
def outcome(request: HttpRequest, token: str) -> HttpResponse:
    """What was just sent means this; what was told before is not shown to whoever has the link."""
    visit = _visit_or_404(token)
    with translation.override(_language(request, visit)):
        health_questions = of_visit(visit, now=timezone.now())
        return (
            tell_only_what_was_sent(request, health_questions, _entrance(token))
            if health_questions
            else _nothing(request)
        )


@require_POST
@token_required
def wrong_answer(request: HttpRequest, token: str) -> HttpResponse:
    """An answer that was sent was pressed by mistake. Not for a mail scanner, which never typed the day."""
    visit, door = _visit_or_404(token), _entrance(token)
    if visit.patient is None or not has_typed_the_day(request, visit):
        return HttpResponseRedirect(door.start)
    with translation.override(_language(request, visit)):
        try:
            report_wrong_answer(patient=visit.patient, clinic=visit.clinic, by=None, now=timezone.now())
            messages.success(request, WRONG_ANSWER_TOLD)
        except ActionRefused as refusal:
            messages.error(request, refusal.reason)
        return HttpResponseRedirect(door.end)


def _visit_or_404(token: str) -> Visit:
    try:
        return visit_behind(token, QUESTIONS, now=timezone.now())
    except LinkLapsed as fault:
        raise Http404 from fault


def _language(request: HttpRequest, visit: Visit) -> str:
    """What the reader chose on our pages, else the language of the patient's letters."""
    letters = visit.patient.language if visit.patient else settings.LANGUAGE_CODE
    return translation.get_language() or letters if settings.LANGUAGE_COOKIE_NAME in request.COOKIES else letters


def _entrance(token: str) -> Entrance:
    return Entrance(
        pages=reverse("letters:questions", args=[token]),
        outcome=reverse("letters:questions_outcome", args=[token]),
        frame=FRAME,
        by=None,
        wrong_answer_url=reverse("letters:wrong_answer", args=[token]),
    )


def _nothing(request: HttpRequest) -> HttpResponse:
    text = _("There are no questions for this visit, or it has started, ended, changed or been cancelled.")
    return nothing(request, FRAME, _("There are no questions to answer now"), text)
