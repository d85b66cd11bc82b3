"""A phone number inside a sentence as a link that dials it; an address as a link to a map."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinic.maps import map_link

register = template.Library()


@register.filter
def dialled(words: str, sender: Any) -> SafeString | str:
    """The sentence with the number of `sender` (its `phone`, `phone_link`) as a link, where it stands in it."""
    before, number, after = words.partition(sender.phone) if sender.phone else (words, "", "")
    if not number:
        return words
    return format_html('{}<a class="phone" href="tel:{}">{}</a>{}', before, sender.phone_link, number, after)


@register.filter
def on_map(address: str, name: str) -> str:
    """Where the lines of an address are found on a map."""
    return map_link(name, [line.strip() for line in address.splitlines() if line.strip()])
