"""Whatever a therapy is called, it is found."""

import pytest

from therapies.catalogue import entries
from therapies.catalogue.reader import Catalogue
from therapies.catalogue.stored_rows import THERAPY
from therapies.models import Therapy
from therapies.search import fold, matching, names


@pytest.fixture(scope="module")
def offered(catalogue: Catalogue) -> list[Therapy]:
    """The house's therapies in the order of the catalogue; nothing here needs the database."""
    said = entries.therapies(catalogue)
    rows = [Therapy(code=code, **{column: flat[column] for column in THERAPY}) for code, flat in said.items()]
    return sorted(rows, key=lambda therapy: therapy.position)


SPELLINGS = [
    ("Basti", "basti"),
    ("Vasti", "basti"),
    ("Vasthi", "basti"),
    ("basthi", "basti"),
    ("बस्ति", "basti"),
    ("वस्ति", "basti"),
    ("enema", "basti"),
    ("Niruha", "basti"),
    ("anuvasana vasti", "basti"),
    ("Matra Basti", "basti"),
    ("Swedan", "swedana"),
    ("Swedana", "swedana"),
    ("Sveda", "swedana"),
    ("Svedanam", "swedana"),
    ("sweda", "swedana"),
    ("स्वेदन", "swedana"),
    ("steam", "swedana"),
    ("भाप", "swedana"),
    ("Kati Vasti", "kati_basti"),
    ("Katibasti", "kati_basti"),
    ("kati vasthi", "kati_basti"),
    ("Kaṭibastiḥ", "kati_basti"),
    ("कटि बस्ति", "kati_basti"),
    ("कटिबस्तिः", "kati_basti"),
    ("Prishta", "prishta_basti"),
    ("Prishtha Vasti", "prishta_basti"),
    ("pristha basti", "prishta_basti"),
    ("पृष्ठ बस्ति", "prishta_basti"),
    ("Abhyanga", "abhyanga"),
    ("Abhyangam", "abhyanga"),
    ("abyanga", "abhyanga"),
    ("अभ्यंग", "abhyanga"),
    ("अभ्यङ्गः", "abhyanga"),
    ("oil massage", "abhyanga"),
    ("Patra Pottali", "patra_pinda_sweda"),
    ("Patra potli", "patra_pinda_sweda"),
    ("Elakizhi", "patra_pinda_sweda"),
    ("पत्र पिंड स्वेद", "patra_pinda_sweda"),
    ("Nadi Swedan", "nadi_sweda"),
    ("nāḍīsveda", "nadi_sweda"),
    ("नाड़ी स्वेद", "nadi_sweda"),
    ("Njavarakizhi", "shashtika_shali_pinda_sweda"),
    ("Navarakizhi", "shashtika_shali_pinda_sweda"),
    ("Sastika Sali", "shashtika_shali_pinda_sweda"),
    ("षष्टिक शालि", "shashtika_shali_pinda_sweda"),
    ("Lepam", "lepa"),
    ("लेप", "lepa"),
    ("Vaman", "vamana"),
    ("वमन", "vamana"),
    ("Virechan", "virechana"),
    ("virecana", "virechana"),
    ("विरेचन", "virechana"),
    ("Nasyam", "nasya"),
    ("nasya karma", "nasya"),
    ("नस्य", "nasya"),
    ("Raktmokshana", "raktamokshana"),
    ("Rakta Mokshan", "raktamokshana"),
    ("leech", "raktamokshana"),
    ("jaloka", "raktamokshana"),
    ("रक्तमोक्षण", "raktamokshana"),
    ("back massage", "back_pain_massage"),
    ("पीठ की मालिश", "back_pain_massage"),
    ("self massage", "home_self_massage"),
    ("Snehapanam", "snehapana"),
    ("स्नेहपान", "snehapana"),
    ("Sansarjana", "samsarjana_krama"),
    ("saṁsarjanakramaḥ", "samsarjana_krama"),
    ("Vaidya", "consultation_first"),
    ("परामर्श", "consultation_first"),
]


@pytest.mark.parametrize(("query", "code"), SPELLINGS)
def test_the_therapy_meant_comes_first(offered: list[Therapy], query: str, code: str) -> None:
    found = matching(query, offered)

    assert found[0].code == code


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("basti", ["basti", "kati_basti", "prishta_basti"]),
        ("sveda", ["swedana", "nadi_sweda", "patra_pinda_sweda", "shashtika_shali_pinda_sweda"]),
        ("malish", ["abhyanga", "home_self_massage", "back_pain_massage"]),
        ("abhyagna", ["abhyanga"]),
        ("zumba", []),
        ("", []),
        ("…", []),
        ("a" * 500, []),
    ],
)
def test_all_that_answer_to_a_name_are_found(offered: list[Therapy], query: str, codes: list[str]) -> None:
    found = [therapy.code for therapy in matching(query, offered)]

    assert found[: len(codes)] == codes
    assert bool(found) == bool(codes)


def test_every_name_of_every_therapy_finds_it(offered: list[Therapy]) -> None:
    lost = [
        (therapy.code, name)
        for therapy in offered
        for name in names(therapy)
        if name and not any(found is therapy for found in matching(name, offered))
    ]

    assert lost == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kaṭi Vasthi", ["kati", "vasti"]),
        ("कटि बस्ति", ["kati", "vasti"]),
        ("pṛṣṭhabastiḥ", ["pristavasti"]),
        ("पृष्ठबस्तिः", ["pristavasti"]),
        ("Shashtika Shali", ["sastik", "sali"]),
        ("", []),
    ],
)
def test_spellings_fold_to_one_skeleton(text: str, words: list[str]) -> None:
    assert fold(text) == words
