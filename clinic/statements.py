"""Statements written by hand: run in one place, read by name, and listed, so that a test can prepare each of them.

Which there are, and what each gains over a query of Django, is written in decision 0022. Parameters are always bound.
"""

from collections.abc import Callable
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from django.db import connection

Row = TypeVar("Row")


class Statement(Generic[Row]):
    """One statement; `row` makes a row of its columns, which it takes by their names.

    It begins with SELECT where it only reads: pghistory puts its context before everything else.
    """

    every: ClassVar[list["Statement[Any]"]] = []

    def __init__(self, text: str, row: Callable[..., Row]) -> None:
        self.text, self.row = text.strip(), row
        self.every.append(self)

    def rows(self, **values: Any) -> list[Row]:
        """All rows, in order."""
        with connection.cursor() as cursor:
            cursor.execute(self.text, values)
            names = [column.name for column in cursor.description or ()]
            return [self.row(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]

    def one(self, **values: Any) -> Row:
        """The row of a statement that always returns exactly one."""
        (row,) = self.rows(**values)
        return row

    def run(self, **values: Any) -> int:
        """How many rows it wrote."""
        with connection.cursor() as cursor:
            cursor.execute(self.text, values)
            return cursor.rowcount


class Nothing(NamedTuple):
    """The row of a statement that returns none."""


class Id(NamedTuple):
    """The row of a statement that names rows."""

    id: int
