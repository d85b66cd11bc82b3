"""Hindi is complete, keeps every placeholder, and the compiled file is the one of the texts."""

import datetime as dt
import gettext
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import dateformat, translation
from django.utils.translation import gettext as translated

FOLDER = Path(settings.BASE_DIR) / "locale" / "hi" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
STRING = re.compile(r'^(msgctxt|msgid_plural|msgid|msgstr\[\d\]|msgstr) "(.*)"$|^"(.*)"$')


SAMPLE = """
#
msgid ""
msgstr "head"

#, fuzzy
msgctxt "c"
msgid ""
"a"
"b"
msgid_plural "d"
msgstr[0] "e"
msgstr[1] "f"
"""


def entries(text: str) -> list[dict[str, str]]:
    """The entries of a .po file, each a dict of its keywords; the header, whose msgid is empty, is left out."""
    found: list[dict[str, str]] = []
    for block in text.split("\n\n"):
        entry: dict[str, str] = {"flags": "".join(re.findall(r"^#, (.*)$", block, re.MULTILINE))}
        keyword = ""
        for line in block.splitlines():
            if match := STRING.match(line):
                keyword = match[1] or keyword
                entry[keyword] = entry.get(keyword, "") + (match[2] or match[3] or "")
        found.append(entry)
    return [entry for entry in found if entry.get("msgid")]


def unescaped(text: str) -> str:
    return text.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


def key(entry: dict[str, str]) -> str:
    """As a compiled file keeps it."""
    context = unescaped(entry["msgctxt"]) + "\x04" if "msgctxt" in entry else ""
    return context + unescaped(entry["msgid"])


@cache
def hindi() -> list[dict[str, str]]:
    return entries((FOLDER / "django.po").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def compiled() -> gettext.GNUTranslations:
    with (FOLDER / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_entries_several_lines_context_and_plural() -> None:
    assert entries(SAMPLE) == [
        {"flags": "fuzzy", "msgctxt": "c", "msgid": "ab", "msgid_plural": "d", "msgstr[0]": "e", "msgstr[1]": "f"}
    ]


def test_everything_is_translated() -> None:
    missing = [
        entry["msgid"]
        for entry in hindi()
        if "fuzzy" in entry["flags"] or not all(text for name, text in entry.items() if name.startswith("msgstr"))
    ]

    assert len(hindi()) > 500
    assert missing == []


def test_placeholders_are_kept() -> None:
    broken = [
        entry["msgid"]
        for entry in hindi()
        for name, text in entry.items()
        if name.startswith("msgstr")
        and set(PLACEHOLDER.findall(text))
        != set(PLACEHOLDER.findall(entry["msgid_plural" if name == "msgstr[1]" else "msgid"]))
    ]

    assert broken == []


def test_compiled_file_is_that_of_the_texts(compiled: gettext.GNUTranslations) -> None:
    catalogue: dict[object, str] = vars(compiled)["_catalog"]
    wanted = {}
    for entry in hindi():
        if "msgid_plural" in entry:
            wanted |= {(key(entry), form): unescaped(entry[f"msgstr[{form}]"]) for form in (0, 1)}
        else:
            wanted[key(entry)] = unescaped(entry["msgstr"])

    assert {name: text for name, text in catalogue.items() if name} == wanted


def test_months_in_hindi() -> None:
    months = [dt.date(2026, month, 1) for month in range(1, 13)]

    with translation.override("hi"):
        names = {letter: " ".join(dateformat.format(day, letter) for day in months) for letter in "FEM"}

    long = "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर"
    short = "जन॰ फ़र॰ मार्च अप्र मई जून जुल॰ अग॰ सितं॰ अक्टू॰ नवं॰ दिसं॰"
    assert names == {"F": long, "E": long, "M": short}


def test_weekdays_in_hindi() -> None:
    week = [dt.date(2026, 3, day) for day in range(2, 9)]

    with translation.override("hi"):
        names = {letter: " ".join(dateformat.format(day, letter) for day in week) for letter in "lD"}

    assert names == {
        "l": "सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार",
        "D": "सोम मंगल बुध गुरु शुक्र शनि रवि",
    }


def test_page_words_in_hindi() -> None:
    with translation.override("hi"):
        assert translated("This field is required.") == "यह जानकारी ज़रूरी है।"


def test_words_are_marked_under_names_that_the_collector_knows() -> None:
    """`_now("…")` is no mark for it: the words would never come to a translator."""
    sources = [
        path
        for folder in ("bookings", "clinic", "therapies")
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py")
    ]
    other_names = {
        (str(path), name)
        for path in sources
        for name in re.findall(r"\bn?p?gettext(?:_lazy)? as (\w+)", path.read_text(encoding="utf-8"))
        if name != "_"
    }

    assert other_names == set()
