"""The parts of a message, and its formats of days, times and places. Text and HTML are made from the same words."""

import datetime as dt
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from clinic.clock import clock_words, span_words

from .appointment import Appointment, Sender


@dataclass(frozen=True)
class MessageButton:
    label: str
    link: str


@dataclass(frozen=True)
class Words:
    """`facts`: pairs of label and value; `points`: a list; `code`: shown large; `before` and `after`: paragraphs."""

    subject: str
    title: str
    sender: Sender | None = None
    name: str = ""
    before: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    code: str = ""
    points: tuple[str, ...] = ()
    button: MessageButton | None = None
    after: tuple[str, ...] = ()
    why: str = ""
    stop: MessageButton | None = None


# The short form of Hindi months is not a word, so the month is written in full.
SHORT_MONTH = {"hi": "F"}


def short_date(moment: dt.datetime) -> str:
    """For example: 9 Mar."""
    return formats.date_format(moment, f"j {SHORT_MONTH.get(get_language() or '', 'M')}")


def short_day(moment: dt.datetime) -> str:
    """For subjects, for example: Tue 9 Mar, 10:30."""
    return f"{formats.date_format(moment, 'D')} {short_date(moment)}, {clock_words(moment)}"


def long_day(moment: dt.date) -> str:
    """For example: Tuesday 9 March 2027."""
    return formats.date_format(moment, "l j F Y")


def minutes(count: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


def from_to(appointment: Appointment) -> str:
    """For example: 10:30–11:15 (India time)."""
    span = span_words(appointment.starts, appointment.ends, otherwise="{start}–{end}")
    return _("%(span)s (%(zone)s)") % {"span": span, "zone": zone_words(appointment.zone_name)}


def zone_words(name: str) -> str:
    """A time zone as people of it call it, else by its place."""
    return _("India time") if name in ("Asia/Kolkata", "Asia/Calcutta") else name.replace("_", " ")


def when_and_where(appointment: Appointment) -> tuple[tuple[str, str], ...]:
    """Day, time with zone, arrival, length and place of a visit."""
    return (
        (_("Day"), long_day(appointment.starts)),
        (_("Time"), from_to(appointment)),
        *((_("Also on this day"), from_to(other)) for other in appointment.others),
        (_("Please arrive at"), clock_words(appointment.arrives)),
        (_("Duration"), minutes(appointment.minutes)),
        (_("Location"), ", ".join([appointment.sender.name, *appointment.sender.address])),
    )
