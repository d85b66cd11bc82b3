"""A visit with its bookings and who serves, for one page: three statements, each compiled once.

Django says the same by `with_people` and prefetch; on the pages of a booking that took longer than all they show.
"""

import uuid
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef

from bookings.models import Booking, Occupancy, Visit
from clinic.compiled_query import MOMENT, PUBLIC_ID, TEXT, CompiledRows, ids_to_be, keep_related
from clinic.people.models import Access, User
from clinic.people.models.access import Width


def visit_held_by(holder: str, public_id: uuid.UUID) -> Visit | None:
    """A held time of this browser session, which has no patient yet."""
    return _with_bookings(_held().first(text=holder, public_id=public_id, now=MOMENT))


def visit_to_book(holder: str, public_id: uuid.UUID) -> Visit | None:
    """The same with its clinic, and whether it is `of_sessions` that somebody ordered."""
    return _to_book().first(text=holder, public_id=public_id, now=MOMENT)


def visit_seen_by(user: int, public_id: uuid.UUID, now: Any) -> Visit | None:
    """A visit of somebody whom this account acts for; `seen_in_full` says in which width."""
    return _with_bookings(_seen().first(ids=[user], public_id=public_id, now=now))


def _with_bookings(visit: Visit | None) -> Visit | None:
    if visit is None:
        return None
    bookings = _bookings().rows(ids=[visit.pk], now=MOMENT)
    served: dict[int, list[Occupancy]] = {booking.pk: [] for booking in bookings}
    for row in _served().rows(ids=[visit.pk], now=MOMENT):
        served[row.booking_id].append(row)
    for booking in bookings:
        booking.visit = visit
        keep_related(booking, "occupancies", served[booking.pk])
    keep_related(visit, "bookings", bookings)
    return visit


@cache
def _held() -> CompiledRows[Visit]:
    rows = Visit.objects.filter(holder=TEXT, patient=None, public_id=PUBLIC_ID)
    return CompiledRows(rows.with_people().order_by())


@cache
def _to_book() -> CompiledRows[Visit]:
    rows = Visit.objects.filter(holder=TEXT, patient=None, public_id=PUBLIC_ID).order_by().select_related("clinic")
    ordered = Booking.objects.filter(visit=OuterRef("pk"), item__isnull=False)
    return CompiledRows(rows.annotate(of_sessions=Exists(ordered)))


@cache
def _seen() -> CompiledRows[Visit]:
    (user,) = ids_to_be(1)
    accesses = Access.objects.in_force(MOMENT.date()).filter(user=user, width=Width.FULL, patient=OuterRef("patient"))
    rows = Visit.objects.of(User(pk=user), MOMENT.date()).confirmed().filter(public_id=PUBLIC_ID)
    return CompiledRows(rows.with_people().annotate(seen_in_full=Exists(accesses)))


@cache
def _bookings() -> CompiledRows[Booking]:
    return CompiledRows(Booking.objects.filter(visit__in=ids_to_be(1)))


@cache
def _served() -> CompiledRows[Occupancy]:
    rows = Occupancy.objects.filter(booking__visit__in=ids_to_be(1))
    return CompiledRows(rows.select_related("resource__practitioner"))
