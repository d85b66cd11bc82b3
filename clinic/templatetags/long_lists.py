"""Lists of hundreds of like elements, made in one go: a template's own loop looks up and escapes each value by itself.

Built in: templates load nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext, pgettext

register = template.Library()

TIME_BUTTON = (
    '<li><button class="time-button" type="submit" name="{}" value="{}" aria-label="{}">'
    '<span class="time-button-time">{}</span>{}</button></li>'
)
NOTE = '<span class="time-button-note">{}</span>'
DAY = (
    '<li><a id="day-link-{}" href="{}"{} hx-get="{}"><span class="day-strip-weekday">{}</span>'
    '<span class="day-strip-date">{}</span><span class="day-strip-count">{}</span></a></li>'
)
OPTION = '<option value="{}"{}>{}</option>'
SELECTED = mark_safe(" selected")


@register.simple_tag
def time_buttons(times: Iterable[Mapping[str, str]], field: str) -> SafeString:
    """Times as items of a list, each a button of the caller's form, as components/days.html describes them."""
    return format_html_join("", TIME_BUTTON, (_button(time, field) for time in times))


def _button(time: Mapping[str, str], field: str) -> tuple[object, ...]:
    note = time.get("note", "")
    heard = f"{time['full_label']}, {note}" if note else time["full_label"]
    shown = mark_safe(NOTE.format(conditional_escape(note))) if note else ""  # noqa: S308 - escaped
    return field, time["value"], heard, time["label"], shown


@register.simple_tag
def day_strip(days: Iterable[Mapping[str, Any]]) -> SafeString:
    """Days as items of a list, each a link with how many times it has, as portal/_times.html shows them."""
    return format_html_join("", DAY, (_day(place, day) for place, day in enumerate(days, start=1)))


def _day(place: int, day: Mapping[str, Any]) -> tuple[object, ...]:
    count, words = day["count"], pgettext("no times on a day", "none")
    if count:
        words = ngettext("%(count)s time", "%(count)s times", count) % {"count": count}
    marks = (' aria-current="date"' if day["is_current"] else "") + ("" if count else " data-empty")
    weekday = day["short"] or day["weekday"]
    return place, day["url"], mark_safe(marks), day["url"], weekday, day["date"], words  # noqa: S308 - our own words


@register.simple_tag
def options(rows: Iterable[tuple[Any, Any, bool]]) -> SafeString:
    """Choices of a list to select from: value, label, whether it is chosen."""
    return format_html_join("", OPTION, ((value, SELECTED if chosen else "", label) for value, label, chosen in rows))
