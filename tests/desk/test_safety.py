"""The page of changes of safety data: side by side in words, decided by those who may."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter
from tests.signing_in import app_code, give_factor
from therapies.models import Question, Rule, SafetyProposal
from therapies.safety.proposals import propose_change

PAGE, NOW = "/desk/safety/", factories.NOW
CAP = {
    "says": {"en": "At most {most} within {days} days"},
    "applies_to": ["abhyanga"],
    "max_sessions": 3,
    "window_days": 7,
    "window": "rolling",
}


@pytest.fixture
def question(db: None) -> Question:
    texts = {"en": "Are you pregnant?", "hi": "क्या आप गर्भवती हैं?"}
    return Question.objects.create(code="gh_sample", group="general", texts=texts, position=10)


@pytest.fixture
def proposal(question: Question, manager: User) -> SafetyProposal:
    return proposed(question, manager, is_active=False)


def proposed(row: Question | Rule, by: User, **values: object) -> SafetyProposal:
    made = propose_change(row=row, values=values, reason="asked twice", by=by, now=NOW)
    assert made is not None
    return made


def press(client: Client, proposal: SafetyProposal, act: str, **data: str) -> int:
    address = reverse(f"desk:safety_{act}", args=[proposal.public_id])
    return client.post(address, data).status_code


def test_a_change_is_shown_in_plain_words_in_both_languages(
    enter: Enter, vaidya_user: User, manager: User, question: Question
) -> None:
    factories.make_therapy("abhyanga", name="Abhyanga", names={"hi": "अभ्यंग"})
    rule = Rule.objects.create(code="fr_cap", kind="frequency", is_hard=True, data=CAP)
    proposed(rule, manager, data=CAP | {"max_sessions": 9, "applies_to": []})
    proposed(question, manager, texts={"en": "Are you well?", "hi": "क्या आप ठीक हैं?"})
    client = enter(vaidya_user)

    page = client.get(PAGE)
    hindi = client.get(PAGE, headers={"accept-language": "hi"}).content.decode()

    changes = [(each.label, each.before, each.after) for entry in page.context["lists"].open for each in entry.changes]
    assert changes == [
        ("Rule, for", "Abhyanga", "–"),
        ("Rule, maximum sessions", "3", "9"),
        ("Question by language, English", "Are you pregnant?", "Are you well?"),
        ("Question by language, Hindi", "क्या आप गर्भवती हैं?", "क्या आप ठीक हैं?"),
    ]
    assert [entry.about for entry in page.context["lists"].open] == ["At most 3 within 7 days", ""]
    assert ("अभ्यंग" in hindi, "max_sessions" in page.content.decode()) == (True, False)


def test_a_vaidya_confirms_and_a_manager_does_not(
    enter: Enter, vaidya_user: User, manager: User, proposal: SafetyProposal
) -> None:
    shut = press(enter(manager), proposal, "confirm")
    before = Question.objects.get().is_active

    opened = press(enter(vaidya_user), proposal, "confirm")

    assert (shut, before, opened, Question.objects.get().is_active) == (403, True, 302, False)


@pytest.mark.parametrize(
    ("who", "status"), [("vaidya_user", 200), ("manager", 200), ("front_desk", 403), ("therapist_user", 403)]
)
def test_the_page_is_for_vaidyas_and_managers(
    request: pytest.FixtureRequest, enter: Enter, proposal: SafetyProposal, who: str, status: int
) -> None:
    assert enter(request.getfixturevalue(who)).get(PAGE).status_code == status


def test_a_manager_sees_what_waits_and_withdraws_it(enter: Enter, manager: User, proposal: SafetyProposal) -> None:
    client = enter(manager)
    shown = client.get(PAGE).content.decode()

    press(client, proposal, "withdraw")

    assert ("asked twice" in shown, "Withdraw" in shown, "Confirm" in shown) == (True, True, False)
    assert SafetyProposal.objects.get().status == "withdrawn"


def test_declining_asks_for_the_reason(enter: Enter, vaidya_user: User, proposal: SafetyProposal) -> None:
    client = enter(vaidya_user)

    silent = press(client, proposal, "decline", reason="")
    said = press(client, proposal, "decline", reason="It is asked for good reason")

    assert (silent, said, SafetyProposal.objects.get().status) == (422, 302, "declined")
    assert "It is asked for good reason" in client.get(PAGE).content.decode()


def test_the_only_vaidya_confirms_alone_with_a_code_and_a_reason(
    enter: Enter, vaidya_user: User, question: Question
) -> None:
    proposal = proposed(question, vaidya_user, is_active=False)
    client = enter(vaidya_user)
    give_factor(vaidya_user)

    address = reverse("desk:safety_confirm_alone", args=[proposal.public_id])
    asked = client.get(address).status_code
    wrong = press(client, proposal, "confirm_alone", reason="Asked on paper", code="000000")
    right = press(client, proposal, "confirm_alone", reason="Asked on paper", code=app_code())

    proposal.refresh_from_db()
    assert (asked, wrong, right) == (200, 422, 302)
    assert (proposal.status, proposal.alone, Question.objects.get().is_active) == ("waiting", True, True)
    assert "Confirmed by one person only." in client.get(PAGE).content.decode()


def test_an_outdated_change_cannot_be_confirmed_but_proposed_again(
    enter: Enter, vaidya_user: User, manager: User, question: Question
) -> None:
    proposal = proposed(question, manager, texts={"en": "Well?"})
    Question.objects.update(texts={"en": "Are you expecting a child?"})
    client = enter(vaidya_user)

    shown = client.get(PAGE).content.decode()
    press(client, proposal, "again")

    assert ("Propose again" in shown, "Confirm<" in shown) == (True, False)
    assert [each.before for each in SafetyProposal.objects.pending()] == [
        {"texts": {"en": "Are you expecting a child?"}}
    ]


def test_a_stricter_value_is_agreed_with_or_taken_back(
    enter: Enter, vaidya_user: User, manager: User, question: Question
) -> None:
    Question.objects.update(is_active=False)
    proposal = proposed(question, manager, is_active=True)
    client = enter(vaidya_user)
    shown = client.get(PAGE).context["lists"].unseen

    press(client, proposal, "take_back", reason="It is asked on paper")

    assert [entry.proposal for entry in shown] == [proposal]
    assert Question.objects.get().is_active is False


def test_what_waits_is_on_the_list_of_every_vaidya_once(
    enter: Enter, vaidya_user: User, front_desk: User, proposal: SafetyProposal
) -> None:
    factories.make_member(factories.make_clinic("elsewhere"), "vaidya", user=vaidya_user)

    theirs = enter(vaidya_user).get("/desk/todo/")
    others = enter(front_desk).get("/desk/todo/")

    rows = [(row.name, row.url) for section in theirs.context["sections"] for row in section.rows]
    assert rows == [("Are you pregnant?", PAGE)]
    assert others.context["sections"] == []


def test_three_changes_ask_as_much_as_one(
    enter: Enter, clinic: Clinic, vaidya_user: User, manager: User, question: Question
) -> None:
    client, counts = enter(vaidya_user), []
    client.get(PAGE)
    for place in (20, 30, 40):
        proposed(question, manager, position=place)
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        counts.append(len(captured))

    assert counts[0] == counts[1] == counts[2]


def test_looking_changes_nothing_and_every_act_is_a_post(
    enter: Enter, vaidya_user: User, proposal: SafetyProposal
) -> None:
    client = enter(vaidya_user)

    statuses = {
        act: client.get(reverse(f"desk:safety_{act}", args=[proposal.public_id])).status_code
        for act in ("confirm", "withdraw", "again", "seen", "decline", "take_back", "confirm_alone")
    }

    assert statuses == {
        "confirm": 405,
        "withdraw": 405,
        "again": 405,
        "seen": 405,
        "decline": 200,
        "take_back": 200,
        "confirm_alone": 200,
    }
    assert SafetyProposal.objects.get().status == "open"
