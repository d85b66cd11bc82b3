"""The time of a visit follows what happens: it begins later or earlier than planned, or is made shorter or longer.

What others take stays theirs: the rows are written anew under the locks, and the database refuses what overlaps.
"""

import datetime as dt
from collections.abc import Sequence

from bookings.actions import history
from bookings.actions.conditional_writes import save_fields
from bookings.actions.occupancy import put_back
from bookings.actions.occupancy_rows import kept_rows
from bookings.actions.restored_time import held_by_others
from bookings.actions.transaction import action
from bookings.actions.visits import check_version, lock_and_read
from bookings.errors import PolicyRefused, refuse_if
from bookings.models import STILL_TO_COME, Booking, Occupancy, Visit
from bookings.rules.lengths import why_not_end_at, why_runs_into
from bookings.slots.longer import why_not_there
from bookings.slots.stretches import rows_added, rows_later, rows_with_end
from clinic.people.models import User


@action
def change_end(*, booking: Booking, ends_at: dt.datetime, by: User, now: dt.datetime, version: int) -> Visit:
    """The treatment ends earlier or later, planned or while it goes on. Nobody is told: the patient is here, or asked.

    `version` is that of this booking as the page showed it. Raises PolicyRefused with whom it would run into, and
    StaleVersion.
    """
    bookings = lock_and_read(booking.visit)
    mine = next(row for row in bookings if row.pk == booking.pk)
    check_version([mine], version)
    refuse_if(why_not_end_at(mine, ends_at, now=now))
    before, was = _rows([mine]), mine.ends_at
    rows = rows_with_end(before, was, ends_at)
    refuse_if(why_not_there(mine, rows_added(rows, before)))
    if hits := held_by_others(rows, now=now, besides=[mine]):
        raise PolicyRefused(why_runs_into(hits))
    detail = {"from": was.isoformat(), "to": ends_at.isoformat(), "was_taken": kept_rows([mine])}
    put_back(rows, now=now, release=[mine])
    mine.ends_at = ends_at
    save_fields([mine], "ends_at")
    save_fields([row for row in bookings if row.pk != mine.pk])  # the version of the whole visit rises
    history.write(mine.visit, "change_end", by=by, now=now, was=mine.status, became=mine.status, booking=mine, **detail)
    return mine.visit


def follow_start(row: Booking, bookings: Sequence[Booking], by: dt.timedelta, *, now: dt.datetime) -> int:
    """Put what is left of the visit so much later (or earlier), where free; under its locks, before it is saved.

    `row` begins now, or is taken back; what follows it in the visit comes along. Where somebody else takes any of these
    minutes, all stays as planned. When it was planned is kept. Returns by how many minutes it lies elsewhere.
    """
    going = [row, *(each for each in bookings if each.position > row.position and each.status in STILL_TO_COME)]
    rows = rows_later(_rows(going), by)
    if not by or _crosses_midnight(going, by) or held_by_others(rows, now=now, besides=going):
        return 0
    put_back(rows, now=now, release=going)
    for each in going:
        each.plan = {"starts_at": each.starts_at.isoformat()} | each.plan
        each.starts_at, each.ends_at = each.starts_at + by, each.ends_at + by
    save_fields(going[1:], "starts_at", "ends_at", "plan")
    return int(by.total_seconds() // 60)


def _crosses_midnight(bookings: Sequence[Booking], by: dt.timedelta) -> bool:
    zone = bookings[0].visit.zone
    moments = [moment for each in bookings for moment in (each.starts_at, each.starts_at + by, each.ends_at + by)]
    return len({moment.astimezone(zone).date() for moment in moments}) > 1


def _rows(bookings: Sequence[Booking]) -> list[Occupancy]:
    rows = Occupancy.objects.filter(booking__in=[booking.pk for booking in bookings])
    return list(rows.select_related("resource", "booking").order_by("pk"))
