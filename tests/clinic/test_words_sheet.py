"""All words as one spreadsheet and back: unchanged is no difference, one change is one line, nothing wrong comes in."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from shutil import copy, copytree

import pytest

from clinic.words.entry import WordEntry, why_not_fit
from clinic.words.files import CATALOGUE, CONSENTS, LanguageFiles
from clinic.words.messages import po_file
from clinic.words.sheet import SheetBroken, read_sheet, sheet_of
from tests.hindi import HOUSE, entries
from therapies.catalogue.entries import entries_of
from therapies.catalogue.reader import read_catalogue

HEART = "therapies/catalogue/questions.yaml:/gh_heart/text"
IDENTITY = "therapies/catalogue/rules.yaml:/sr_identity/rule/rule"
LEPA = "therapies/catalogue/texts.yaml:/lepa/summary"
POINT = f"{CONSENTS.as_posix()}:/general/points/0"
Edit = Callable[[list[str]], None]


@pytest.fixture
def words(tmp_path: Path) -> LanguageFiles:
    """A copy of all files with words."""
    copytree(HOUSE.root / CATALOGUE, tmp_path / CATALOGUE)
    for path in (po_file(HOUSE.root, "hi"), HOUSE.root / CONSENTS):
        there = tmp_path / path.relative_to(HOUSE.root)
        there.parent.mkdir(parents=True, exist_ok=True)
        copy(path, there)
    return LanguageFiles(tmp_path, "hi")


def edited(before: list[WordEntry], edit: Edit) -> str:
    """The sheet after a reader did this to each row."""
    rows = list(csv.reader(io.StringIO(sheet_of(before).removeprefix("\ufeff"), newline="")))
    for row in rows[1:]:
        edit(row)
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


def says(key: str, translation: str) -> Edit:
    def edit(row: list[str]) -> None:
        row[5] = translation if row[0] == key else row[5]

    return edit


def lines_of(words: LanguageFiles) -> dict[str, list[str]]:
    return {
        path.relative_to(words.root).as_posix(): path.read_text(encoding="utf-8").splitlines()
        for path in sorted(words.root.rglob("*"))
        if path.suffix in (".yaml", ".po")
    }


def differing(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [
        (name, new) for name, lines in after.items() for old, new in zip(before[name], lines, strict=True) if old != new
    ]


def test_sheet_holds_messages_catalogue_and_consents_with_their_places() -> None:
    by_key = {entry.key: entry for entry in entries()}
    kinds = {entry.kind for entry in entries()}

    assert kinds == {"message", "message, one", "message, many", "catalogue", "consent"}
    assert len(by_key) == len(entries())
    assert all(entry.places and entry.english and entry.translation for entry in entries())
    assert {HEART, IDENTITY, LEPA, POINT} <= by_key.keys()
    assert not any(entry.places.startswith("bookings/demo/") and "\n" not in entry.places for entry in entries())


def test_sheet_that_nobody_changed_changes_nothing(words: LanguageFiles) -> None:
    before = lines_of(words)
    sheet = sheet_of(words.entries())

    reading = read_sheet(sheet, words.entries())

    assert sheet.startswith("\ufeffkey,kind,places,context,English,translation\r\n")
    assert (reading.changes, reading.skipped) == ({}, [])
    assert words.change({}) == []
    assert lines_of(words) == before


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (HEART, '  text: {en: "Do you have a heart disease?", hi: "नया"}'),
        (IDENTITY, '    words: {rule: {hi: "नया"}}'),
        (LEPA, '  summary: "नया"'),
        (POINT, '      - "नया"'),
    ],
)
def test_one_change_is_one_line(words: LanguageFiles, key: str, line: str) -> None:
    before = lines_of(words)

    words.change(read_sheet(edited(entries(), says(key, "नया")), entries()).changes)

    assert [new for _name, new in differing(before, lines_of(words))] == [line]
    assert {entry.key: entry.translation for entry in words.entries()}[key] == "नया"


def test_a_message_with_quotes_and_a_plural_comes_back(words: LanguageFiles) -> None:
    many = next(entry for entry in entries() if entry.kind == "message, many")
    translation = f'“{many.translation}” "quoted" \\ and\nmore'
    before = lines_of(words)

    words.change({many.key: translation})

    assert len(differing(before, lines_of(words))) == 1
    assert {entry.key: entry.translation for entry in words.entries()}[many.key] == translation


def test_row_whose_english_has_changed_is_listed_and_skipped() -> None:
    def edit(row: list[str]) -> None:
        if row[0] == HEART:
            row[4], row[5] = "Do you have heart trouble?", "नया"

    reading = read_sheet(edited(entries(), edit), entries())

    assert reading.changes == {}
    assert [line.split(": ", 1)[1] for line in reading.skipped] == [
        "the English has changed meanwhile: Do you have heart trouble?"
    ]


def test_translation_that_lost_a_placeholder_is_listed_and_skipped() -> None:
    entry = next(entry for entry in entries() if "%(" in entry.english)

    reading = read_sheet(edited(entries(), says(entry.key, "नया")), entries())

    assert reading.changes == {}
    assert "placeholders differ: without %(" in reading.skipped[0]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "key;kind\n"])
def test_file_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(SheetBroken):
        read_sheet(text, entries())


def test_semicolons_of_a_spreadsheet_are_understood() -> None:
    rows = csv.reader(io.StringIO(sheet_of(entries()).removeprefix("\ufeff"), newline=""))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)

    assert read_sheet(out.getvalue(), entries()).skipped == []


def test_what_a_spreadsheet_takes_for_a_formula_comes_back_as_it_was() -> None:
    entry = WordEntry("k", "message", "a.py", "", "=1+1", "-2")

    sheet = sheet_of([entry])

    assert "'=1+1,'-2" in sheet
    assert (read_sheet(sheet, [entry]).changes, read_sheet(sheet, [entry]).skipped) == ({}, [])


def test_placeholders_of_each_kind_are_compared() -> None:
    assert why_not_fit("%(a)s {b} {}", "{} {b} %(a)s") == ""
    assert why_not_fit("{hours} hours", "घंटे") == "placeholders differ: without {hours}"
    assert why_not_fit("hours", "{hours} घंटे") == "placeholders differ: with {hours}"


def test_third_language_is_data(words: LanguageFiles) -> None:
    third = LanguageFiles(words.root, "ml")
    assert {entry.translation for entry in third.entries()} == {""}
    assert len(third.entries()) == len(words.entries())
    placeholders = {entry.key: f"മ {entry.english}" for entry in third.entries()}

    third.change(placeholders)

    assert {entry.key: entry.translation for entry in third.entries()} == placeholders
    catalogue = entries_of(read_catalogue(words.root / CATALOGUE))
    assert catalogue.questions["gh_heart"]["texts"]["ml"] == "മ Do you have a heart disease?"  # type: ignore[index, call-overload]
    assert catalogue.terms["gout"]["labels"]["ml"] == "മ gout"  # type: ignore[index, call-overload]
    assert catalogue.therapies["lepa"]["names"]["ml"] == "മ Lepa"  # type: ignore[index, call-overload]
    assert "texts/ml/summary" in catalogue.therapies["lepa"]
