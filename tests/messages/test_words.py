"""Every letter in every language, kept as files: a change of words is seen in the review.

`UPDATE_SNAPSHOTS=1 pytest tests/messages/test_words.py` writes them anew.
"""

import os
import re
from pathlib import Path

import pytest
from django.conf import settings

from bookings.messages.content.samples import sample_codes, sample_parts, sample_words

FOLDER = Path(__file__).parent / "snapshots"
ALL = [(code, language) for code in sample_codes() for language, _name in settings.LANGUAGES]


def check(name: str, content: str) -> None:
    kept = FOLDER / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        FOLDER.mkdir(exist_ok=True)
        kept.write_text(content, encoding="utf-8")
    assert content == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize(("code", "language"), ALL)
def test_letter_reads_as_kept(code: str, language: str) -> None:
    text, html = sample_parts(code, language)

    check(f"{code}.{language}.txt", f"Subject: {sample_words(code, language).subject}\n\n{text}")
    check(f"{code}.{language}.html", html)


def test_no_snapshot_is_left_of_a_letter_that_is_gone() -> None:
    expected = {f"{code}.{language}.{kind}" for code, language in ALL for kind in ("txt", "html")}

    assert {path.name for path in FOLDER.iterdir()} == expected


@pytest.mark.parametrize("code", sample_codes())
def test_hindi_letter_has_no_english_words_left(code: str) -> None:
    text, _html = sample_parts(code, "hi")
    said = f"{sample_words(code, 'hi').subject}\n{text}"
    for known in (
        "https?://\\S+",
        "Shanti",
        "1 Temple Road",
        "Kozhikode",
        "Asia/Kolkata",
        "Q7K-2P9",
        "\\w*@example.org",
    ):
        said = re.sub(known, "", said)

    assert re.findall(r"[A-Za-z]{2,}", said) == []


@pytest.mark.parametrize(("code", "language"), ALL)
def test_html_is_one_document_without_anything_from_elsewhere(code: str, language: str) -> None:
    _text, html = sample_parts(code, language)

    assert re.findall(r"<(?:img|script|link|iframe|object|form)\b", html) == []
    assert re.findall(r"url\(|@import|src=", html) == []
    assert {link.split(":")[0] for link in re.findall(r'href="([^"]+)"', html)} <= {"https", "http", "tel"}
    assert len(html.encode()) < 100_000  # longer ones are cut off by mail programs


@pytest.mark.parametrize(("code", "language"), ALL)
def test_text_part_says_everything_that_the_html_says(code: str, language: str) -> None:
    words = sample_words(code, language)
    text, _html = sample_parts(code, language)
    said = [words.title, *words.before, *words.after, *words.points, words.code, words.why]
    said += [part for fact in words.facts for part in fact]
    said += [words.button.label, words.button.link] if words.button else []

    assert [part for part in said if part not in text] == []
