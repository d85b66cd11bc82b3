"""Pages that are the same for everybody are made once for each edition: seen at once when changed, and nobody's own."""

import re
from typing import Any

import pgtrigger
import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic.people.models import User
from clinic.premises.context import House, Phone, house_shared
from clinic.premises.editions import edition
from clinic.premises.models import Clinic, Edition
from tests import factories
from therapies.catalogue.reader import Catalogue
from therapies.models import Question, Therapy, TherapyText

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _an_edition(db: None) -> None:
    """A test that emptied the tables, with the triggers off, leaves none behind."""
    Edition.objects.get_or_create(pk=1)


CACHED = ["/", "/therapies/", "/therapies/abhyanga/", "/back-care/"]
NEW_EDITION = [model for model, trigger in pgtrigger.registered() if trigger.name.endswith("_new_edition")]


def tables_read(queries: list[dict[str, str]]) -> set[str]:
    return {table for query in queries for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}


def test_every_table_that_a_kept_page_reads_begins_a_new_edition(client: Client, loaded: Catalogue) -> None:
    factories.make_clinic()
    with CaptureQueriesContext(connection) as captured:
        for page in CACHED:
            assert client.get(page).status_code == 200

    read = tables_read(captured.captured_queries) - {"premises_edition"}
    assert "therapies_therapytext" in read
    assert read - {model._meta.db_table for model in NEW_EDITION} == set()


@pytest.mark.parametrize("model", NEW_EDITION, ids=lambda model: model._meta.model_name)
def test_every_change_of_what_is_shown_begins_a_new_edition(loaded: Catalogue, model: Any) -> None:
    """Whoever writes: also statements that no action sends; a statement that finds no row does no harm."""
    before = edition()

    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET id = id")

    assert edition() != before


def test_a_change_that_is_rolled_back_leaves_the_former_edition(loaded: Catalogue) -> None:
    before = edition()

    with transaction.atomic():
        Therapy.objects.filter(code="lepa").update(name="Other")
        assert edition() != before
        transaction.set_rollback(True)

    assert edition() == before


def test_what_a_manager_changes_is_on_the_next_page(client: Client, loaded: Catalogue) -> None:
    house = factories.make_clinic()
    for page in CACHED:
        client.get(page)

    Therapy.objects.filter(code="abhyanga").update(name="Oil for all")
    TherapyText.objects.filter(therapy__code="abhyanga", language="en").update(summary="Warm and slow.")
    Question.objects.filter(code=Question.objects.emergency_signs()[0].code).update(signs={"en": "Something is wrong."})
    Clinic.objects.filter(pk=house.pk).update(name="New Name")

    for page, words in zip(CACHED, ["Something is wrong.", "Oil for all", "Warm and slow.", "New Name"], strict=True):
        shown = client.get(page).content.decode()
        assert words in shown
        assert '<span class="brand-name">New Name</span>' in shown


@pytest.mark.parametrize("page", CACHED)
def test_nobody_finds_what_was_another_reader_s(loaded: Catalogue, owner: User, page: str) -> None:
    """Somebody signed in, with a message that waits, reads first; a visitor after them, and the other way round."""
    visitor, first, member = Client(), Client(), Client()
    member.force_login(owner)
    member.post("/book/release/")  # leaves a message
    alone = first.get(page).content.decode()
    caches["editions"].clear()

    theirs = member.get(page).content.decode()
    after = visitor.get(page).content.decode()

    assert "No time is held for you" in theirs
    assert "My appointments" in theirs
    assert without_tokens(after) == without_tokens(alone)
    assert "My appointments" in member.get(page).content.decode()
    assert token(theirs) != token(after)


def token(page: str) -> str:
    return re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]


def without_tokens(page: str) -> str:
    return re.sub(r'value="\w{64}"', "", page)


@pytest.mark.parametrize("page", CACHED)
def test_a_page_that_is_kept_asks_one_statement(client: Client, loaded: Catalogue, page: str) -> None:
    client.get(page)

    with CaptureQueriesContext(connection) as captured:
        client.get(page)

    assert [query["sql"].split(" FROM ")[1][:18] for query in captured.captured_queries] == ['"premises_edition"']


def test_each_language_has_its_own(client: Client, loaded: Catalogue) -> None:
    pages = [client.get("/therapies/", headers={"accept-language": code}).content.decode() for code in ("en", "hi")]

    assert [f'<html lang="{code}">' in page for code, page in zip(("en", "hi"), pages, strict=True)] == [True, True]
    assert pages[0] != pages[1]


def test_a_house_says_what_all_its_clinics_share() -> None:
    first = Clinic(
        name="Asha Ayurveda, Jaipur", address="1 Road", phone="+911415550100", emergency_numbers=["112", "108"]
    )
    second = Clinic(name="Asha Ayurveda, Kochi", address="2 Road", phone="+914845550100", emergency_numbers=["112"])

    assert house_shared([]) == House()
    assert house_shared([first]) == House(
        "Asha Ayurveda, Jaipur", "1 Road", Phone("+911415550100", first.phone.as_national), ("112", "108"), "language"
    )
    assert house_shared([first, second]) == House("Asha Ayurveda", "", None, ("112",), "language")
    assert house_shared([first, Clinic(name="Vriksha", address="", emergency_numbers=["112"])]).name == ""
