"""The spreadsheet: one row a string, in a form that LibreOffice and Excel open, and what a reader changed in it."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .entry import WordEntry, why_not_fit

COLUMNS = ("key", "kind", "places", "context", "English", "translation")
FORMULA = ("=", "+", "-", "@", "'")
"""What a spreadsheet takes for a formula gets an apostrophe in front, and loses it on the way back."""


class SheetBroken(Exception):
    """Not a sheet of words; says why."""


@dataclass
class Reading:
    """What a sheet says: `changes` by key, and each row that is left alone with the reason."""

    changes: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)


def sheet_of(entries: Iterable[WordEntry]) -> str:
    """CSV text with a byte order mark, by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        cells = (entry.key, entry.kind, entry.places, entry.context, entry.english, entry.translation)
        writer.writerow([_guarded(cell) for cell in cells])
    return "\ufeff" + out.getvalue()


def read_sheet(text: str, entries: Iterable[WordEntry]) -> Reading:
    """What differs from these entries. Raises SheetBroken for a file of another form."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=_delimiter(text))
    if (head := next(rows, [])) != list(COLUMNS):
        raise SheetBroken(f"the first row must be {', '.join(COLUMNS)}; it is {', '.join(head)}")
    by_key = {entry.key: entry for entry in entries}
    reading = Reading()
    for number, row in enumerate(rows, start=2):
        if any(row):
            _read_row(number, [_unguarded(cell.replace("\r\n", "\n")) for cell in row], by_key, reading)
    return reading


def _delimiter(text: str) -> str:
    """Excel writes semicolons where the country writes decimals with a comma."""
    head = text.splitlines()[0] if text else ""
    return max(",;\t", key=head.count)


def _read_row(number: int, row: list[str], by_key: Mapping[str, WordEntry], reading: Reading) -> None:
    if len(row) != len(COLUMNS):
        reading.skipped.append(f"row {number}: {len(row)} cells instead of {len(COLUMNS)}")
        return
    key, english, translation = row[0], row[4], row[5]
    entry = by_key.get(key)
    if entry is None or entry.english != english:
        reading.skipped.append(f"row {number}: the English has changed meanwhile: {english}")
    elif translation in (entry.translation, "") and entry.translation:
        if not translation:
            reading.skipped.append(f"row {number}: no translation given: {english}")
    elif translation != entry.translation:
        reason = why_not_fit(english, translation)
        if reason:
            reading.skipped.append(f"row {number}: {reason}: {english}")
        else:
            reading.changes[key] = translation


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
