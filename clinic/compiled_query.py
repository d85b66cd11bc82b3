"""A query of Django compiled once and run often: what it asks stays, the moment and the rows' ids are put in each time.

Compiling a large union costs twenty times what the database needs to answer it. The query is built with stand-ins for
the moment and for the ids; what was worked out from the moment (a day before, its date) moves with it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

MOMENT = dt.datetime(1901, 2, 3, 4, 5, 6, 789012, tzinfo=dt.UTC)
"""Stands in for the moment. A constant of a query within `REACH` of it would be taken for one worked out from it."""
REACH = dt.timedelta(days=3650)
FIRST_ID = -1_000_000_000
"""Stands in for the first id; the second is one less."""


def ids_to_be(count: int) -> list[int]:
    """As many stand-ins for ids."""
    return [FIRST_ID - number for number in range(count)]


@dataclass(frozen=True)
class CompiledQuery:
    """The statement, and its parameters with the stand-ins."""

    sql: str
    parameters: tuple[Any, ...]

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> "CompiledQuery":
        """`rows` was built with `MOMENT` and `ids_to_be`, and ends in `values_list`."""
        sql, parameters = rows.query.sql_with_params()
        return cls(sql, tuple(parameters))

    def rows(self, *, ids: Sequence[int], now: dt.datetime) -> list[tuple[Any, ...]]:
        """All rows for these ids (as many as there were stand-ins) at this moment (aware)."""
        moment = now.astimezone(dt.UTC)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [_bound(value, ids, moment) for value in self.parameters])
            return cursor.fetchall()


def _bound(value: Any, ids: Sequence[int], now: dt.datetime) -> Any:
    if isinstance(value, dt.datetime):
        return now + (value - MOMENT) if abs(value - MOMENT) < REACH else value
    if isinstance(value, dt.date):
        away = value - MOMENT.date()
        return now.date() + away if abs(away) < REACH else value
    if isinstance(value, int) and FIRST_ID - len(ids) < value <= FIRST_ID:
        return ids[FIRST_ID - value]
    return value
