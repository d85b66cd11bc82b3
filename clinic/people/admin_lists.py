"""Lists of the admin: filtered by what the page offers, and by days that the calendar has.

Django lets whoever sees a list ask for any column of it by any lookup. That tells one letter after another of what the
page does not show, and an odd year or pattern stops it.

A list is as quick beside a million rows as beside a hundred: nothing counts a table, or reads it to make links.
"""

import calendar
import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.contrib.admin import AllValuesFieldListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clinic.clock import date_format
from clinic.fields import FIRST_DAY, LAST_DAY, number_of

MOST_ROWS = 5_000
"""As many can be leafed through; whoever looks for others names a day, a clinic, a state."""
YEARS_BACK = 5
LOOKED_AT = 2_000

ENDINGS = ("", "__exact", "__isnull", "__id__exact")
"""How the links of Django's filters end."""
PARTS = ("year", "month", "day")


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than the last row that can be leafed to."""

    object_list: QuerySet[Any]

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_ROWS)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows."""
        return self._counted > MOST_ROWS

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: MOST_ROWS + 1].count()


def newest_rows(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows of a list that can be leafed to, for what is done to all of them."""
    pks = list(rows.values_list("pk", flat=True)[: MOST_ROWS + 1])
    return rows.filter(pk__in=pks[:MOST_ROWS]) if len(pks) > MOST_ROWS else rows


class RecentValues(AllValuesFieldListFilter):
    """Django's, which would read the whole table for its links: the values that the newest rows have."""

    def __init__(self, field: Any, request: Any, params: Any, model: Any, model_admin: Any, field_path: str) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        newest = model_admin.get_queryset(request).order_by("-pk").values_list(field.name, flat=True)
        chosen = [self.lookup_val[-1]] if self.lookup_val else []
        self.lookup_choices: Any = sorted({*newest[:LOOKED_AT], *chosen})


class BoundedList(ChangeList):
    """Django's. Where the address names a day that is none, it leads back to the whole list."""

    def get_filters(self, request: HttpRequest) -> Any:
        if self.date_hierarchy and not _is_span(self._parts):
            raise IncorrectLookupParameters
        return super().get_filters(request)

    @property
    def days(self) -> dict[str, Any]:
        """Links to years, months and days, from the calendar: Django's would read all rows to leave empty ones out."""
        year, month, day = (number_of(part or "") for part in self._parts)
        if year is None:
            this_year = timezone.now().year
            return {"choices": [self._link(each) for each in range(this_year - YEARS_BACK, this_year + 2)]}
        if month is None:
            return {"back": self._link(), "choices": [self._link(year, each) for each in range(1, 13)]}
        if day is None:
            days = range(1, calendar.monthrange(year, month)[1] + 1)
            return {"back": self._link(year), "choices": [self._link(year, month, each) for each in days]}
        return {"back": self._link(year, month), "choices": [{"title": self._link(year, month, day)["title"]}]}

    @property
    def _parts(self) -> list[str | None]:
        return [self.params.get(f"{self.date_hierarchy}__{part}") for part in PARTS]

    def _link(self, *numbers: int) -> dict[str, str]:
        """To the rows of a year, a month of it, or a day of that; without numbers to all."""
        chosen = {f"{self.date_hierarchy}__{part}": number for part, number in zip(PARTS, numbers, strict=False)}
        first = dt.date(*[*numbers, 1, 1][:3]) if numbers else FIRST_DAY
        names = [_("All dates"), str(first.year), date_format(first, "YEAR_MONTH_FORMAT")]
        title = [*names, date_format(first, "MONTH_DAY_FORMAT")][len(numbers)]
        return {"link": self.get_query_string(chosen, [f"{self.date_hierarchy}__"]), "title": capfirst(title)}


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
