"""Several answers decided at once, all or none; two Vaidyas who decide on the same answer at the same moment."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection

from bookings.actions.decisions import AnswerDecision, DecidedMeanwhile, decide
from bookings.errors import ActionRefused, PolicyRefused
from bookings.facts.decided_answers import state_print
from bookings.facts.patient import patient_facts_of
from bookings.models import Clearance
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.eventually import PATIENCE
from tests.factories import NOW
from tests.questions import make_question
from therapies.models import Question

pytestmark = pytest.mark.django_db(transaction=True)
AN_HOUR = dt.timedelta(hours=1)


@pytest.fixture
def told(patient: Patient, clinic: Clinic) -> Patient:
    """An illness and a danger sign, told an hour ago; a massage is prescribed."""
    factories.make_order(patient, factories.make_abhyanga(), clinic=clinic)
    make_question("gh_heart", "general", 1, asked_when=["booking"])
    make_question("rf_clot", "red_flag", 2, effect="urgent_referral", urgency="same_day_doctor")
    factories.tell(patient, clinic, at=NOW - AN_HOUR, gh_heart="yes", rf_clot="yes")
    return patient


def on(code: str, patient: Patient, *, allowed: bool = True) -> AnswerDecision:
    """The decision on this answer, by a page that was read just now."""
    facts = patient_facts_of(patient, now=NOW)
    return AnswerDecision(
        question=Question.objects.get(code=code),
        value="yes",
        text="",
        therapies=("abhyanga",),
        allowed=allowed,
        reason="Examined by me.",
        until=NOW + dt.timedelta(days=60),
        shown=state_print(code, facts.said[code], facts.decided),
    )


def test_several_decisions_are_written_together_or_not_at_all(told: Patient, clinic: Clinic, vaidya_user: User) -> None:
    both = [on("gh_heart", told), on("rf_clot", told)]

    with pytest.raises(PolicyRefused, match="only after a medical report has been reviewed"):
        decide(patient=told, decisions=both, clinic=clinic, by=vaidya_user, now=NOW)
    assert not Clearance.objects.exists()
    rows = decide(
        patient=told, decisions=[both[0], replace(both[1], report_seen=True)], clinic=clinic, by=vaidya_user, now=NOW
    )

    assert [(row.question.code, row.report_seen) for row in rows] == [("gh_heart", False), ("rf_clot", True)]
    assert Clearance.objects.count() == 2


def test_decision_on_a_sign_of_the_moment_ends_with_the_day_whatever_was_asked(
    told: Patient, clinic: Clinic, vaidya_user: User
) -> None:
    decisions = [on("gh_heart", told), replace(on("rf_clot", told), report_seen=True)]

    heart, clot = decide(patient=told, decisions=decisions, clinic=clinic, by=vaidya_user, now=NOW)

    assert heart.until == NOW + dt.timedelta(days=60)
    assert clot.until == dt.datetime(2026, 3, 3, tzinfo=clinic.zone)


def test_answer_given_again_in_the_meantime_is_told(told: Patient, clinic: Clinic, vaidya_user: User) -> None:
    decision = on("gh_heart", told)
    factories.tell(told, clinic, at=NOW, gh_heart="yes")

    with pytest.raises(DecidedMeanwhile, match="was answered again in the meantime"):
        decide(patient=told, decisions=[decision], clinic=clinic, by=vaidya_user, now=NOW)

    assert not Clearance.objects.exists()


# The race: both have read the same page; one allows, the other does not.


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act answered or was refused with, all of them let go together, each on its own connection."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            gate.wait(PATIENCE)
            answers[number] = act()
        except ActionRefused as refusal:
            answers[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return answers


@pytest.mark.parametrize("told_apart", [True, False])
def test_two_vaidyas_at_once_and_the_second_is_told(
    told: Patient, clinic: Clinic, vaidya_user: User, *, told_apart: bool
) -> None:
    """The control, without the print of what was shown: both are written and nobody is told."""
    other = factories.make_member(clinic, "vaidya")
    pages = [on("gh_heart", told, allowed=allowed) for allowed in (True, False)]
    if not told_apart:
        pages = [replace(page, shown="") for page in pages]

    def act(page: AnswerDecision, by: User) -> Callable[[], object]:
        return lambda: decide(patient=told, decisions=[page], clinic=clinic, by=by, now=NOW)

    answers = at_once(act(pages[0], vaidya_user), act(pages[1], other))

    refusals = [answer for answer in answers if isinstance(answer, DecidedMeanwhile)]
    assert (len(refusals), Clearance.objects.count()) == ((1, 1) if told_apart else (0, 2))
    if told_apart:
        winner = Clearance.objects.get().by
        assert (
            refusals[0].reason
            == f"{winner} decided on “Question gh_heart?” in the meantime. Please read it, then decide again."
        )
