"""A few health questions of each kind, and pages of them as somebody fills them in."""

from typing import Any

from bookings.models import Screening
from bookings.questionnaire.forms import PageForm
from bookings.questionnaire.questionnaire import Questionnaire
from therapies.models import Question, Therapy

LASTING = "until_physician_clears"
TODAY = "this_session"


def make_question(code: str, group: str, position: int, **said: Any) -> Question:
    """A plain yes-or-no question of both stages that a Vaidya decides on, unless said otherwise."""
    row = {"answer_type": "yes_no_unsure", "effect": "needs_consultation_first", "urgency": ""}
    rule = {
        "trigger": "yes",
        "scope": LASTING,
        "asked_when": ["booking", "every_session"],
        "applies_to": ["all"],
        "reason": f"because of {code}",
    }
    given = {name: said.pop(name) for name in list(said) if name in row}
    texts = {"en": f"Question {code}?", "hi": f"प्रश्न {code}?"}
    return Question.objects.create(
        code=code, group=group, position=position, texts=texts, data=rule | said, **(row | given)
    )


def ask_about() -> None:
    """One question of each kind: five before booking on two pages, four on the day on two."""
    make_question("rf_numb", "red_flag", 10, effect="urgent_referral", urgency="emergency_now")
    make_question("gh_heart", "general", 30, asked_when=["booking"])
    make_question("gh_allergy", "general", 40, answer_type="yes_no_text", asked_when=["booking"])
    make_question(
        "gh_medicines", "general", 50, answer_type="free_text", trigger={"any_text": True}, asked_when=["booking"]
    )
    make_question("td_prone", "today", 60, effect="block_massage", trigger="no")
    make_question(
        "td_meal",
        "today",
        70,
        answer_type="datetime",
        effect="block_massage",
        trigger={"less_than_hours": "min_hours_after_meal_of_therapy"},
        scope=TODAY,
        asked_when=["every_session"],
    )
    make_question(
        "td_pain",
        "today",
        80,
        answer_type="integer_0_10",
        trigger={"at_least": 8},
        scope=TODAY,
        asked_when=["every_session"],
    )
    Therapy.objects.update(hours_after_meal=3)


def form_of(health_questions: Questionnaire, number: int) -> PageForm:
    return PageForm(
        groups=health_questions.pages[number - 1],
        rows=health_questions.rows,
        limit=health_questions.hours_after_meal,
        in_person=health_questions.in_person,
    )


def healthy(health_questions: Questionnaire, number: int, **changed: Any) -> dict[str, Any]:
    """The fields of a page of somebody to whom nothing applies, but for `changed`: by the codes of the questions."""
    form = form_of(health_questions, number)
    posted: dict[str, Any] = {"shown": form.version}
    for group in form.groups:
        ticked = [asked.code for asked in group.shared if asked.code in changed]
        for asked in group.shared:
            posted |= _ticked(form.name(asked), changed.get(asked.code))
        if group.shared and not ticked:
            posted[form.none(group)] = "on"
        for asked in group.alone:
            posted |= _alone(form.name(asked), asked.answer_type, asked.trigger, changed.get(asked.code))
    return posted


def _ticked(name: str, said: Any) -> dict[str, Any]:
    if isinstance(said, tuple):
        return {name: said[0], f"{name}-text": said[1]}
    return {} if said is None else {name: said}


def _alone(name: str, answer_type: str, trigger: object, said: Any) -> dict[str, Any]:
    if isinstance(said, tuple):
        return {name: said[0], f"{name}-text": said[1]}
    if said is not None:
        return {name: said}
    match answer_type:
        case "free_text":
            return {f"{name}-nothing": "on"}
        case "datetime":
            return {name: "5"}
        case "integer_0_10":
            return {name: "2"}
    return {name: "yes" if trigger == "no" else "no"}


def answers_of(screening: Screening) -> dict[str, tuple[Any, str]]:
    """What was kept, by the codes of the questions."""
    return {row.question.code: (row.value, row.text) for row in screening.answers.select_related("question")}
