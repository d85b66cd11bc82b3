"""The day's sheet as a file of one piece, with its style inside; and such files kept in a folder."""

import datetime as dt
import logging
from base64 import b64encode
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.db import DatabaseError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from clinic.premises.models import Clinic

from .day_sheet import BY, DaySheet, read_day_sheet

STYLE = "css/day-sheet.css"
HINDI = "vendor/mukta/mukta-devanagari-400.woff2"
"""Not every computer has letters for Hindi."""
PATTERN = "????-??-??"
PRIVATE = 0o600

log = logging.getLogger(__name__)


@cache
def style_of_paper() -> SafeString:
    """Our own style sheet and the letters of Hindi in words; it names no other file."""
    letters = b64encode(_static(HINDI)).decode()
    face = f'@font-face {{ font-family: "Mukta"; src: url(data:font/woff2;base64,{letters}) format("woff2"); }}'
    words = f"{face}\n{_static(STYLE).decode()}"
    return mark_safe(words)  # noqa: S308 - files of this project


def _static(name: str) -> bytes:
    return Path(str(finders.find(name))).read_bytes()


def file_name(sheet: DaySheet) -> str:
    """Clinic and date; no patient."""
    return f"{sheet.clinic.slug}-{sheet.on.isoformat()}-{sheet.by}.html"


def keep_sheets(folder: Path, *, now: dt.datetime) -> None:
    """Today's sheets of every clinic, in its first language, in place of those of an hour ago; older days go.

    Only the account that writes them may read them. A clinic that cannot be read stops no other.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for clinic in Clinic.objects.filter(is_active=True):
        try:
            _keep(folder, clinic, now)
        except (DatabaseError, ValueError, KeyError):
            log.exception("the day sheet of clinic %s cannot be kept", clinic.pk)


def _keep(folder: Path, clinic: Clinic, now: dt.datetime) -> None:
    with translation.override(next(iter(clinic.languages), None) or translation.get_language()):
        sheets = [read_day_sheet(clinic, clinic.today(now), by, now) for by in BY]
        files = {file_name(sheet): _in_words(sheet, now) for sheet in sheets}
    for name, words in files.items():
        beside = folder / f".{name}"
        beside.unlink(missing_ok=True)
        beside.touch(mode=PRIVATE)
        beside.write_text(words, encoding="utf-8")
        beside.replace(folder / name)
    for old in folder.glob(f"{clinic.slug}-{PATTERN}-*.html"):
        if old.name not in files:
            old.unlink(missing_ok=True)


def _in_words(sheet: DaySheet, now: dt.datetime) -> str:
    page = {"sheet": sheet, "by": sheet.by, "now": now, "style_words": style_of_paper()}
    return render_to_string("desk/paper/day_sheet_file.html", page)
