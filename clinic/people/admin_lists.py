"""Lists of the admin: filtered by what the page offers, and by days that the calendar has.

Django lets whoever sees a list ask for any column of it by any lookup. That tells one letter after another of what the
page does not show, and an odd year or pattern stops it.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest

from clinic.fields import FIRST_DAY, LAST_DAY, number_of

ENDINGS = ("", "__exact", "__isnull", "__id__exact")
"""How the links of Django's filters end."""
PARTS = ("year", "month", "day")


class BoundedList(ChangeList):
    """Django's. Where the address names a day that is none, it leads back to the whole list."""

    def get_filters(self, request: HttpRequest) -> Any:
        parts = [self.params.get(f"{self.date_hierarchy}__{part}") for part in PARTS]
        if self.date_hierarchy and not _is_span(parts):
            raise IncorrectLookupParameters
        return super().get_filters(request)


def is_offered(lookup: str, *, filters: Iterable[Any], date_hierarchy: str | None) -> bool:
    """Whether a link of the page can ask for this."""
    names = {getattr(each, "parameter_name", each) for each in filters}
    days = {f"{date_hierarchy}__{part}" for part in PARTS} if date_hierarchy else set()
    return lookup in days or any(lookup == f"{name}{ending}" for name in names for ending in ENDINGS)


def _is_span(parts: list[str | None]) -> bool:
    """Whether these are a year, a month or a day of the calendar, or nothing."""
    numbers = [number_of(part) for part in parts if part is not None]
    if parts[len(numbers) :] != [None] * (len(parts) - len(numbers)):  # a month without its year
        return False
    if not numbers:
        return True
    if None in numbers or not FIRST_DAY.year <= (numbers[0] or 0) <= LAST_DAY.year:
        return False
    try:
        dt.date(*(number or 0 for number in [*numbers, 1, 1][: len(PARTS)]))
    except ValueError:
        return False
    return True
