"""Times of day in the reader's words: 17:00 in English, शाम 5:00 बजे in Hindi, where the part of the day comes first.

A clinic may choose 12 or 24 hours for all languages: pages and messages about it are made within its `clock_face`.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from django.db import models
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

CLOCK = "H:i"
"""How formats say the time of day."""


class ClockFace(models.TextChoices):
    """How a clinic writes times of day."""

    BY_LANGUAGE = "language", _("As people of the language write it")
    TWELVE = "12", _("12 hours")
    TWENTY_FOUR = "24", _("24 hours")


@dataclass(frozen=True)
class TwelveHours:
    """A clock of twelve hours: from which hour on each part of the day is called so.

    `whole` and `short` say a time with its part of the day, `span` two times of which the part is said once where it is
    the same for both, and `apart` two times of different parts.
    """

    parts: tuple[tuple[int, str], ...]
    whole: str
    short: str
    span: str
    apart: str

    def part(self, moment: dt.time | dt.datetime) -> str:
        return self.parts[bisect_right(self.parts, (moment.hour, "\uffff")) - 1][1]

    def bare(self, moment: dt.time | dt.datetime) -> str:
        return f"{moment.hour % 12 or 12}:{moment.minute:02}"

    def words(self, moment: dt.time | dt.datetime, form: str) -> str:
        return form.format(part=self.part(moment), time=self.bare(moment))

    def span_words(self, start: dt.datetime, end: dt.datetime) -> str:
        first, last = self.part(start), self.part(end)
        form = self.span if first == last else self.apart
        return form.format(part=first, start=self.bare(start), later=last, end=self.bare(end))


ENGLISH = TwelveHours(
    parts=((0, "am"), (12, "pm")),
    whole="{time} {part}",
    short="{time} {part}",
    span="{start}–{end} {part}",
    apart="{start} {part} – {end} {later}",
)
HINDI = TwelveHours(
    parts=((0, "रात"), (4, "सुबह"), (12, "दोपहर"), (16, "शाम"), (20, "रात")),
    whole="{part} {time} बजे",
    short="{part} {time}",
    span="{part} {start} से {end} बजे तक",
    apart="{part} {start} से {later} {end} बजे तक",
)
TWELVE_HOURS: Mapping[str, TwelveHours] = {"en": ENGLISH, "hi": HINDI}
BY_CUSTOM = frozenset({"hi"})
"""Languages whose people say twelve hours; of any other, 24 where the clinic has not chosen."""

_chosen: ContextVar[Callable[[], str]] = ContextVar("clock_face", default=lambda: ClockFace.BY_LANGUAGE.value)


@contextmanager
def clock_face(face: Callable[[], str]) -> Iterator[None]:
    """Times are said by the face that `face` names, asked when the first one is said."""
    token = _chosen.set(face)
    try:
        yield
    finally:
        _chosen.reset(token)


def twelve_hours() -> TwelveHours | None:
    """The clock of twelve hours of the reader's language; None where 24 are read."""
    face, language = _chosen.get()(), get_language() or ""
    is_twelve = language in BY_CUSTOM if face == ClockFace.BY_LANGUAGE else face == ClockFace.TWELVE
    return TWELVE_HOURS.get(language, ENGLISH) if is_twelve else None


def clock_words(moment: dt.time | dt.datetime) -> str:
    """For example 17:00, 5:00 pm, शाम 5:00 बजे; `moment` is local already."""
    twelve = twelve_hours()
    return twelve.words(moment, twelve.whole) if twelve else f"{moment:%H:%M}"


def short_clock(moment: dt.time | dt.datetime) -> str:
    """The same where there is little room: 17:00, 5:00 pm, शाम 5:00."""
    twelve = twelve_hours()
    return twelve.words(moment, twelve.short) if twelve else f"{moment:%H:%M}"


def bare_clock(moment: dt.time | dt.datetime) -> str:
    """The same under a heading that names the part of the day: 17:00; 5:00 on a clock of twelve hours."""
    twelve = twelve_hours()
    return twelve.bare(moment) if twelve else f"{moment:%H:%M}"


def span_words(start: dt.datetime, end: dt.datetime, otherwise: str = "{start}–{end}") -> str:
    """Two times of one day, local already: 9:30–10:45; सुबह 9:30 से 10:45 बजे तक. `otherwise`: the words around them."""
    twelve = twelve_hours()
    if twelve:
        return twelve.span_words(start, end)
    return otherwise.format(start=clock_words(start), end=clock_words(end))


def date_format(moment: dt.date, form: str) -> str:
    """Django's, with the time of day in the reader's words; a datetime is local already."""
    if type(moment) is dt.date:
        return _dated(moment, form, get_language())
    before, clock, after = form.partition(CLOCK)
    if not clock or not isinstance(moment, dt.datetime) or twelve_hours() is None:
        return formats.date_format(moment, form)
    parts = [formats.date_format(moment, part) if part else "" for part in (before, after.removeprefix(":s"))]
    return f"{parts[0]}{clock_words(moment)}{parts[1]}"


def stretch_words(begins: dt.datetime, ends: dt.datetime) -> str:
    """From when to when, in the zone of the page: Tue 8 Dec 2026, 11:00–11:35; whole days without a clock."""
    first, last = (timezone.localtime(moment) for moment in (begins, ends))
    is_whole_days = first.time() == last.time() == dt.time()
    if is_whole_days:
        day = last - dt.timedelta(days=1)
        words = [formats.date_format(moment, "D j M Y") for moment in (first, day)]
        return " – ".join(dict.fromkeys(words))
    if first.date() == last.date():
        return f"{formats.date_format(first, 'D j M Y')}, {span_words(first, last)}"
    return " – ".join(date_format(moment, "D j M Y, H:i") for moment in (first, last))


@lru_cache(maxsize=4096)
def _dated(on: dt.date, form: str, _language: str | None) -> str:
    """The same days are shown again and again: a list of times says each of a week in three ways."""
    return formats.date_format(on, form)
