"""What anybody reads before signing in: clinics, prices, notices and answers."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from bookings.portal.public_pages import TextBlock, hours_of, text_blocks
from clinic.people.models import User
from clinic.premises.models import Clinic, OpeningHours, PageSection, PublicPage
from clinic.premises.models.page_section import validate_placeholders
from tests import factories
from tests.visible import visible_words
from therapies.models import Practitioner, Price, Variant

pytestmark = pytest.mark.django_db

TEXTS = ["faq", "privacy", "terms", "accessibility"]


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_clinic_says_when_it_is_open_how_to_come_and_how_to_reach_it(client: Client, clinic: Clinic) -> None:
    Clinic.objects.filter(pk=clinic.pk).update(
        phone="+911415550100", email="hello@clinic.example", whatsapp="+919829055501", step_free="full"
    )

    answer = client.get("/clinics/", follow=True)
    words, page = visible_words(answer), answer.content.decode()

    assert answer.redirect_chain == [(f"/clinics/{clinic.slug}/", 302)]
    for said in ("Opening hours", "Monday", "No steps: entrance, treatment rooms and toilet", "What to bring"):
        assert said in words
    for link in ("tel:+911415550100", "mailto:hello@clinic.example", "https://wa.me/919829055501", "/book/?clinic="):
        assert link in page
    assert "query=" in page


def test_several_clinics_are_listed_and_a_closed_one_has_no_page(client: Client, clinic: Clinic) -> None:
    other = factories.make_clinic("kochi")
    closed = factories.make_clinic("shut", is_active=False)

    page = client.get("/clinics/").content.decode()

    assert [f"/clinics/{each.slug}/" in page for each in (clinic, other, closed)] == [True, True, False]
    assert [client.get(f"/clinics/{slug}/").status_code for slug in ("shut", "nowhere")] == [404, 404]


def test_hours_of_each_day_are_said_and_those_of_running_courses_apart() -> None:
    rows = [
        OpeningHours(weekday=0, from_minute=480, to_minute=720),
        OpeningHours(weekday=0, from_minute=780, to_minute=1440),
        OpeningHours(weekday=6, from_minute=480, to_minute=660, use="running_courses"),
    ]

    days = dict(hours_of(rows))

    assert (days["Monday"], days["Tuesday"]) == ("08:00–12:00, 13:00–00:00", "Closed")
    assert days["Sunday"] == "08:00–11:00 for running courses"


@pytest.mark.parametrize(
    ("price", "words"),
    [("₹ 350", "After that it costs ₹ 350."), ("", "We do not charge after that either.")],
)
def test_price_list_says_what_each_therapy_and_what_a_late_change_costs(
    client: Client, clinic: Clinic, consultation: Variant, price: str, words: str
) -> None:
    Price.objects.create(clinic=clinic, therapy=consultation.therapy, text="₹ 600")
    Clinic.objects.update(late_change_price=price)

    page = visible_words(client.get("/prices/"))

    assert "₹ 600" in page
    assert f"You can change or cancel free of charge up to 24 hours before the appointment. {words}" in page


def test_price_list_without_prices_says_whom_to_ask(client: Client, clinic: Clinic) -> None:
    assert "Please ask the clinic what a treatment costs." in visible_words(client.get("/prices/"))


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("page", TEXTS)
def test_shipped_text_fills_the_page_in_each_language(client: Client, clinic: Clinic, page: str, language: str) -> None:
    headings = PageSection.objects.filter(page=page, language=language).values_list("heading", flat=True)
    client.cookies["django_language"] = language

    answer = client.get(f"/{page}/", headers={"accept-language": language})
    words = visible_words(answer)

    assert (answer.status_code, len(headings) > 3) == (200, True)
    assert [heading for heading in headings if heading not in words and "'" not in heading] == []
    assert "{" not in words


def test_privacy_notice_names_purpose_rights_and_whom_to_complain_to(client: Client, clinic: Clinic) -> None:
    """As India's Digital Personal Data Protection Act, 2023, asks of a notice."""
    Clinic.objects.update(phone="+911415550100", email="hello@clinic.example")

    words = visible_words(client.get("/privacy/"))

    for said in (
        "to treat you safely",
        "withdraw a consent",
        "erase what we no longer need",
        "name somebody who uses these rights",
        "+91 141 555 0100, hello@clinic.example",
        "Data Protection Board of India",
    ):
        assert said in words


