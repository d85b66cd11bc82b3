"""What is on file of a patient: read anew each time, although a question of the same content is made once a process."""

import datetime as dt

import pytest

from bookings.facts.health_answers import answer_value, kept_form, on_file
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from tests import factories
from tests.shipped import load_shipped
from therapies.models import Question
from therapies.profiles import asked_of

pytestmark = pytest.mark.django_db

A_MOMENT = dt.datetime(2026, 3, 2, 4, 30, 12, 345678, tzinfo=dt.UTC)


def test_questions_are_those_of_the_rows(patient: Patient) -> None:
    load_shipped()

    assert on_file(patient).questions == tuple(asked_of(row) for row in Question.objects.filter(is_active=True))


def test_question_that_was_changed_is_another_one_at_once(patient: Patient) -> None:
    load_shipped()
    before = {question.code: question for question in on_file(patient).questions}
    row = Question.objects.get(code="gh_heart")
    row.data = row.data | {"reason": "changed"}
    row.save()

    after = {question.code: question for question in on_file(patient).questions}

    assert (before["gh_heart"].reason == "changed", after["gh_heart"].reason) == (False, "changed")
    assert {code for code in after if after[code] != before[code]} == {"gh_heart"}


def test_question_that_is_no_longer_asked_is_left_out(patient: Patient) -> None:
    load_shipped()
    Question.objects.filter(code="gh_heart").update(is_active=False)

    assert "gh_heart" not in {question.code for question in on_file(patient).questions}


def test_answers_are_told_oldest_first_and_of_nobody_else(clinic: Clinic, patient: Patient) -> None:
    load_shipped()
    factories.tell(patient, clinic, at=A_MOMENT, gh_heart="yes")
    factories.tell(patient, clinic, at=A_MOMENT - dt.timedelta(days=1), gh_heart="no")
    factories.tell(factories.make_patient("Leela", clinics=[clinic]), clinic, gh_heart="unsure")

    said = on_file(patient).said

    assert [(one.value, one.at) for one in said["gh_heart"]] == [
        ("no", A_MOMENT - dt.timedelta(days=1)),
        ("yes", A_MOMENT),
    ]
    assert [*said] == ["gh_heart"]


@pytest.mark.parametrize(("kind", "value"), [("datetime", A_MOMENT), ("integer_0_10", 7), ("yes_no_unsure", "yes")])
def test_kept_form_of_an_answer_leads_back_to_it(kind: str, value: str | int | dt.datetime) -> None:
    assert answer_value(kind, kept_form(value)) == value
