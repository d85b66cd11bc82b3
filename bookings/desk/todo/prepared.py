"""The one query of the list, which Django builds once in a process: it is long, and every page of the desk counts it.

While it is built, stand-ins take the places of the clinics and of the moment; each asking puts its own there.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from .owners import TaskKind

MOMENT = dt.datetime(4000, 7, 1, tzinfo=dt.UTC)
"""What the query makes of the moment (a day later, its date) is known by the year, as far from it as the real one."""

Build = Callable[[frozenset[TaskKind], list[int], dt.datetime], QuerySet[Any]]


def task_rows(
    build: Build, kinds: frozenset[TaskKind], clinics: Sequence[int], now: dt.datetime
) -> list[tuple[Any, ...]]:
    """The rows of what `build` makes for these kinds, these clinics (at least one of each) and this moment."""
    sql, values = _statement(build, kinds, len(clinics))
    with connection.cursor() as cursor:
        cursor.execute(sql, [_real(value, clinics, now.astimezone(dt.UTC)) for value in values])
        return cursor.fetchall()


@cache
def _statement(build: Build, kinds: frozenset[TaskKind], count: int) -> tuple[str, tuple[Any, ...]]:
    """SQL and values; the clinics are -1, -2 and so on."""
    query = build(kinds, [-number for number in range(1, count + 1)], MOMENT).query
    return query.get_compiler(connection=connection).as_sql()


def _real(value: Any, clinics: Sequence[int], now: dt.datetime) -> Any:
    match value:
        case dt.datetime(year=MOMENT.year):
            return now + (value - MOMENT)
        case dt.date(year=MOMENT.year):
            return now.date() + (value - MOMENT.date())
        case int() if value < 0:
            return clinics[-value - 1]
        case _:
            return value
