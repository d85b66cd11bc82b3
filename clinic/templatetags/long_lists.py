"""Lists of hundreds of like elements, made in one go: a template's own loop looks up and escapes each value by itself.

Built in: templates load nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

TIME_BUTTON = (
    '<li><button class="time-button" type="submit" name="{}" value="{}" aria-label="{}">'
    '<span class="time-button-time">{}</span>{}</button></li>'
)
NOTE = '<span class="time-button-note">{}</span>'
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
def options(rows: Iterable[tuple[Any, Any, bool]]) -> SafeString:
    """Choices of a list to select from: value, label, whether it is chosen."""
    return format_html_join("", OPTION, ((value, SELECTED if chosen else "", label) for value, label, chosen in rows))
