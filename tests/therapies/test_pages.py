"""The public catalogue, as a visitor reads it."""

import re
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from therapies import pages
from therapies.catalogue.reader import Catalogue
from therapies.models import Contraindication, Step, Therapy, TherapyText
from therapies.sections import Section, grouped


@pytest.fixture(autouse=True)
def _reader_of_english() -> Iterator[None]:
    """Each test says its language; none leaves one behind."""
    with translation.override("en"):
        yield


def read(client: Client, code: str, language: str = "en") -> str:
    answer = client.get(reverse("therapies:therapy", args=[code]), headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def queries(client: Client, url: str) -> int:
    """Of a page that is made anew."""
    caches["editions"].clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("language", ["en", "hi"])
def test_every_therapy_has_a_page_in_both_languages(client: Client, loaded: Catalogue, language: str) -> None:
    for code, therapy in loaded.therapies.items():
        page = read(client, code, language)

        assert f'<html lang="{language}">' in page
        assert f"<h1>{therapy.names.hi if language == 'hi' else therapy.names.en}</h1>" in page
        assert escape(loaded.texts[language][code].summary) in page


def test_a_page_tells_what_happens_with_minutes(client: Client, loaded: Catalogue) -> None:
    page = read(client, "kati_basti")

    parts = re.findall(r'visit-part-name">([^<]+)</span>\s*<span class="visit-part-minutes">([^<]+)<', page)
    assert parts == [
        ("You arrive and change, and we ask how you are today", "15 minutes"),
        ("Warm oil rests on your back", "30 minutes"),
        ("Gentle massage to close", "15 minutes"),
        ("You rest", "15 minutes"),
    ]
    assert "Total time at the clinic: 75 minutes." in page


def test_long_stays_are_told_in_hours(client: Client, loaded: Catalogue) -> None:
    assert "Total time at the clinic: 8 hours 35 minutes." in read(client, "virechana")
    assert pages.in_words(150) == "2 hours 30 minutes"
    assert pages.in_words(1 * 60) == "60 minutes"
    assert pages.in_words(0) == ""


def test_the_set_up_of_the_room_is_not_the_patients_time(client: Client, loaded: Catalogue) -> None:
    page = read(client, "abhyanga")

    assert "We get the room ready" not in page
    assert "We clean the room" not in page


def test_variants_that_run_alike_are_told_once(client: Client, loaded: Catalogue) -> None:
    lepa = Therapy.objects.with_page().get(code="lepa")
    basti = Therapy.objects.with_page().get(code="basti")

    assert [course.variant.code for course in pages.courses(lepa)] == ["default"]
    assert [course.variant.code for course in pages.courses(basti)] == ["niruha", "anuvasana"]


def test_a_page_tells_who_is_there(client: Client, loaded: Catalogue) -> None:
    abhyanga = pages.courses(Therapy.objects.with_page().get(code="abhyanga"))
    blood = pages.courses(Therapy.objects.with_page().get(code="raktamokshana"))

    assert abhyanga[0].crew == [
        "Two trained therapists work together.",
        "A Vaidya is at the clinic during the treatment.",
        "You choose whether a woman or a man may treat you.",
    ]
    assert blood[0].crew[0] == "A Vaidya gives this treatment."


def test_a_page_tells_when_it_is_not_given_by_what_follows(client: Client, loaded: Catalogue) -> None:
    lepa = Therapy.objects.with_page().get(code="lepa")
    swedana = Therapy.objects.with_page().get(code="swedana")

    assert [(each.level, len(each.terms)) for each in pages.not_given(lepa)] == [
        ("absolute", 5),
        ("relative", 3),
    ]
    assert [each.level for each in pages.not_given(swedana)] == ["absolute", "relative", "defer"]
    assert "pregnancy" in read(client, "swedana")


def test_a_manager_s_contraindication_reaches_the_page(client: Client, loaded: Catalogue) -> None:
    Contraindication.objects.filter(therapy__code="lepa", term__code="allergy_to_material").delete()

    assert "an allergy to an oil, herb or food we use" not in read(client, "lepa")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("abhyanga", "A Vaidya examines you first and prescribes this treatment if it is right for you."),
        ("vamana", "and checks you again on the day."),
        ("home_self_massage", "Ask the Vaidya about it at your next consultation."),
    ],
)
def test_a_therapy_leads_to_a_consultation_first(client: Client, loaded: Catalogue, code: str, words: str) -> None:
    page = read(client, code)

    assert words in page
    assert f'href="{reverse("portal:book")}"' in page


def test_a_consultation_leads_to_its_own_times(client: Client, loaded: Catalogue) -> None:
    variant = Therapy.objects.get(code="consultation_first").variants.get()

    assert f'href="{reverse("portal:book")}?what={variant.pk}"' in read(client, "consultation_first")


