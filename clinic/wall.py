"""Wall time: minutes after local midnight, and the one place where wall time becomes an instant."""

import datetime as dt
import re
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Func, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

DAY_MINUTES = 1440


class NoSuchTime(ValueError):
    """The clock skips this wall time on that day."""


class TimeHappensTwice(ValueError):
    """The clock shows this wall time twice on that day; say which by `fold`."""


def instant(day: dt.date, minute: int, zone: ZoneInfo, *, fold: int | None = None) -> dt.datetime:
    """The UTC instant of a wall time.

    `minute` counts from local midnight, 0 to 1440 (the end of the day). Raises NoSuchTime where the clock skips it and
    TimeHappensTwice where it comes twice and `fold` (0 the first, 1 the second) does not say which.
    """
    wall = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minute)
    first, second = (wall.replace(tzinfo=zone, fold=which).astimezone(dt.UTC) for which in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None) != wall:
        raise NoSuchTime(f"{wall:%Y-%m-%d %H:%M} does not exist in {zone.key}")
    if first != second and fold is None:
        raise TimeHappensTwice(f"{wall:%Y-%m-%d %H:%M} comes twice in {zone.key}")
    return second if fold == 1 else first


def edge(day: dt.date, minute: int, zone: ZoneInfo, *, fold: int = 0) -> dt.datetime:
    """The UTC instant at which a stretch of work that begins or ends at this wall time does so.

    Unlike `instant` it never refuses: a skipped time is the moment of the change, a doubled one the `fold`-th.
    """
    wall = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minute)
    found = wall.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    return _moment_of_change(wall, zone)


def closing(day: dt.date, minute: int, zone: ZoneInfo) -> dt.datetime:
    """The UTC instant at which a stretch of work that ends at this wall time is over.

    In the middle of a doubled hour that is the second showing; where the doubled hour only begins, the first: who works
    until 01:00 goes home before the hour from 01:00 to 02:00 comes, and comes again.
    """
    last = edge(day, minute, zone, fold=1)
    before = (last - dt.timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None)
    wall = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minute)
    return last if before < wall else edge(day, minute, zone, fold=0)


def _moment_of_change(wall: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """When the clock jumps over `wall`, found by halving: the one whole second after `low`, up to `high`."""
    low, high = (wall.replace(tzinfo=zone, fold=which).astimezone(dt.UTC) for which in (1, 0))
    while high - low > dt.timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


class WallTime(Func):
    """What the wall of a zone shows at a moment, in a query. UTC where the database does not know the zone: a bad value
    of one row must not stop a query about many."""

    function = "wall_time"
    output_field = models.DateTimeField()


class LatestDate(Func):
    """The latest date that any wall on earth shows at a moment, in a query."""

    template = "(timezone(INTERVAL '14 hours', %(expressions)s))::date"
    output_field = models.DateField()


class ZoneIsKnown(Func):
    """Whether the database knows the zone of that name."""

    function = "zone_is_known"
    output_field = models.BooleanField()


def wall_date(zone: str, moment: Any) -> Cast:
    """The date on the wall, in a query. `zone` is the path to the name of the zone, `moment` an expression."""
    return Cast(WallTime(F(zone), moment), models.DateField())


@cache
def zones_of_python() -> frozenset[str]:
    """They are files: to list them takes longer than most pages."""
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    """Whether Python and the database both know the zone: each has a list of its own."""
    if name not in zones_of_python():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT zone_is_known(%s)", [name])
        row = cursor.fetchone()
    return bool(row and row[0])


def written(minute: int) -> str:
    """Minutes after midnight as a clock shows them: 750 is 12:30, 1440 is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


class WallTimeFormField(forms.CharField):
    """Reads 7:30, 07.30 or 24:00 into minutes after midnight."""

    def __init__(self, **said: Any) -> None:
        super().__init__(**{"max_length": 5} | said)

    def run_validators(self, value: Any) -> None:
        """Those of texts do not fit a minute; it is bounded already."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if text in self.empty_values or text == "":
            return None
        match = re.fullmatch(r"(\d{1,2})[:.](\d{2})", str(text).strip())
        minute = int(match[1]) * 60 + int(match[2]) if match and int(match[2]) < 60 else -1
        if not 0 <= minute <= DAY_MINUTES:
            raise ValidationError(_("Enter a time like 07:30."))
        return minute

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, int) else value


class MinuteField(models.PositiveSmallIntegerField):  # type: ignore[type-arg]
    """Minutes after local midnight, 0 to 1440, written as a time in forms."""

    def formfield(self, **kwargs: Any) -> Any:  # noqa: ARG002 - Django hands it more than it uses
        initial = self.default if self.has_default() else None
        return WallTimeFormField(label=self.verbose_name, required=not self.blank, initial=initial)


def on_marks(*fields: str) -> Q:
    """Each field is a multiple of five minutes, within one day."""
    rule = Q()
    for field in fields:
        rule &= Q(**{f"{field}__lte": DAY_MINUTES}) & Q(**{field: F(field) / 5 * 5})
    return rule
