"""Conditional writes: a row changes only where it still stands as it was read. A miss is an error that somebody sees.

Actions read after their locks; this is what holds where a lock was forgotten, or cannot be had.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, F, Field, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from bookings.errors import StaleVersion
from bookings.models import Booking


def set_status(bookings: Sequence[Booking], status: str, *fields: str) -> None:
    """Give the bookings this status, save these fields of theirs, and raise their versions: one statement.

    Each is written only where status and version are those that were read; raises StaleVersion where one was changed
    since.
    """
    _write(bookings, fields, {"status": status})
    for booking in bookings:
        booking.status = status


def save_fields(bookings: Sequence[Booking], *fields: str) -> None:
    """Save these fields and raise the versions; the status stays what it is. Conditional as `set_status`."""
    _write(bookings, fields, {})


def update_once(rows: "QuerySet[Any]", **values: object) -> None:
    """Write one row, chosen by its key and by all that must still be so. Raises StaleVersion where it no longer is."""
    if rows.update(**values) != 1:
        raise StaleVersion


def _write(bookings: Sequence[Booking], fields: Sequence[str], values: dict[str, object]) -> None:
    if not bookings:
        return
    as_read = Q()
    for booking in bookings:
        as_read |= Q(pk=booking.pk, status=booking.status, version=booking.version)
    values |= {name: _value(bookings, name) for name in fields}
    if Booking.objects.filter(as_read).update(version=F("version") + 1, **values) != len(bookings):
        raise StaleVersion
    for booking in bookings:
        booking.version += 1


def _value(rows: Sequence[Booking], name: str) -> object:
    """One value where the rows agree, else each its own."""
    field: Field[Any, Any] = Booking._meta.get_field(name)  # type: ignore[assignment]
    values = [getattr(row, field.attname) for row in rows]
    if all(value == values[0] for value in values):
        return values[0]
    cases = [When(pk=row.pk, then=Value(value, output_field=field)) for row, value in zip(rows, values, strict=True)]
    return Cast(Case(*cases), output_field=field)
