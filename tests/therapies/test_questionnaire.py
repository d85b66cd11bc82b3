"""Who is asked what, on the shipped data: pure."""

import pytest

from tests.therapies.test_suitability import QUESTIONS, SHIPPED, asked
from therapies import questionnaire
from therapies.suitability import Asked, Profile

ALL = [asked(code) for code in QUESTIONS]
REPLACED = {question.code for question in ALL if question.replaced_by}
PROFILES = [
    Profile(
        therapy.code,
        variant.code,
        frozenset(therapy.groups),
        {term: against.level for term, against in therapy.contraindications.items()},
    )
    for therapy in SHIPPED.therapies.values()
    for variant in therapy.variants
]
OF_WOMEN = {"gh_pregnancy", "wm_birth", "wm_breastfeeding", "gh_menstruation"}


def codes(questions: list[Asked]) -> set[str]:
    return {question.code for question in questions}


def everything_asked(gender: str, age: int) -> set[str]:
    today = questionnaire.asked_today(ALL, PROFILES, gender=gender, age=age, staff=True)
    return codes(questionnaire.history_of_body(ALL, gender=gender, age=age)) | codes(today)


@pytest.mark.parametrize("code", QUESTIONS)
def test_question_of_the_catalogue_is_asked_somewhere_or_known_from_the_record(code: str) -> None:
    reached = everything_asked("woman", 34) | everything_asked("man", 55) | everything_asked("", 16)

    assert (code in reached) is not (bool(asked(code).known_from) or code in REPLACED)


@pytest.mark.parametrize("stage", ["booking", "first_visit"])
def test_lasting_question_of_a_first_visit_is_asked_of_every_body(stage: str) -> None:
    lasting = {
        question.code
        for question in ALL
        if stage in question.stages and question.scope == "until_physician_clears" and not question.known_from
    }

    assert lasting - codes(questionnaire.history_of_body(ALL, gender="", age=None)) == REPLACED & lasting


@pytest.mark.parametrize(
    ("gender", "age", "missing"),
    [
        ("woman", 34, set()),
        ("woman", 60, set()),
        ("woman", 82, OF_WOMEN),
        ("girl", 8, OF_WOMEN),
        ("girl", 9, set()),
        ("man", 34, OF_WOMEN),
        ("", 34, set()),
        ("", 82, OF_WOMEN),
    ],
)
def test_questions_of_women_are_asked_by_age_and_body(gender: str, age: int, missing: set[str]) -> None:
    assert OF_WOMEN - everything_asked(gender, age) == missing


@pytest.mark.parametrize(("age", "asks"), [(19, True), (20, False), (50, False), (51, True)])
def test_new_pain_is_asked_about_only_at_its_ages(age: int, asks: bool) -> None:
    assert ("bc_new_pain" in codes(questionnaire.history_of_body(ALL, age=age))) is asks


def test_before_a_consultation_at_most_eight_signs_are_asked_and_all_need_help_at_once() -> None:
    signs = questionnaire.emergency_signs(ALL)

    assert 0 < len(signs) <= 7  # and the button that goes on
    assert {question.urgency for question in signs} == {"emergency_now"}
    assert codes(signs) == {question.code for question in ALL if question.urgency == "emergency_now"} - REPLACED


@pytest.mark.parametrize(("gender", "age"), [("man", 40), ("man", 68), ("woman", 34), ("", 16)])
def test_page_of_a_history_has_at_most_twelve_lines_of_one_part_of_the_body(gender: str, age: int) -> None:
    history = questionnaire.history_of_body(ALL, gender=gender, age=age)

    pages = questionnaire.pages(history, answered=set())

    lines = [sum(len(group.questions) for group in page) for page in pages]
    assert max(lines) <= 12
    mixed = [{group.code for group in page} for page in pages if len(page) > 1]
    assert [codes for codes in mixed if codes != {"women", "today"}] == []
    assert [code for page in pages for group in page for code in {row.group for row in group.questions}] == [
        group.code for page in pages for group in page
    ]


def test_history_names_at_most_six_parts_of_the_body_beside_the_danger_signs_and_today() -> None:
    pages = questionnaire.pages(questionnaire.history_of_body(ALL, gender="man", age=68), answered=set())

    groups = {group.code for page in pages for group in page}
    assert len(groups - {"red_flag", "today"}) <= 6
