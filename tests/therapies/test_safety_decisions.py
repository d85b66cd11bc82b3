"""What becomes of a proposed change: confirmed by another Vaidya, by the only one after a day, declined or outdated."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from bookings.models import Message
from clinic.people.models import Membership, User
from clinic.people.models.membership import RoleSource
from clinic.people.row_history import RecordedPart, records
from clinic.premises.models import Clinic
from tests import factories
from therapies.models import ProposalStatus, Question, SafetyProposal, Term, Therapy
from therapies.safety import decisions
from therapies.safety.proposals import propose_addition, propose_change, propose_removal
from therapies.safety.writer import ProposalRefused

NOW = factories.NOW
DAY = dt.timedelta(hours=24)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def question(db: None) -> Question:
    return Question.objects.create(code="gh_sample", group="general", texts={"en": "Are you pregnant?"}, position=10)


@pytest.fixture
def second_vaidya(clinic: Clinic) -> User:
    return factories.make_member(clinic, "vaidya")


def switched_off(question: Question, by: User, reason: str = "asked twice") -> SafetyProposal:
    proposal = propose_change(row=question, values={"is_active": False}, reason=reason, by=by, now=NOW)
    assert proposal is not None
    return proposal


def refusal(verb: object, **said: object) -> str:
    with pytest.raises(ProposalRefused) as refused:
        verb(**said)  # type: ignore[operator]
    return refused.value.reason


def test_what_a_vaidya_confirms_is_in_force_and_recorded_as_theirs(
    question: Question, manager: User, vaidya_user: User
) -> None:
    proposal = switched_off(question, manager)

    decided = decisions.confirm_proposal(proposal=proposal, by=vaidya_user, now=NOW)

    question.refresh_from_db()
    assert question.is_active is False
    assert (decided.status, decided.decided_by, decided.acted_at, decided.alone) == (
        ProposalStatus.IN_FORCE,
        vaidya_user,
        NOW,
        False,
    )
    latest = records([RecordedPart(Question, {"pgh_obj_id": question.pk})], {})[0]
    assert latest.who == str(vaidya_user)
    assert [(each.label, each.before, each.after) for each in latest.changes] == [("Asked", "Yes", "No")]


def test_vaidya_whom_the_proposer_made_alone_is_no_second_one_and_both_wait_a_day(
    clinic: Clinic, question: Question, vaidya_user: User
) -> None:
    made = {"source": RoleSource.GRANTED, "granted_by": vaidya_user, "confirmed_by": vaidya_user}
    puppet = factories.make_member(clinic, "vaidya", alone=True, reason="Only Vaidya here", **made)
    proposal = switched_off(question, puppet)

    words = refusal(decisions.confirm_proposal, proposal=proposal, by=vaidya_user, now=NOW)
    decided = decisions.confirm_alone(proposal=proposal, by=vaidya_user, reason="Nobody else", now=NOW)

    assert words.endswith("one of you was invited by the other. Another Vaidya confirms this.")
    assert (decided.status, decided.alone, decided.effective_at) == (ProposalStatus.WAITING, True, NOW + DAY)


@pytest.mark.parametrize("who", ["manager", "front_desk", "therapist_user"])
def test_nobody_but_a_vaidya_confirms_or_declines(
    request: pytest.FixtureRequest, question: Question, manager: User, who: str
) -> None:
    proposal, by = switched_off(question, manager), request.getfixturevalue(who)

    assert refusal(decisions.confirm_proposal, proposal=proposal, by=by, now=NOW) == "Only a Vaidya can decide this."
    assert (
        refusal(decisions.decline_proposal, proposal=proposal, by=by, reason="not needed", now=NOW)
        == "Only a Vaidya can decide this."
    )


def test_who_was_a_vaidya_until_yesterday_does_not_confirm(
    question: Question, manager: User, vaidya_user: User
) -> None:
    proposal = switched_off(question, manager)
    Membership.objects.filter(user=vaidya_user).update(ends_on=NOW.date())

    assert (
        refusal(decisions.confirm_proposal, proposal=proposal, by=vaidya_user, now=NOW)
        == "Only a Vaidya can decide this."
    )


def test_of_two_vaidyas_the_one_who_did_not_propose_confirms(
    question: Question, vaidya_user: User, second_vaidya: User
) -> None:
    proposal = switched_off(question, vaidya_user)
    said = {"proposal": proposal, "by": vaidya_user, "now": NOW}

    assert refusal(decisions.confirm_proposal, **said) == "You proposed this yourself. Another Vaidya must confirm it."
    alone = refusal(decisions.confirm_alone, reason="I know", **said)
    assert alone == "There is another Vaidya in the organisation who must confirm it."
    decisions.confirm_proposal(proposal=proposal, by=second_vaidya, now=NOW)
    assert Question.objects.get().is_active is False


def test_the_only_vaidya_confirms_alone_and_it_acts_after_a_day(
    question: Question, manager: User, vaidya_user: User
) -> None:
    proposal = switched_off(question, vaidya_user)

    waiting = decisions.confirm_alone(proposal=proposal, by=vaidya_user, reason="Asked on paper", now=NOW)
    early = decisions.put_due_in_force(now=NOW + DAY - MINUTE)
    still_asked = Question.objects.get().is_active
    acted = decisions.put_due_in_force(now=NOW + DAY)
    again = decisions.put_due_in_force(now=NOW + DAY)

    assert (waiting.status, waiting.alone, waiting.effective_at) == (ProposalStatus.WAITING, True, NOW + DAY)
    assert (early, still_asked, acted, again) == (0, True, 1, 0)
    assert Question.objects.get().is_active is False
    assert SafetyProposal.objects.get().alone is True
    assert records([RecordedPart(Question, {"pgh_obj_id": question.pk})], {})[0].who == str(vaidya_user)


def test_the_managers_and_the_vaidya_get_a_letter_of_what_one_person_loosened(
    question: Question, manager: User, vaidya_user: User
) -> None:
    decisions.confirm_alone(
        proposal=switched_off(question, vaidya_user), by=vaidya_user, reason="Asked on paper", now=NOW
    )

    letters = Message.objects.filter(secret__template="notice_safety_loosened")
    assert {letter.recipient for letter in letters} == {manager.email, vaidya_user.email}
    assert "pregnan" not in "".join(str(letter.secret) for letter in letters)


def test_what_was_confirmed_alone_can_be_stopped_before_it_acts(
    question: Question, vaidya_user: User, clinic: Clinic
) -> None:
    proposal = switched_off(question, vaidya_user)
    decisions.confirm_alone(proposal=proposal, by=vaidya_user, reason="Asked on paper", now=NOW)
    newcomer = factories.make_member(clinic, "vaidya")

    decisions.decline_proposal(proposal=proposal, by=newcomer, reason="Not on paper either", now=NOW + MINUTE)

    assert decisions.put_due_in_force(now=NOW + DAY) == 0
    assert Question.objects.get().is_active is True


def test_a_confirmation_of_somebody_who_is_no_longer_a_vaidya_does_not_act(
    question: Question, vaidya_user: User
) -> None:
    proposal = switched_off(question, vaidya_user)
    decisions.confirm_alone(proposal=proposal, by=vaidya_user, reason="Asked on paper", now=NOW)
    Membership.objects.filter(user=vaidya_user).update(ends_on=NOW.date())

    assert decisions.put_due_in_force(now=NOW + DAY) == 0
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decided_by, Question.objects.get().is_active) == (ProposalStatus.OPEN, None, True)


def test_alone_is_refused_without_a_reason(question: Question, vaidya_user: User) -> None:
    proposal = switched_off(question, vaidya_user)

    said = refusal(decisions.confirm_alone, proposal=proposal, by=vaidya_user, reason="  ", now=NOW)

    assert said == "Please give a reason."


def test_a_proposal_is_outdated_when_its_row_changed_and_can_be_made_again(
    question: Question, manager: User, vaidya_user: User
) -> None:
    wording = propose_change(row=question, values={"texts": {"en": "Well?"}}, reason="", by=manager, now=NOW)
    assert wording is not None
    Question.objects.update(texts={"en": "Are you expecting a child?"})

    said = refusal(decisions.confirm_proposal, proposal=wording, by=vaidya_user, now=NOW)
    again = decisions.propose_again(proposal=wording, by=manager, now=NOW)

    assert said == "This has changed since the proposal. Please check it and propose it again."
    assert again is not None
    assert (again.before, again.after) == ({"texts": {"en": "Are you expecting a child?"}}, {"texts": {"en": "Well?"}})
    wording.refresh_from_db()
    assert wording.status == ProposalStatus.OUTDATED
    decisions.confirm_proposal(proposal=again, by=vaidya_user, now=NOW)
    assert Question.objects.get().texts == {"en": "Well?"}


def test_a_contraindication_goes_only_when_a_vaidya_confirms(manager: User, vaidya_user: User) -> None:
    therapy = factories.make_therapy("lepa")
    term = Term.objects.create(code="acute_fever", group="general", labels={"en": "Fever"})
    row = therapy.contraindications.create(term=term, level="absolute")
    proposal = propose_removal(row=row, reason="", by=manager, now=NOW)
    same = propose_removal(row=row, reason="", by=manager, now=NOW)
    before = therapy.contraindications.count()

    decisions.confirm_proposal(proposal=proposal, by=vaidya_user, now=NOW)

    assert (same.pk, before, therapy.contraindications.count()) == (proposal.pk, 1, 0)


def test_a_stricter_value_is_taken_back_until_a_vaidya_agrees_with_it(manager: User, vaidya_user: User) -> None:
    therapy = factories.make_therapy("lepa", minimum_age=18)
    term = Term.objects.create(code="acute_fever", group="general", labels={"en": "Fever"})
    new = therapy.contraindications.model(therapy=therapy, term=term, level="absolute")
    added = propose_addition(row=new, reason="", by=manager, now=NOW)
    raised = propose_change(row=therapy, values={"minimum_age": 21}, reason="", by=manager, now=NOW)
    assert raised is not None

    decisions.note_seen(proposal=raised, by=vaidya_user, now=NOW)
    decisions.take_back(proposal=added, by=vaidya_user, reason="It was a mistake", now=NOW)

    said = refusal(decisions.take_back, proposal=raised, by=vaidya_user, reason="After all", now=NOW)
    assert said == "This has already been decided."
    assert (Therapy.objects.get().minimum_age, therapy.contraindications.count()) == (21, 0)


def test_values_that_the_database_refuses_are_refused_in_words(manager: User, vaidya_user: User) -> None:
    therapy = factories.make_therapy("lepa", minimum_age=18, maximum_age=70)

    with transaction.atomic():
        said = refusal(propose_change, row=therapy, values={"maximum_age": 10}, reason="", by=manager, now=NOW)

    assert said == "The maximum age must not be below the minimum age."
    assert (Therapy.objects.get().maximum_age, SafetyProposal.objects.count()) == (70, 0)


def test_a_withdrawn_or_declined_proposal_never_acts(question: Question, manager: User, vaidya_user: User) -> None:
    mine, theirs = (
        switched_off(question, manager),
        propose_change(row=question, values={"position": 99}, reason="", by=manager, now=NOW),
    )
    assert theirs is not None

    assert refusal(decisions.withdraw_proposal, proposal=mine, by=vaidya_user, now=NOW).startswith("Only the proposer")
    decisions.withdraw_proposal(proposal=mine, by=manager, now=NOW)
    decisions.decline_proposal(proposal=theirs, by=vaidya_user, reason="It is fine as it is", now=NOW)

    for proposal in (mine, theirs):
        assert (
            refusal(decisions.confirm_proposal, proposal=proposal, by=vaidya_user, now=NOW)
            == "This has already been decided."
        )
    assert Question.objects.values_list("is_active", "position").get() == (True, 10)


def test_the_database_refuses_that_one_person_loosens_at_once(question: Question, manager: User) -> None:
    proposal = switched_off(question, manager)

    with pytest.raises(IntegrityError, match="safety_proposal_loosened_by_two"), transaction.atomic():
        SafetyProposal.objects.filter(pk=proposal.pk).update(status="in_force", decided_by=manager, decided_at=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_due_is_left_to_whoever_decides_on_it(question: Question, vaidya_user: User) -> None:
    proposal = switched_off(question, vaidya_user)
    decisions.confirm_alone(proposal=proposal, by=vaidya_user, reason="Asked on paper", now=NOW)
    found = []

    def look() -> None:
        found.append(decisions.put_due_in_force(now=NOW + DAY))
        connection.close()

    with transaction.atomic():
        SafetyProposal.objects.select_for_update().get(pk=proposal.pk)
        other = threading.Thread(target=look)
        other.start()
        other.join()
    free = decisions.put_due_in_force(now=NOW + DAY)

    assert (found, free) == ([0], 1)
