"""One page after the other, then all answers at once: what the portal, the tablet and the letters' page share."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.actions import screening as screening_actions
from bookings.actions.screening import GivenAnswer, QuestionsChanged, tells_emergency
from bookings.errors import ActionRefused
from clinic.fields import number_of
from therapies import questionnaire

from .answers_so_far import AnswersSoFar, answers_so_far, drop_answers, keep_answers
from .entrance import Entrance
from .forms import PageForm
from .last_page import IN_SESSION, remember_outcome
from .outcome import OutcomeLevel, level_of
from .questionnaire import Questionnaire
from .typed_meanwhile import keep_unsaved

NOT_VALID = 422
ANSWERED_MEANWHILE = gettext_lazy(
    "These questions were answered meanwhile, on another device or by somebody else. What was typed here was not "
    "saved. Compare it with the answers that count; if they differ, say that an answer was pressed by mistake."
)


def questionnaire_page(request: HttpRequest, health_questions: Questionnaire, door: Entrance) -> HttpResponse:
    """Show a page of the questions, or take one that was filled in; where nothing is due, on to the outcome."""
    answers = answers_so_far(request, health_questions.key)
    if not health_questions.pages:
        is_own = health_questions.key in request.session.get(IN_SESSION, {})  # a second press of the same browser
        if answers.said or (request.method == "POST" and not is_own):
            keep_unsaved(request, health_questions.key, answers.said, health_questions.now)
            messages.warning(request, ANSWERED_MEANWHILE)
        return HttpResponseRedirect(door.end)
    number = _number(request, health_questions)
    if request.method == "POST":
        return _take(request, health_questions, door, number)
    first = _first_open(health_questions, answers) or len(health_questions.pages)
    if number > first:
        messages.info(request, _("Some of your answers are no longer available. Please fill in this page."))
        return HttpResponseRedirect(door.page(first))
    form = _form(health_questions, number)
    form.initial = {**form.initial, **_initial(form, answers)}
    return _show(request, health_questions, door, number, form)


def _number(request: HttpRequest, health_questions: Questionnaire) -> int:
    """The page of the address, counted from one; nonsense is the first."""
    page = request.GET.get("page", "")
    return min(max(number_of(page) or 1, 1), len(health_questions.pages))


def _form(health_questions: Questionnaire, number: int, data: object = None) -> PageForm:
    groups = health_questions.pages[number - 1]
    rows, limit = health_questions.rows, health_questions.hours_after_meal
    return PageForm(data, groups=groups, rows=rows, limit=limit, in_person=health_questions.in_person)


def _initial(form: PageForm, answers: AnswersSoFar) -> dict[str, object]:
    """What was answered before on this page."""
    result: dict[str, object] = {}
    for name, field in form.fields.items():
        values = answers.said.get(name, [])
        if values:
            result[name] = values if getattr(field.widget, "allow_multiple_selected", False) else values[-1]
    return result


def _show(
    request: HttpRequest,
    health_questions: Questionnaire,
    door: Entrance,
    number: int,
    form: PageForm,
    *,
    status: int = 200,
) -> HttpResponse:
    page = {
        "frame": door.frame,
        "is_aloud": door.is_aloud,
        "facts": door.held,
        "health_questions": health_questions,
        "who": health_questions.patient.full_name if door.by else "",  # a letter may be discreet
        "form": form,
        "number": number,
        "how_many": len(health_questions.pages),
        "address": door.page(number),
        "none_goes_on": any(group.is_screen and group.shared for group in form.groups),
    }
    return render(request, "questionnaire/page.html", page, status=status)


def _first_open(health_questions: Questionnaire, answers: AnswersSoFar) -> int:
    """The first page that is not filled in yet, counted from one; 0 when all are."""
    for number, groups in enumerate(health_questions.pages, start=1):
        seen = answers.has_seen(question for group in groups for question in group.questions)
        if not seen or not _form(health_questions, number, answers.data).is_valid():
            return number
    return 0


def _take(request: HttpRequest, health_questions: Questionnaire, door: Entrance, number: int) -> HttpResponse:
    """Keep the page; then back, on, or send everything."""
    form = _form(health_questions, number, request.POST)
    if form.is_outdated:
        keep_unsaved(request, health_questions.key, {}, health_questions.now)
        keep_answers(request, health_questions.key, form, filled_in=False)
        messages.warning(request, QuestionsChanged().reason)
        return HttpResponseRedirect(door.page(number))
    answers = keep_answers(request, health_questions.key, form, filled_in=form.is_valid())
    if request.POST.get("go") == "back" and number > 1:
        return HttpResponseRedirect(door.page(number - 1))
    if not form.is_valid():
        so_far = list(form.given_so_far())
        if tells_emergency(health_questions.due, so_far):
            return _send(request, health_questions, door, number, so_far)
        return _show(request, health_questions, door, number, form, status=NOT_VALID)
    given = list(form.given(health_questions.now))
    missing = _first_open(health_questions, answers)
    if tells_emergency(health_questions.due, given) or not missing:
        return _send(request, health_questions, door, number, _all_given(health_questions, answers))
    return HttpResponseRedirect(door.page(number + 1 if number < len(health_questions.pages) else missing))


def _all_given(health_questions: Questionnaire, answers: AnswersSoFar) -> list[GivenAnswer]:
    """The answers of all pages that are filled in."""
    result: list[GivenAnswer] = []
    for number, groups in enumerate(health_questions.pages, start=1):
        form = _form(health_questions, number, answers.data)
        if answers.has_seen(question for group in groups for question in group.questions) and form.is_valid():
            result += form.given(health_questions.now)
    return result


def _send(
    request: HttpRequest, health_questions: Questionnaire, door: Entrance, number: int, given: list[GivenAnswer]
) -> HttpResponse:
    codes = {row.question.code for row in given}
    try:
        result = screening_actions.screen(
            patient=health_questions.patient,
            clinic=health_questions.clinic,
            stage=health_questions.stage,
            given=given,
            shown=questionnaire.questions_version(
                question for question in health_questions.due if question.code in codes
            ),
            variants=health_questions.variants,
            by=door.by,
            now=health_questions.now,
            visit=health_questions.visit,
        )
    except ActionRefused as refusal:
        messages.warning(request, refusal.reason)
        return HttpResponseRedirect(door.page(number))
    drop_answers(request, health_questions.key)
    level = OutcomeLevel.EMERGENCY if result.is_emergency else level_of(result.findings)
    remember_outcome(request, health_questions, level)
    goes_straight_on = level is OutcomeLevel.CLEAR or (health_questions.is_signs and not result.is_emergency)
    if goes_straight_on and door.after:
        messages.success(request, _("Thank you. Your answers have been saved."))
        return HttpResponseRedirect(door.after)
    return HttpResponseRedirect(door.end)
