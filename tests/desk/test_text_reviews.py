"""Vaidyas read and approve what patients read about a therapy."""

import pytest
from django.test import Client
from django.urls import reverse

from clinic.people.models import User
from tests import factories
from tests.desk.conftest import Enter
from tests.shipped import CATALOGUE
from therapies.catalogue.loader import load_catalogue
from therapies.models import TherapyText

PAGE = "/desk/safety/texts/"


@pytest.fixture
def text(vaidya_user: User) -> TherapyText:
    User.objects.filter(pk=vaidya_user.pk).update(name="Dr Asha Menon")
    vaidya_user.refresh_from_db()
    therapy = factories.make_consultation().therapy
    return TherapyText.objects.create(therapy=therapy, language="en", summary="A talk.", aftercare=["Rest."])


def version(client: Client, text: TherapyText) -> str:
    return str(client.get(reverse("desk:safety_text", args=[text.pk])).context["version"])


def approve(client: Client, text: TherapyText, **data: str) -> int:
    return client.post(reverse("desk:safety_approve_text", args=[text.pk]), data).status_code


def test_vaidya_approves_what_they_read(enter: Enter, text: TherapyText, vaidya_user: User) -> None:
    client = enter(vaidya_user)
    assert "not yet" in client.get(PAGE).content.decode()

    assert approve(client, text, version=version(client, text)) == 302

    text.refresh_from_db()
    assert (text.reviewed_by, text.reviewed_on) == (vaidya_user.name, factories.NOW.date())
    assert "not yet" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("sent", ["as shown", "", "²"])
def test_words_that_nobody_read_are_not_approved(enter: Enter, text: TherapyText, vaidya_user: User, sent: str) -> None:
    client = enter(vaidya_user)
    shown = version(client, text)
    TherapyText.objects.filter(pk=text.pk).update(aftercare=["Run."])

    approve(client, text, version=shown if sent == "as shown" else sent)

    text.refresh_from_db()
    assert text.reviewed_by == ""


def test_manager_reads_and_approves_nothing(enter: Enter, text: TherapyText, manager: User) -> None:
    client = enter(manager)

    page = client.get(reverse("desk:safety_text", args=[text.pk])).content.decode()

    assert ("A talk." in page, "I have read and approve this text" in page) == (True, False)
    assert approve(client, text, version=version(client, text)) == 403


def test_account_without_a_name_approves_nothing(enter: Enter, text: TherapyText, vaidya_user: User) -> None:
    User.objects.filter(pk=vaidya_user.pk).update(name="")
    client = enter(vaidya_user)

    approve(client, text, version=version(client, text))

    text.refresh_from_db()
    assert text.reviewed_by == ""


def test_catalogue_loaded_again_keeps_a_review(enter: Enter, vaidya_user: User) -> None:
    User.objects.filter(pk=vaidya_user.pk).update(name="Dr Asha Menon")
    vaidya_user.refresh_from_db()
    load_catalogue(catalogue=CATALOGUE, now=factories.NOW)
    client, text = enter(vaidya_user), TherapyText.objects.for_review().first()
    approve(client, text, version=version(client, text))

    load_catalogue(catalogue=CATALOGUE, now=factories.NOW)

    text.refresh_from_db()
    assert text.reviewed_by == vaidya_user.name