def test_a_page_names_its_sources_and_what_has_none(client: Client, loaded: Catalogue) -> None:
    page = read(client, "lepa")

    assert "Jeena Sikho HiiMS: massaging back pain" in page
    assert "Some times and limits are estimates by the clinic" in page
    assert "Clinic default, unsourced" not in page


def test_a_review_is_shown_once_there_is_one(client: Client, loaded: Catalogue) -> None:
    assert "Reviewed and approved" not in read(client, "lepa")

    TherapyText.objects.filter(therapy__code="lepa").update(reviewed_by="Dr Asha Menon", reviewed_on="2026-03-01")

    assert "Reviewed and approved by Dr Asha Menon on 1 Mar 2026." in read(client, "lepa")


def test_hindi_without_a_text_of_its_own_falls_back_to_english(client: Client, loaded: Catalogue) -> None:
    TherapyText.objects.filter(therapy__code="lepa", language="hi").delete()

    assert loaded.texts["en"]["lepa"].summary in read(client, "lepa", "hi")


def test_what_is_not_offered_or_unknown_is_not_found(client: Client, loaded: Catalogue) -> None:
    Therapy.objects.filter(code="lepa").update(is_active=False)

    for code in ("lepa", "nothing", "kati_basti%20"):
        assert client.get(f"/therapies/{code}/").status_code == 404
    assert "/therapies/lepa/" not in client.get(reverse("therapies:catalogue")).content.decode()


def test_the_catalogue_shows_every_section_in_order(client: Client, loaded: Catalogue) -> None:
    groups = grouped(Therapy.objects.offered())

    assert [group.section for group in groups] == [
        Section.CONSULTATION,
        Section.OIL,
        Section.WARMTH,
        Section.PASTE,
        Section.PURIFICATION,
        Section.HOME,
    ]
    assert sum(len(group.therapies) for group in groups) == 19


def test_a_category_that_nobody_placed_is_among_the_others(db: None) -> None:
    new = Therapy(code="new", name="New", category="unheard_of", booking_mode="desk")

    assert grouped([new])[0].section == Section.OTHER


def test_the_search_shows_answers_best_first(client: Client, loaded: Catalogue) -> None:
    page = client.get(reverse("therapies:catalogue"), {"q": "  Vasti "})

    assert [card.therapy.code for card in page.context["found"]] == ["basti", "kati_basti", "prishta_basti"]
    assert 'value="Vasti"' in page.content.decode()


def test_a_search_without_an_answer_says_so_and_leads_on(client: Client, loaded: Catalogue) -> None:
    page = client.get(reverse("therapies:catalogue"), {"q": "<b>zumba</b>"}).content.decode()

    assert "No results for “&lt;b&gt;zumba&lt;/b&gt;”" in page
    assert "<b>zumba" not in page


def test_an_empty_catalogue_says_so(client: Client, db: None) -> None:
    assert "No therapies yet" in client.get(reverse("therapies:catalogue")).content.decode()


@pytest.mark.parametrize("path", ["/therapies/", "/back-care/"])
def test_only_reading_is_possible(client: Client, loaded: Catalogue, path: str) -> None:
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200


def test_the_guide_shows_the_emergency_signs(client: Client, loaded: Catalogue) -> None:
    page = client.get(reverse("therapies:back_care"), headers={"accept-language": "hi"}).content.decode()

    assert page.count("<li>इस समय सीने में दर्द है या साँस फूल रही है।</li>") == 1


def test_a_list_asks_as_much_for_three_therapies_as_for_one(client: Client, loaded: Catalogue) -> None:
    url = reverse("therapies:catalogue")
    client.get(url)
    Therapy.objects.exclude(code="abhyanga").update(is_active=False)
    one = queries(client, url)
    Therapy.objects.filter(code__in=["lepa", "basti"]).update(is_active=True)
    three = queries(client, url)

    assert one == three
    assert one <= 6


def test_a_page_asks_as_much_for_many_steps_as_for_few(client: Client, loaded: Catalogue) -> None:
    url = reverse("therapies:therapy", args=["lepa"])
    client.get(url)
    many = queries(client, url)
    Step.objects.filter(variant__therapy__code="lepa").exclude(code="hands_on").delete()
    Contraindication.objects.filter(therapy__code="lepa").exclude(term__code="open_wound_or_burn").delete()

    assert queries(client, url) == many
    assert many <= 11


def test_nothing_in_the_pages_is_styled_or_scripted_inline(client: Client, loaded: Catalogue) -> None:
    for path in ("/therapies/", "/therapies/virechana/", "/back-care/"):
        page = client.get(path).content.decode()

        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\bsrc=)", page)
