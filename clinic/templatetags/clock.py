"""Django's filters `date` and `time`, with the time of day in the reader's words. Built in: templates load nothing."""

import datetime as dt
from typing import Any

from django import template
from django.template import defaultfilters

from clinic.clock import CLOCK, clock_words, date_format, span_words

register = template.Library()


@register.filter("date", expects_localtime=True, is_safe=False)
def date(value: Any, arg: str | None = None) -> str:
    if arg and CLOCK in arg and isinstance(value, dt.datetime):
        return date_format(value, arg)
    return str(defaultfilters.date(value, arg))


@register.filter("time", expects_localtime=True, is_safe=False)
def time(value: Any, arg: str | None = None) -> str:
    if arg == CLOCK and isinstance(value, dt.datetime | dt.time):
        return clock_words(value)
    return str(defaultfilters.time(value, arg))


@register.filter(expects_localtime=True, is_safe=False)
def clock_span(start: dt.datetime, end: dt.datetime) -> str:
    """From one time to another of the same day. Templates make the first local; `end` follows it."""
    return span_words(start, end.astimezone(start.tzinfo))
