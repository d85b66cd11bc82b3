"""A question to the clinic by anybody: it reaches the list of the front desk, and no program's does."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from bookings.models import Enquiry
from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories
from tests.visible import visible_words

pytestmark = pytest.mark.django_db

SAID = {"name": "Kamla Devi", "email": "kamla@example.org", "phone": "", "text": "Is there parking for two cars?"}


@pytest.fixture
def address(clinic: Clinic) -> str:
    return f"/clinics/{clinic.slug}/ask/"


def test_question_reaches_the_desk_s_list_and_leaves_it_when_somebody_has_replied(
    client: Client, address: str, clinic: Clinic, front_desk: User
) -> None:
    sent = client.post(address, SAID, follow=True)
    asked = Enquiry.objects.get()
    client.force_login(front_desk)
    before = visible_words(client.get("/desk/todo/"))
    page = visible_words(client.get(f"/desk/todo/enquiries/{asked.public_id}/"))

    client.post(f"/desk/todo/enquiries/{asked.public_id}/")
    after = visible_words(client.get("/desk/todo/"))

    assert "Thank you. The front desk will reply." in sent.content.decode()
    assert ("Kamla Devi" in before, "Question from the website: reply" in before) == (True, True)
    assert ("Is there parking for two cars?" in page, "kamla@example.org" in page) == (True, True)
    asked.refresh_from_db()
    assert ("Kamla Devi" in after, asked.answered_by, asked.clinic) == (False, front_desk, clinic)


def test_program_that_fills_in_every_field_is_thanked_and_kept_nowhere(client: Client, address: str) -> None:
    answer = client.post(address, SAID | {"website": "https://spam.example"})

    assert (answer.status_code, Enquiry.objects.count()) == (302, 0)


def test_sixth_question_of_an_hour_from_one_network_is_refused(client: Client, address: str) -> None:
    statuses = [client.post(address, SAID).status_code for _number in range(6)]

    assert (statuses, Enquiry.objects.count()) == ([302] * 5 + [429], 5)


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"email": ""}, "email", "Give an e-mail or a phone number, so that we can reply."),
        ({"name": "See https://spam.example"}, "name", ""),
        ({"email": "kamla at home"}, "email", "Enter a valid email address."),
        ({"phone": "12"}, "phone", ""),
        ({"text": ""}, "text", "This field is required."),
        ({"text": "x" * 1001}, "text", "at most 1000 characters"),
    ],
)
def test_mistake_is_said_beside_its_field_and_nothing_is_sent(
    client: Client, address: str, wrong: dict[str, str], field: str, words: str
) -> None:
    answer = client.post(address, SAID | wrong)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert words in answer.context["form"].errors[field][0]
    assert Enquiry.objects.count() == 0


def test_question_to_another_clinic_is_found_by_nobody_here(client: Client, clinic: Clinic, front_desk: User) -> None:
    far = factories.make_clinic("far")
    asked = Enquiry.objects.create(clinic=far, at=factories.NOW, language="en", **SAID)
    client.force_login(front_desk)

    pages = [client.get(f"/desk/todo/enquiries/{number}/").status_code for number in (asked.public_id, uuid.uuid4())]

    assert pages == [404, 404]
    assert "Kamla Devi" not in visible_words(client.get("/desk/todo/"))


def test_clinic_that_takes_no_bookings_is_not_asked(client: Client) -> None:
    factories.make_clinic("shut", is_active=False)

    assert client.get("/clinics/shut/ask/").status_code == 404


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("enquiry_can_be_answered", {"email": "", "phone": ""}),
        ("enquiry_answered_by_somebody", {"answered_at": factories.NOW}),
    ],
)
def test_database_refuses_a_question_that_nobody_can_answer_or_nobody_answered(
    clinic: Clinic, name: str, wrong: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Enquiry.objects.create(clinic=clinic, at=factories.NOW, language="en", **(SAID | wrong))
