"""Every view that the URLconf leads to."""

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RegexPattern

SAMPLES = {
    "int": "987654",
    "str": "nobody",
    "slug": "nobody",
    "uuid": str(uuid.UUID(int=7)),
    "path": "987654",
    "date": "2026-03-02",
}
"""One word for each kind of placeholder; no row has it."""


PLACEHOLDER = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True)
class Place:
    """`key` is the name with its namespace, or the route where there is no name."""

    key: str
    route: str
    view: Any

    @property
    def path(self) -> str:
        """An address of this place that names no row."""
        return self.of()

    @property
    def placeholders(self) -> set[str]:
        return {name for _kind, name in PLACEHOLDER.findall(self.route)}

    def of(self, **values: object) -> str:
        """The address with these values; a placeholder without one names no row."""
        return "/" + PLACEHOLDER.sub(lambda found: str(values.get(found[2], SAMPLES[found[1] or "str"])), self.route)

    @property
    def access(self) -> str | None:
        return getattr(self.view, "access", None)


def places(patterns: Iterable[URLPattern | URLResolver], route: str = "", namespace: str = "") -> Iterator[Place]:
    """Walk the patterns and all that they include."""
    for pattern in patterns:
        whole = route + _route(pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from places(pattern.url_patterns, whole, inner)
        else:
            key = f"{namespace}{pattern.name}" if pattern.name else whole
            yield Place(key, whole, pattern.callback)


def _route(pattern: URLPattern | URLResolver) -> str:
    """Regular expressions become routes, as far as ours and the libraries' need it."""
    text = str(pattern.pattern)
    if not isinstance(pattern.pattern, RegexPattern):
        return text
    text = re.sub(r"\(\?P<\w+>(\w+)\|[\w|]*\)", r"\1", text)  # the first of several words
    text = re.sub(r"\(\?P<(\w+)>[^()]*\)", r"<str:\1>", text)
    return text.lstrip("^").rstrip("$")
