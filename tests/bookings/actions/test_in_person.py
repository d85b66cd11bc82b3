"""Who would rather tell the clinic in person is not asked by letter what they did not want to write."""

import datetime as dt

import pytest

from bookings.actions.screening import GivenAnswer, screen, send_questions
from bookings.errors import PolicyRefused
from bookings.models import Message, MessageKind, State, Visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.questions import make_question
from therapies import questionnaire
from therapies.models import Question
from therapies.profiles import asked_of

A_DAY = dt.timedelta(days=1)


@pytest.fixture
def visit(clinic: Clinic, patient: Patient, now: dt.datetime) -> Visit:
    """A session the day after tomorrow; its one question is still to be answered."""
    variant = factories.make_abhyanga()
    make_question("gh_pregnancy", "women", 10, answer_type="yes_no_prefer_not", asked_when=["booking", "first_visit"])
    visit = factories.make_visit(clinic=clinic, variant=variant, start=now + 2 * A_DAY, patient=patient)
    visit.bookings.update(screening="due")
    return visit


def answered(patient: Patient, clinic: Clinic, value: str, now: dt.datetime) -> None:
    question = Question.objects.get(code="gh_pregnancy")
    screen(
        patient=patient,
        clinic=clinic,
        stage="booking",
        given=[GivenAnswer(question, value)],
        shown=questionnaire.questions_version([asked_of(question)]),
        variants=(),
        by=None,
        now=now,
    )


def test_letter_with_questions_is_not_sent_to_who_would_rather_tell_in_person(
    visit: Visit, patient: Patient, clinic: Clinic, front_desk: User, now: dt.datetime
) -> None:
    send_questions(visit=visit, by=front_desk, now=now)
    letter = Message.objects.filter(kind=MessageKind.QUESTIONS)
    assert letter.get().state == State.DUE

    answered(patient, clinic, "prefer_not", now)

    assert letter.get().state == State.VOID
    visit.bookings.update(screening="due")
    with pytest.raises(PolicyRefused, match="rather answer the remaining questions in person"):
        send_questions(visit=visit, by=front_desk, now=now)


def test_letter_stays_where_something_else_is_still_to_be_answered(
    visit: Visit, patient: Patient, clinic: Clinic, front_desk: User, now: dt.datetime
) -> None:
    make_question("gh_heart", "general", 20, asked_when=["booking"])
    send_questions(visit=visit, by=front_desk, now=now)

    answered(patient, clinic, "prefer_not", now)

    assert Message.objects.get(kind=MessageKind.QUESTIONS).state == State.DUE
