"""Which ready reasons a sign may have. Pure, on the shipped questions."""

import pytest
import yaml

from bookings.desk.screening.joint_forms import READY_REASONS
from tests.shipped import CATALOGUE
from therapies.catalogue.reader import HOME
from therapies.models import Question
from therapies.outcomes import DANGER, OWN, outcomes_of, sign_kind

FILE = yaml.safe_load((HOME / "decision_outcomes.yaml").read_text(encoding="utf-8"))
QUESTIONS = [
    Question(code=row.code, group=row.group, urgency=row.urgency or "", data=row.rule.model_dump())
    for row in CATALOGUE.questions
]
NAMED = {row.code: row for row in QUESTIONS}


def test_file_names_reasons_and_questions_that_there_are() -> None:
    assert {code for codes in FILE["kinds"].values() for code in codes} == {*READY_REASONS}
    assert {*FILE["never_cured"]} - {*NAMED} == set()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.code)
def test_every_sign_has_a_reason_of_ones_own_and_an_examination_and_no_danger_is_cured(question: Question) -> None:
    outcomes = outcomes_of(question)

    assert (outcomes[0], outcomes[-1]) == ("examined", OWN)
    if sign_kind(question) == DANGER:
        assert {*outcomes} == {"examined", "misread", OWN}


@pytest.mark.parametrize(
    ("code", "outcome", "may"),
    [
        ("im_pacemaker", "cured", False),
        ("im_pacemaker", "stable", True),
        ("nb_epilepsy", "cured", False),
        ("nb_fracture", "cured", True),
        ("td_cold", "stable", False),
        ("td_cold", "mild", True),
        ("rf_saddle_numbness", "cured", False),
    ],
)
def test_nobody_is_cured_of_a_pacemaker(code: str, outcome: str, *, may: bool) -> None:
    assert (outcome in outcomes_of(NAMED[code])) is may
