"""Moments and days in the reader's words; one form for lists, pages and buttons."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.slots.search import Day
from clinic.clock import bare_clock, clock_words, date_format
from clinic.people.models import Patient, Read


def day_in_words(on: dt.date) -> str:
    """Monday 2 March."""
    return date_format(on, "l j F")


def clock(moment: dt.datetime, zone: ZoneInfo) -> str:
    """10:30, on the clinic's wall."""
    return clock_words(moment.astimezone(zone))


def moment_in_words(moment: dt.datetime, zone: ZoneInfo) -> str:
    """Monday 2 March 2026, 10:30."""
    return date_format(moment.astimezone(zone), "l j F Y, H:i")


def in_short(moment: dt.datetime, zone: ZoneInfo) -> str:
    """Mon 2 Mar, 10:30."""
    return date_format(moment.astimezone(zone), "D j M, H:i")


def posted_value(start: dt.datetime) -> str:
    """A start as forms post it."""
    return start.astimezone(dt.UTC).isoformat()


def time_button(start: dt.datetime, zone: ZoneInfo) -> dict[str, str]:
    """A time as components/days.html shows it; the label that is heard says the whole date."""
    local = start.astimezone(zone)
    return _button(start, local, date_format(local, "l j F Y"))


def _button(start: dt.datetime, local: dt.datetime, day: str) -> dict[str, str]:
    label = clock_words(local)
    return {"value": posted_value(start), "label": label, "full_label": f"{label}, {day}", "note": ""}


class Times(Sequence[dict[str, str]]):
    """The times of a day as buttons, put into words when they are shown: of most days only the number is."""

    def __init__(self, day: Day, zone: ZoneInfo, note: Callable[[dt.datetime], str] | None) -> None:
        self.day, self.zone, self.note = day, zone, note

    def __len__(self) -> int:
        return len(self.day.starts)

    def __getitem__(self, place: Any) -> Any:
        return self.buttons[place]

    @cached_property
    def buttons(self) -> list[dict[str, str]]:
        buttons = _buttons(self.day, self.zone)
        if self.note is None:
            return buttons
        pairs = zip(self.day.starts, buttons, strict=True)
        return [button | {"note": self.note(start)} for start, button in pairs]


def day_rows(
    days: Iterable[Day], *, zone: ZoneInfo, today: dt.date, note: Callable[[dt.datetime], str] | None = None
) -> list[dict[str, Any]]:
    """What components/days.html shows; `note` is said beside a time."""
    near = {today: _("Today"), today + dt.timedelta(days=1): _("Tomorrow")}
    return [
        {
            "label": day_in_words(day.on),
            "short": near.get(day.on, ""),
            "weekday": date_format(day.on, "D"),
            "date": date_format(day.on, "j M"),
            "times": Times(day, zone, note) if day.starts else [],
            "why_empty": day.why,
        }
        for day in days
    ]


PARTS_OF_DAY = ((12, gettext_lazy("Morning")), (16, gettext_lazy("Afternoon")), (24, gettext_lazy("Evening")))
"""Until which hour of the clinic's clock, and what it is called."""


def parts_of_day(
    starts: Sequence[dt.datetime], times: Sequence[dict[str, str]], zone: ZoneInfo
) -> list[dict[str, Any]]:
    """The times of one day by morning, afternoon and evening; `times` as components/days.html shows these starts."""
    rows: dict[str, list[dict[str, str]]] = {}
    for start, time in zip(starts, times, strict=True):
        local = start.astimezone(zone)
        label = next(words for until, words in PARTS_OF_DAY if local.hour < until)
        rows.setdefault(str(label), []).append(time | {"label": bare_clock(local)})
    return [{"label": label, "times": part} for label, part in rows.items()]


def _buttons(day: Day, zone: ZoneInfo) -> list[dict[str, str]]:
    """The date is put into words once for all its times: a week has hundreds."""
    words = date_format(day.on, "l j F Y")
    return [_button(start, start.astimezone(zone), words) for start in day.starts]


def grouped_by_day(starts: Sequence[dt.datetime], zone: ZoneInfo) -> list[Day]:
    """Some starts, by the clinic's date."""
    dates = sorted({start.astimezone(zone).date() for start in starts})
    return [Day(on, tuple(s for s in sorted(starts) if s.astimezone(zone).date() == on)) for on in dates]


def saved(before: str, patient: Patient, sign_in: str) -> str:
    """What is said after the details of a patient, whose e-mail was `before`, were saved."""
    words = [_("The details have been saved.")]
    if patient.email.lower() != before.lower() and patient.email and not patient.email_is_proved:
        words += [
            _("We sent a link to %(email)s.") % {"email": patient.email},
            _("Reminders will start when you have opened it."),
        ]
    if patient.email.lower() != before.lower() and sign_in and sign_in.lower() != patient.email.lower():
        words.append(_("You still sign in with %(email)s.") % {"email": sign_in})
    return " ".join(words)


PAGES = {
    "portal:record": gettext_lazy("Record and consents"),
    "portal:paper": gettext_lazy("Consent form"),
    "portal:sessions": gettext_lazy("Pain over time"),
    "portal:person": gettext_lazy("Details and contact"),
    "portal:acting": gettext_lazy("People who book for this patient"),
    "portal:visit": gettext_lazy("A visit"),
}


def pages_read(reads: Iterable[Read]) -> list[tuple[Read, Any]]:
    """Each with the name of the page that was opened."""
    return [(read, PAGES.get(read.door, _("Another page about this patient"))) for read in reads]
