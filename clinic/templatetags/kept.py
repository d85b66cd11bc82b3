"""Parts of pages that are the same each time: made once a process, and never of what a request knows.

Built in: templates load nothing.
"""

import re
from functools import cache
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

ICON = '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
NUMBERED = re.compile(r"[^/]*[0-9A-Z:][^/]*")
MOST = 500
"""So many variants of a part are kept; then it begins anew."""


@register.simple_tag
def icon(name: str) -> SafeString:
    """The picture of components/icon.html."""
    return _icon(str(name))


@cache
def _icon(name: str) -> SafeString:
    return format_html(ICON, static("vendor/bootstrap-icons/icons.svg"), name)


class PathAlone:
    """An address as a `request` that knows nothing else: which page it is, without the numbers that name somebody."""

    def __init__(self, path: str) -> None:
        self.path = NUMBERED.sub("*", path)

    def __str__(self) -> str:
        return self.path


@register.filter
def path_alone(request: Any) -> PathAlone:
    return PathAlone(getattr(request, "path", ""))


class KeptNode(template.Node):
    """What stands between, rendered with the named values alone and kept for their words and the language."""

    def __init__(self, inside: NodeList, values: dict[str, FilterExpression]) -> None:
        self.nodelist, self.values = inside, values
        self.kept: dict[tuple[object, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        values = {name: value.resolve(context) for name, value in self.values.items()}
        key = (get_language(), *(_words(value) for value in values.values()))
        shown = self.kept.get(key)
        if shown is None:
            shown = mark_safe(self.nodelist.render(context.new(values)))  # noqa: S308 - rendered, so escaped
            if len(self.kept) >= MOST:
                self.kept.clear()
            self.kept[key] = shown
        return shown


def _words(value: Any) -> object:
    """What tells one value from another on a page."""
    return tuple(str(each) for each in value) if isinstance(value, list | tuple) else value and str(value)


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """`{% kept name=value … %} … {% endkept %}`: inside, nothing but these values is in sight.

    Each is told from another by what `str` says of it, a list by what it says of each. Nothing personal belongs here.
    """
    _tag, *bits = token.split_contents()
    pairs = (bit.partition("=") for bit in bits)
    values = {name: parser.compile_filter(value) for name, _is, value in pairs}
    inside = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(inside, values)
