"""Vaidyas review questions, rules, contraindications and texts; managers see what is left, and what differs."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from clinic.people.models import User
from tests.desk.conftest import Enter
from tests.shipped import load_shipped
from therapies.consent_texts import consent_text
from therapies.models import Question, Review, Rule, Term, Therapy, TherapyText
from therapies.safety.contents import content_groups

GROUP = "/desk/safety/reviews/question/today/"
NOTED = GROUP + "noted/"
TODO = "/desk/todo/"


@pytest.fixture
def loaded(vaidya_user: User) -> None:
    load_shipped()
    User.objects.filter(pk=vaidya_user.pk).update(name="Dr Asha Menon")
    vaidya_user.refresh_from_db()


def shown(client: Client, page: str = GROUP) -> list[str]:
    lines = client.get(page).context["lines"]
    return [f"{line.content.key} {line.content.mark}" for line in lines]


def reviewed(kind: str = "question", group: str = "today") -> set[str]:
    (found,) = content_groups(kind, group)
    return {content.key for content in found.contents if content.is_reviewed}


def test_vaidya_reviews_one_question_and_then_the_whole_group(enter: Enter, loaded: None, vaidya_user: User) -> None:
    client = enter(vaidya_user)
    everything = shown(client)

    client.post(NOTED, {"shown": everything, "only": "td_fever"})
    assert reviewed() == {"td_fever"}

    client.post(NOTED, {"shown": everything, "all": "1"})
    assert reviewed() == {line.split(" ")[0] for line in everything}
    assert set(Review.objects.values_list("by", flat=True)) == {vaidya_user.pk}


def test_changed_question_loses_its_review(enter: Enter, loaded: None, vaidya_user: User) -> None:
    client = enter(vaidya_user)
    client.post(NOTED, {"shown": shown(client), "only": ["td_fever", "td_cold"]})

    fever = Question.objects.get(code="td_fever")
    fever.texts = fever.texts | {"hi": "क्या बुख़ार है?"}
    fever.save()

    assert reviewed() == {"td_cold"}


def test_changed_words_of_a_term_take_the_review_of_its_contraindications(
    enter: Enter, loaded: None, vaidya_user: User
) -> None:
    client, page = enter(vaidya_user), "/desk/safety/reviews/contraindication/lepa/"
    client.post(page + "noted/", {"shown": shown(client, page), "all": "1"})
    assert "lepa/open_wound_or_burn" in reviewed("contraindication", "lepa")

    Term.objects.filter(code="open_wound_or_burn").update(labels={"en": "a wound"})

    assert "lepa/open_wound_or_burn" not in reviewed("contraindication", "lepa")


def test_question_that_changed_since_the_page_was_opened_is_not_reviewed(
    enter: Enter, loaded: None, vaidya_user: User
) -> None:
    client = enter(vaidya_user)
    before = shown(client)
    Question.objects.filter(code="td_fever").update(urgency="same_day_doctor")

    client.post(NOTED, {"shown": before, "all": "1"})
    assert reviewed() == set()

    client.post(NOTED, {"shown": before, "only": "td_cold"})
    assert reviewed() == {"td_cold"}


def test_manager_sees_what_is_left_and_reviews_nothing(enter: Enter, loaded: None, manager: User) -> None:
    client = enter(manager)
    total = sum(len(group.contents) for group in content_groups())

    page = client.get("/desk/safety/").content.decode()

    assert f"{total} of {total} questions, rules, contraindications, texts and consents have not been reviewed" in page
    assert "I have reviewed" not in client.get(GROUP).content.decode()
    assert client.post(NOTED, {"shown": shown(client), "all": "1"}).status_code == 403


def test_review_of_a_text_names_the_vaidya_to_patients(enter: Enter, loaded: None, vaidya_user: User) -> None:
    client, page = enter(vaidya_user), "/desk/safety/reviews/text/lepa/"

    client.post(page + "noted/", {"shown": shown(client, page), "only": "lepa/hi"})

    texts = TherapyText.objects.filter(therapy__code="lepa").order_by("language")
    assert list(texts.values_list("language", "reviewed_by")) == [("en", ""), ("hi", "Dr Asha Menon")]
    assert reviewed("text", "lepa") == {"lepa/hi"}


def test_consent_text_is_reviewed_sentence_by_sentence_and_a_change_takes_the_review_away(
    enter: Enter, loaded: None, vaidya_user: User
) -> None:
    client, page = enter(vaidya_user), "/desk/safety/reviews/consent/virechana/"
    text = consent_text(Therapy.objects.get(code="virechana"), "en")

    lines = client.get(page).context["lines"]
    client.post(page + "noted/", {"shown": shown(client, page), "only": "virechana/en"})

    assert [line.content.key for line in lines] == ["virechana/en", "virechana/hi"]
    assert [change.after for change in lines[0].changes] == [
        *text.points,
        "; ".join(text.expected),
        "; ".join(text.signs),
    ]
    assert (reviewed("consent", "virechana"), reviewed("consent", "general")) == ({"virechana/en"}, set())
    Therapy.objects.filter(code="virechana").update(facts={"monitoring": {"stop_signs": ["fainting"]}})
    assert reviewed("consent", "virechana") == set()


def test_review_cannot_be_rewritten(enter: Enter, loaded: None, vaidya_user: User) -> None:
    client = enter(vaidya_user)
    client.post(NOTED, {"shown": shown(client), "only": "td_fever"})

    with pytest.raises(DatabaseError), transaction.atomic():
        Review.objects.update(version="0")


def test_as_many_queries_for_every_group(
    enter: Enter, loaded: None, vaidya_user: User, django_assert_max_num_queries: object
) -> None:
    client = enter(vaidya_user)
    client.get(GROUP)

    with django_assert_max_num_queries(40):  # type: ignore[operator]
        assert client.get("/desk/safety/reviews/").status_code == 200


def test_what_a_manager_edited_stands_beside_what_the_catalogue_says(enter: Enter, loaded: None, manager: User) -> None:
    Therapy.objects.filter(code="abhyanga").update(arrival_lead_minutes=30)
    Question.objects.filter(code="td_fever").update(urgency="same_day_doctor")

    differences = enter(manager).get("/desk/safety/catalogue/").context["differences"]

    assert [(each.row.code, [(c.before, c.after) for c in each.changes]) for each in differences] == [
        ("td_fever", [("–", "a doctor today")]),
        ("abhyanga", [("15", "30")]),
    ]


def test_list_of_vaidya_and_manager_has_one_line_with_the_number_that_nobody_has_reviewed(
    enter: Enter, loaded: None, vaidya_user: User, manager: User, front_desk: User
) -> None:
    client = enter(vaidya_user)
    everything = sum(len(group.contents) - group.reviewed for group in content_groups())

    before = client.get(TODO)
    client.post(NOTED, {"shown": shown(client), "all": "1"})
    after = client.get(TODO)
    Rule.objects.filter(code="sr_identity").update(data={"rule": "ask the name"})

    assert everything > 0
    assert (before.context["unreviewed"], after.context["unreviewed"]) == (everything, everything - len(reviewed()))
    assert after.content.decode().count("Not yet reviewed by a Vaidya") == 1
    assert enter(manager).get(TODO).context["unreviewed"] == after.context["unreviewed"]
    assert "Not yet reviewed by a Vaidya" not in enter(front_desk).get(TODO).content.decode()
