"""What the page of the day shows: the list, the board of one kind of lanes, and who waits; or what changed of it."""

import datetime as dt
import hashlib
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from bookings.desk.addresses import asked_date, say_not_understood
from bookings.desk.frame import roles_of
from bookings.desk.request import StaffRequest
from clinic.clock import twelve_hours
from clinic.fields import date_in_address

from .board import PARTS, board_of
from .day_list import DayReader, filter_choice, only_with, read_day
from .lanes import EQUIPMENT, PEOPLE, ROOMS
from .late import with_told
from .marks import DayMarks, read_marks
from .markup import DayMarkup
from .queue import LATE_CHOICES, Queue, queues_of

LEGEND = (
    ("booked", _("Booked")),
    ("checked_in", _("Checked in")),
    ("in_progress", _("In progress")),
    ("completed", _("Completed")),
    ("late", _("Late or no-show")),
    ("requested", _("Requested")),
    ("stopped", _("Stopped")),
)
"""The colours of the board in words."""
EVERYBODY = "all"
LANES_BY = ((PEOPLE, _("People")), (ROOMS, _("Rooms")), (EQUIPMENT, _("Equipment")))


class AskedDay:
    """The date, the lanes and the person that an address asks for, and the marks of that date as they are now."""

    def __init__(self, request: StaffRequest, now: dt.datetime) -> None:
        self.request, self.now, self.clinic = request, now, request.clinic
        self.today = self.clinic.today(now)
        self.on = date_in_address(request.GET.get("date", "")) or self.today
        by = request.GET.get("by", "")
        self.by = by if by in PARTS else PEOPLE
        self.who = request.GET.get("who", "")[:20]
        self.marks: DayMarks = read_marks(self.clinic, self.on, now)

    @property
    def etag(self) -> str:
        """Names this answer: the version of the day, and for whom it was made."""
        reader = f"{self.request.user.pk} {get_language()} {self.by} {self.who} {self.today}"
        return f'"{self.marks.version}-{hashlib.sha256(reader.encode()).hexdigest()[:12]}"'

    def say_what_is_not_understood(self, page: dict[str, Any]) -> None:
        """For the page itself; what asks for changes of it has its address."""
        asked_date(self.request, "date", self.today)
        by, names = self.request.GET.get("by", ""), dict(LANES_BY)
        if by and by != self.by:
            say_not_understood(self.request, by, instead=names[self.by])
        if self.who and self.who != EVERYBODY and str(page["who"]) != self.who:
            say_not_understood(self.request, self.who, instead=gettext("everyone"))

    @property
    def reader(self) -> DayReader:
        return DayReader(self.clinic, self.request.user, frozenset(roles_of(self.request)[self.clinic.pk]))

    def sessions(self) -> list[Queue]:
        """The sessions of the Vaidyas on the date, with who is in each."""
        day = read_day(self.reader, self.on, now=self.now, edition=self.marks.edition)
        return queues_of(day, self.clinic, self.now)

    def queues(self) -> dict[str, Any]:
        """The consultations of the date, a queue for each Vaidya and session."""
        markup, queues = DayMarkup(self.by, self.clinic.zone, frozenset()), with_told(self.sessions())
        rows = [(queue, [markup.queued(entry, self.now) for entry in queue.entries]) for queue in queues]
        return {
            "queues": rows,
            "seen": self.seen,
            "desk": self.reader.desk,
            "choices": LATE_CHOICES,
            "on": self.on,
            "is_today": self.on == self.today,
            "before": self.on - dt.timedelta(days=1),
            "after": self.on + dt.timedelta(days=1),
        }

    @property
    def seen(self) -> str:
        """Names what a page of queues shows: the rows, and the minute in which it was made."""
        return f"{self.marks.version}-{self.now:%H%M}"

    def page(self, only: set[int] | None = None) -> dict[str, Any]:
        """The whole day, or `only` these visits of it."""
        roles = roles_of(self.request)[self.clinic.pk]
        reader = DayReader(self.clinic, self.request.user, frozenset(roles))
        day = read_day(reader, self.on, now=self.now, edition=self.marks.edition, only=only)
        who = filter_choice(self.who, day, reader)
        shown = only_with(day, who)
        board = board_of(shown, self.by, self.clinic, now=self.now, only=who if self.by == PEOPLE else None)
        markup = DayMarkup(self.by, self.clinic.zone, reader.roles, ahead=self.on > self.today)
        return {
            "day": shown,
            "team": day.team,
            "who": who,
            "by": self.by,
            "kinds": LANES_BY,
            "board": board,
            "lanes": [(each.lane, markup.shades(each.lane), markup.blocks(each)) for each in board.lanes],
            "rows": markup.rows(shown.lines),
            "gone_rows": markup.rows(shown.gone),
            "waiting": [markup.waits(line, self.now) for line in shown.waiting],
            "etag": self.etag,
            "is_sending_stopped": self.marks.is_sending_stopped,
            "hour_cycle": "h12" if twelve_hours() else "h23",
            "desk": reader.desk,
            "today": self.today,
            "on_or_after_today": self.on >= self.today,
            "legend": LEGEND,
            "before": self.on - dt.timedelta(days=1),
            "after": self.on + dt.timedelta(days=1),
        }


def version_in(etag: str) -> str:
    """The version of the day that an answer was made of."""
    return etag.removeprefix("W/").strip('"').partition("-")[0]
