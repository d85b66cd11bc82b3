"""A query of Django compiled once and run often: what it asks stays, the moment and the rows' ids are put in each time.

Compiling a large union costs twenty times what the database needs to answer it. The query is built with stand-ins for
the moment, the ids, a public id and a text; what was worked out from the moment (a day before, its date) moves with it.
All other values are written into the statement when it is compiled.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from psycopg import sql as psycopg_sql

Row = TypeVar("Row", bound=Model)

MOMENT = dt.datetime(1901, 2, 3, 4, 5, 6, 789012, tzinfo=dt.UTC)
"""Stands in for the moment. A constant of a query within `REACH` of it would be taken for one worked out from it."""
REACH = dt.timedelta(days=3650)
FIRST_ID = -1_000_000_000
"""Stands in for the first id; the second is one less."""
MOST_IDS = 1_000
PUBLIC_ID = uuid.UUID("01901020-3040-4506-8789-012000000000")
"""Stands in for the one public id of a query."""
TEXT = "stands in for the one text of a query"
PLACES = re.compile("%%|%s")


def ids_to_be(count: int) -> list[int]:
    """As many stand-ins for ids."""
    return [FIRST_ID - number for number in range(count)]


@dataclass(frozen=True)
class CompiledQuery:
    """The statement, and the stand-ins that are its parameters."""

    sql: str
    parameters: tuple[Any, ...]

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> "CompiledQuery":
        """`rows` was built with the stand-ins, and ends in `values_list`."""
        return cls._with_constants(*rows.query.sql_with_params())

    @classmethod
    def _with_constants(cls, sql: str, parameters: Sequence[Any]) -> "CompiledQuery":
        values, moving = iter(parameters), []

        def place(match: re.Match[str]) -> str:
            if match[0] == "%%":
                return "%%"
            value = next(values)
            if _moves(value):
                moving.append(value)
                return "%s"
            return psycopg_sql.Literal(value).as_string(connection.connection).replace("%", "%%")

        connection.ensure_connection()
        return cls(PLACES.sub(place, sql), tuple(moving))

    def rows(
        self, *, now: dt.datetime, ids: Sequence[int] = (), public_id: uuid.UUID | None = None, text: str = ""
    ) -> list[tuple[Any, ...]]:
        """All rows for these values (as many ids as there were stand-ins) at this moment (aware)."""
        moment = now.astimezone(dt.UTC)
        others = {PUBLIC_ID: public_id, TEXT: text}
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [_bound(value, ids, moment, others) for value in self.parameters])
            return cursor.fetchall()


class CompiledRows(Generic[Row]):
    """The same for a query of whole rows: each becomes a model with what `select_related` and `annotate` added."""

    def __init__(self, rows: "QuerySet[Row]") -> None:
        self._compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self.query = CompiledQuery._with_constants(*self._compiler.as_sql())
        shape, select = self._compiler.klass_info, self._compiler.select
        self._model = shape["model"]
        self._first, self._end = shape["select_fields"][0], shape["select_fields"][-1] + 1
        self._names = [column.target.attname for column, *_rest in select[self._first : self._end]]
        self._related = get_related_populators(shape, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        self._converters = self._compiler.get_converters([column for column, *_rest in select])

    def rows(self, **values: Any) -> list[Row]:
        """All rows, as `CompiledQuery.rows` takes the values."""
        return list(self._rows(self.query.rows(**values)))

    def first(self, **values: Any) -> Row | None:
        """The first row; None where there is none."""
        return next(self._rows(self.query.rows(**values)), None)

    def _rows(self, rows: Any) -> Iterator[Row]:
        for row in self._compiler.apply_converters(rows, self._converters) if self._converters else rows:
            model = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._first : self._end])
            for related in self._related:
                related.populate(row, model)
            for name, place in self._compiler.annotation_col_map.items():
                setattr(model, name, row[place])
            yield model


def keep_related(row: Model, name: str, related: list[Any]) -> None:
    """Keep rows that were read as those that `row.name.all()` returns, as `prefetch_related` does."""
    rows = getattr(row, name).all()
    rows._result_cache, rows._prefetch_done = related, True
    vars(row).setdefault("_prefetched_objects_cache", {})[name] = rows


def _moves(value: Any) -> bool:
    if isinstance(value, dt.datetime):
        return abs(value - MOMENT) < REACH
    if isinstance(value, dt.date):
        return abs(value - MOMENT.date()) < REACH
    if isinstance(value, int):
        return FIRST_ID - MOST_IDS < value <= FIRST_ID
    return isinstance(value, uuid.UUID | str) and value in (PUBLIC_ID, TEXT)


def _bound(value: Any, ids: Sequence[int], now: dt.datetime, others: dict[Any, Any]) -> Any:
    if isinstance(value, dt.datetime):
        return now + (value - MOMENT)
    if isinstance(value, dt.date):
        return now.date() + (value - MOMENT.date())
    return ids[FIRST_ID - value] if isinstance(value, int) else others[value]
