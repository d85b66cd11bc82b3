"""What everybody may read, worked out once for each edition and kept in this process.

Nothing personal belongs here: what `read` returns is shown to everybody. So it is made from the catalogue and the
clinics alone, and templates are rendered without the request. Pages only: an action reads for itself, under its locks.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.core.cache import caches
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from clinic.compiled_query import MOMENT, CompiledQuery
from clinic.premises.models import Edition

Shown = TypeVar("Shown")


def edition() -> str:
    """The number of what is on record now; "" where nothing was ever written. One small statement."""
    rows = _numbers().rows(ids=(), now=MOMENT)
    return str(rows[0][0]) if rows else ""


def edition_of(request: HttpRequest) -> str:
    """The same, asked once for a request."""
    if not hasattr(request, "edition"):
        request.edition = edition()  # type: ignore[attr-defined]
    number: str = request.edition  # type: ignore[attr-defined]
    return number


@cache
def _numbers() -> CompiledQuery:
    return CompiledQuery.of(Edition.objects.values_list("number"))


def of_edition(number: str, name: str, read: Callable[[], Shown]) -> Shown:
    """What `read` returns, read once a process for this edition and the reader's language.

    The number was read before: what `read` finds is as new as that, or newer, and then kept under a number that
    nobody asks for any longer.
    """
    if not number:
        return read()
    kept, key = caches["editions"], f"{number}:{get_language()}:{name}"
    shown: Shown | None = kept.get(key)
    if shown is None:
        shown = read()
        kept.set(key, shown)
    return shown


def fragment(number: str, name: str, template: str, context: Callable[[], dict[str, Any]]) -> SafeString:
    """A part of a page, rendered without the request: it knows no reader, no token and no message."""
    return of_edition(number, name, lambda: render_to_string(template, context()))
