"""The page that says what the answers mean, and the one that says that nothing is asked."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from .entrance import Entrance
from .outcome import GOES_ON, OutcomeLevel, QuestionnaireOutcome, outcome_of
from .questionnaire import Questionnaire

IN_SESSION = "answered"
WRONG_ANSWER_TOLD = gettext_lazy(
    "We have told the clinic. Someone will ask you again. Until then your answer stays as it is."
)


def outcome_page(
    request: HttpRequest, health_questions: Questionnaire, door: Entrance, *, beside: Sequence[object] = ()
) -> HttpResponse:
    """What all answers mean now, for whoever may see the record; while some are missing, back to the questions.

    `beside`: what was typed here and not saved, with what was saved instead.
    """
    outcome = outcome_of(health_questions)
    if health_questions.due and outcome.level in GOES_ON:
        return HttpResponseRedirect(door.page(1))
    return _page(request, health_questions, door, outcome, beside)


def tell_only_what_was_sent(request: HttpRequest, health_questions: Questionnaire, door: Entrance) -> HttpResponse:
    """The same for somebody who has a link and nothing else: what this browser was told when it sent the answers."""
    stored = request.session.get(IN_SESSION, {}).get(health_questions.key)
    if stored is None and health_questions.due:
        return HttpResponseRedirect(door.page(1))
    return _page(
        request,
        health_questions,
        door,
        QuestionnaireOutcome(OutcomeLevel(stored) if stored else OutcomeLevel.CLEAR, ()),
    )


def remember_outcome(request: HttpRequest, health_questions: Questionnaire, level: OutcomeLevel) -> None:
    """Keep in this browser's session what the answers meant when they were sent; nothing of the answers."""
    request.session[IN_SESSION] = {health_questions.key: level}


def _page(
    request: HttpRequest,
    health_questions: Questionnaire,
    door: Entrance,
    outcome: QuestionnaireOutcome,
    beside: Sequence[object] = (),
) -> HttpResponse:
    page = {
        "beside": beside,
        "door": door,
        "facts": door.held,
        "level": outcome.level,
        "each": outcome.each,
        "is_today": health_questions.is_today,
        "before_any_order": not health_questions.variants,
        "clinic": health_questions.clinic,
        "on_url": door.after if outcome.goes_on else "",
        "unanswered": bool(health_questions.due) and outcome.level != OutcomeLevel.EMERGENCY,
    }
    return render(request, "questionnaire/outcome.html", page)


def nothing(request: HttpRequest, frame: str, title: str, text: str, home: Entrance | None = None) -> HttpResponse:
    """Nothing is asked, and why; a consultation can always be booked."""
    page = {"frame": frame, "title": title, "text": text, "home": home}
    return render(request, "questionnaire/nothing.html", page)
