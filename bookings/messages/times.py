"""Times of sending: arithmetic on the clinic's local time. No clock, no database."""

import datetime as dt
from zoneinfo import ZoneInfo

from clinic.wall import edge

DAY = 24 * 60
QUIET_FROM = 21 * 60
QUIET_TO = 7 * 60
EVENING = 18 * 60
MORNING = 10 * 60
STILL_HELPS = dt.timedelta(hours=1)


def before(start: dt.datetime, minutes: int, zone: ZoneInfo) -> dt.datetime:
    """The instant `minutes` before `start`: whole days are counted on the calendar, the rest in real time.

    24 h before 10:30 is 10:30 the day before, also when the clock changes in between; 2 h before is two real hours.
    """
    days, rest = divmod(minutes, DAY)
    local = start.astimezone(zone)
    same_wall_time = edge(local.date() - dt.timedelta(days=days), local.hour * 60 + local.minute, zone, fold=local.fold)
    return (same_wall_time if days else start) - dt.timedelta(minutes=rest)


def on_day(day: dt.date, minute: int, zone: ZoneInfo) -> dt.datetime:
    """The instant of a local time; a time that the clock skips becomes the moment of the change."""
    return edge(day, minute, zone)


def is_quiet(at: dt.datetime, zone: ZoneInfo) -> bool:
    """Whether `at` is in the quiet hours, 21:00 to 07:00 local time."""
    local = at.astimezone(zone)
    minute = local.hour * 60 + local.minute
    return minute >= QUIET_FROM or minute < QUIET_TO


def outside_quiet(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The same moment, or the end of the quiet hours it falls into."""
    if not is_quiet(at, zone):
        return at
    return _quiet_ends(at, zone)


def outside_quiet_before(at: dt.datetime, arrives: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Like `outside_quiet`, but the last minute before the quiet hours if their end is too close to the arrival."""
    if not is_quiet(at, zone):
        return at
    morning = _quiet_ends(at, zone)
    return morning if morning <= arrives - STILL_HELPS else _quiet_begins(at, zone)


def _quiet_ends(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    local = at.astimezone(zone)
    late = local.hour * 60 + local.minute >= QUIET_FROM
    return edge(local.date() + dt.timedelta(days=1 if late else 0), QUIET_TO, zone)


def _quiet_begins(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The last minute before the quiet hours that `at` falls into."""
    local = at.astimezone(zone)
    late = local.hour * 60 + local.minute >= QUIET_FROM
    return edge(local.date() - dt.timedelta(days=0 if late else 1), QUIET_FROM - 1, zone)