def test_text_that_the_clinic_edits_is_read_at_once(client: Client, clinic: Clinic) -> None:
    client.get("/terms/")

    PageSection.objects.filter(page="terms", language="en").delete()
    PageSection.objects.create(page="terms", language="en", heading="Our own rule", text="One.\n\n- two\n- three")
    words = visible_words(client.get("/terms/"))

    assert "Our own rule One. two three" in words


def test_page_without_any_text_says_so(client: Client, clinic: Clinic) -> None:
    PageSection.objects.all().delete()

    assert "Nothing is written here yet" in visible_words(client.get("/privacy/"))


def test_shipped_texts_have_the_same_sections_in_both_languages() -> None:
    counts = {
        language: [PageSection.objects.filter(page=page, language=language).count() for page in PublicPage.values]
        for language in ("en", "hi")
    }

    assert counts["en"] == counts["hi"]


def test_text_is_paragraphs_and_points() -> None:
    blocks = text_blocks("First\nline.\r\n\r\nThese:\n- one\n- two\n\n\n")

    assert blocks == (
        TextBlock(("First line.",), is_list=False),
        TextBlock(("These:",), is_list=False),
        TextBlock(("one", "two"), is_list=True),
    )


@pytest.mark.parametrize("text", ["Call {contact}.", "No word in braces."])
def test_word_in_braces_that_stands_for_something_is_taken(text: str) -> None:
    validate_placeholders(text)


@pytest.mark.parametrize("text", ["Call {phone}.", "An open { brace"])
def test_word_in_braces_that_stands_for_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="stands for nothing"):
        validate_placeholders(text)


@pytest.mark.parametrize("page", ["/prices/", "/privacy/", "/faq/", "/clinics/house/"])
def test_public_page_asks_no_more_than_the_edition_once_it_is_kept(
    client: Client, page: str, django_assert_max_num_queries: Any
) -> None:
    factories.make_clinic("house")
    client.get(page)

    with django_assert_max_num_queries(1):
        assert client.get(page).status_code == 200


def test_every_page_leads_to_what_anybody_may_read(client: Client, clinic: Clinic) -> None:
    page = client.get("/").content.decode()

    links = ["/prices/", "/practitioners/", "/clinics/", "/faq/", "/privacy/", "/terms/", "/accessibility/"]
    assert [link for link in links if f'href="{link}"' not in page] == []


def test_practitioner_is_shown_with_training_registration_languages_and_therapies(
    client: Client, clinic: Clinic, consultation: Variant, vaidya: Practitioner, vaidya_user: User
) -> None:
    User.objects.filter(pk=vaidya_user.pk).update(registration_number="RJ-4711")
    Practitioner.objects.filter(pk=vaidya.pk).update(user=vaidya_user, training="BAMS, MD", languages=["hi", "en"])
    left = factories.make_practitioner(clinic, "Dr Gone Away", is_active=False)

    answer = client.get("/practitioners/")
    words = visible_words(answer)

    for said in ("Dr Asha Menon", "BAMS, MD", "RJ-4711", "Hindi, English", clinic.name, str(consultation.therapy)):
        assert said in words
    assert f"who={vaidya.pk}" in answer.content.decode()
    assert left.name not in words


def test_page_of_practitioners_without_anybody_says_whom_to_ask(client: Client, clinic: Clinic) -> None:
    assert "Nobody is listed yet" in visible_words(client.get("/practitioners/"))
