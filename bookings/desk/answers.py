"""Answers to health questions as staff read them."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.translation import pgettext_lazy

from clinic.clock import date_format

CHOICES = {
    "yes": pgettext_lazy("an answer", "Yes"),
    "no": pgettext_lazy("an answer", "No"),
    "unsure": pgettext_lazy("an answer", "Not sure"),
    "prefer_not": pgettext_lazy("an answer", "Prefers to tell the clinic"),
}


def answer_in_words(value: object, text: str, zone: ZoneInfo) -> str:
    """A stored answer in the reader's words, with what the patient added; a moment by the clock of the clinic."""
    words = str(CHOICES.get(str(value)) or _moment(value, zone))
    return f"{words}: {text}" if text else words


def _moment(value: object, zone: ZoneInfo) -> object:
    """A stored moment as day and time; anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        return date_format(dt.datetime.fromisoformat(value).astimezone(zone), "j F, H:i")
    except ValueError:
        return value
