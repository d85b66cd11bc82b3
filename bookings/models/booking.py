"""One therapy of a visit: planned times, and apart from the plan what really happened."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from clinic.wall import wall_date


class Status(models.TextChoices):
    HELD = "held", _("Held")
    REQUESTED = "requested", _("Requested")
    BOOKED = "booked", _("Booked")
    CHECKED_IN = "checked_in", _("Checked in")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    NO_SHOW = "no_show", _("No-show")
    STOPPED = "stopped", _("Stopped")
    EXPIRED = "expired", _("Expired")
    BLOCKED = "blocked", _("Not given for safety reasons")


class CancelledBy(models.TextChoices):
    """Who ended it."""

    PATIENT = "patient", _("By the patient")
    CLINIC = "clinic", _("By the clinic")


class ScreeningState(models.TextChoices):
    NOT_NEEDED = "not_needed", _("Not needed")
    DUE = "due", _("Due")
    CLEAR = "clear", _("Clear")
    WAITING = "waiting", _("Waiting for the Vaidya")


# One table says which moves are allowed.
MOVES: dict[str, frozenset[str]] = {
    Status.HELD: frozenset({Status.BOOKED, Status.REQUESTED, Status.EXPIRED}),
    Status.REQUESTED: frozenset({Status.BOOKED, Status.CANCELLED, Status.EXPIRED}),
    Status.BOOKED: frozenset({Status.CHECKED_IN, Status.CANCELLED, Status.NO_SHOW, Status.BLOCKED, Status.COMPLETED}),
    Status.CHECKED_IN: frozenset(
        {Status.IN_PROGRESS, Status.CANCELLED, Status.BLOCKED, Status.BOOKED, Status.COMPLETED, Status.NO_SHOW}
    ),
    Status.IN_PROGRESS: frozenset({Status.COMPLETED, Status.STOPPED, Status.CHECKED_IN}),
    Status.COMPLETED: frozenset({Status.IN_PROGRESS, Status.CHECKED_IN, Status.BOOKED}),
    Status.CANCELLED: frozenset({Status.BOOKED, Status.CHECKED_IN}),
    Status.NO_SHOW: frozenset({Status.BOOKED, Status.CHECKED_IN}),
    Status.STOPPED: frozenset({Status.IN_PROGRESS}),
    Status.EXPIRED: frozenset(),
    Status.BLOCKED: frozenset(),
}
HOLDS_TIME: frozenset[str] = frozenset(set(Status) - {Status.CANCELLED, Status.NO_SHOW, Status.EXPIRED, Status.BLOCKED})
"""A booking has its occupancies in these statuses, and in no other."""
SESSIONS = HOLDS_TIME - {Status.HELD}
"""What an order counts: asked for, booked or given. A time that is only held is no session yet."""
GOING_ON = [Status.REQUESTED, Status.BOOKED, Status.CHECKED_IN, Status.IN_PROGRESS]
"""Still to come, or going on."""
STILL_TO_COME: frozenset[str] = frozenset({Status.REQUESTED, Status.BOOKED, Status.CHECKED_IN})
"""Asked for, booked or here: it has not begun, and somebody may still decide on it."""

# Who holds time, for statements about a booking `b`; queries say it as `holding_time`, rows as `holds_time`, and a test
# compares the three. A booking has its occupancies exactly where its status holds time. One exception: a hold that has
# lapsed holds no time, whether or not it was ended. A request keeps its time until `lapse` ends it.
LAPSED_HOLD = "b.status = 'held' AND b.expires_at <= %(now)s"
LASTING_HOLD = "b.status = 'held' AND b.expires_at > %(now)s"
IS_SESSION = "b.status IN ({})".format(", ".join(f"'{status}'" for status in sorted(SESSIONS)))
COUNTS = "(b.status <> 'stopped' OR b.stop_counts)"
"""Whether a session of an order uses one up: one that a sign ended does not, unless a Vaidya says so."""
HOLDS_TIME_NOW = f"({IS_SESSION} OR {LASTING_HOLD})"


LONGEST_DATE = dt.timedelta(hours=26)
"""No date of a clinic lasts longer, also where its clocks go back."""


def day_not_over(now: dt.datetime, of: str = "") -> Q:
    """Bookings whose date at the clinic has not ended: only the plan may be past. As `is_day_over` says it of a row.

    `of` is the path to the booking, such as "booking__".
    """
    zone, near = f"{of}visit__timezone", Q(**{f"{of}ends_at__gt": now - LONGEST_DATE})
    return near & Q(GreaterThanOrEqual(wall_date(zone, F(f"{of}ends_at")), wall_date(zone, Value(now))))


class BookingQuerySet(models.QuerySet["Booking"]):
    def lapsed_holds(self, now: dt.datetime) -> "BookingQuerySet":
        """Holds whose limit has passed: they hold no time, whether or not they were swept."""
        return self.filter(status=Status.HELD, expires_at__lte=now)

    def holding_time(self, now: dt.datetime) -> "BookingQuerySet":
        """Bookings that hold their time at that moment."""
        return self.filter(Q(status__in=SESSIONS) | Q(status=Status.HELD, expires_at__gt=now))

    def requests_past_limit(self, now: dt.datetime) -> "BookingQuerySet":
        """Requests that nobody answered in time. They hold their time until `lapse` ends them."""
        return self.filter(status=Status.REQUESTED, expires_at__lte=now)

    def going_on(self, now: dt.datetime) -> "BookingQuerySet":
        """Still to come or going on: also where only the planned time has passed."""
        return self.filter(day_not_over(now), status__in=GOING_ON)

    def of_orders(self) -> "BookingQuerySet":
        """What an order counts: one that a sign ended is not used up, unless a Vaidya says so."""
        return self.filter(status__in=SESSIONS).exclude(status=Status.STOPPED, stop_counts=False)


class Booking(models.Model):
    """`starts_at` to `ends_at` is the patient's treatment; set-up and cleaning are in the occupancies only."""

    visit = models.ForeignKey("bookings.Visit", models.PROTECT, related_name="bookings")
    variant = models.ForeignKey("therapies.Variant", models.PROTECT, related_name="bookings")
    position = models.PositiveSmallIntegerField(_("order in the visit"), default=0)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    status = models.CharField(_("status"), max_length=15, choices=Status)
    ended_by = models.CharField(_("ended by"), max_length=10, choices=CancelledBy, blank=True)
    reason = models.CharField(_("reason code"), max_length=40, blank=True)
    screening = models.CharField(
        _("screening"), max_length=15, choices=ScreeningState, default=ScreeningState.NOT_NEEDED
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    wanted_practitioner = models.ForeignKey(
        "therapies.Practitioner", models.PROTECT, related_name="wanted_in", null=True, blank=True
    )
    item = models.ForeignKey(
        "bookings.PrescriptionItem",
        models.PROTECT,
        related_name="bookings",
        null=True,
        blank=True,
        verbose_name=_("as prescribed"),
    )
    day_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("checked on the day by"),
    )
    day_checked_at = models.DateTimeField(_("checked on the day"), null=True, blank=True)
    therapist_gender = models.CharField(_("gender of the therapists"), max_length=10, blank=True)
    expires_at = models.DateTimeField(_("held until"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    plan = models.JSONField(_("as it was booked"), default=dict, db_default={}, blank=True, editable=False)
    closed_at = models.DateTimeField(_("recorded as cancelled, missed or past"), null=True, blank=True)
    note_due = models.BooleanField(_("completed without a note"), default=False, db_default=False)
    stop_counts = models.BooleanField(_("stopped, and yet counted as taken"), default=False)
    paper = models.BooleanField(_("recorded from paper"), default=False)
    gaps = ArrayField(
        models.SlugField(max_length=20), verbose_name=_("what it lacked on paper"), default=list, blank=True
    )
    gaps_seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("gaps reviewed by"),
    )
    gaps_seen_at = models.DateTimeField(_("gaps reviewed"), null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["visit", "position"]
        indexes = [
            models.Index(fields=["starts_at"]),
            models.Index(fields=["starts_at"], condition=Q(screening="waiting"), name="booking_waiting"),
            models.Index(fields=["visit"], condition=~Q(gaps=[]) & Q(gaps_seen_at=None), name="booking_gaps"),
            models.Index(fields=["visit"], condition=Q(note_due=True), name="booking_note_due"),
            models.Index(
                fields=["starts_at"],
                condition=Q(status__in=["booked", "checked_in", "in_progress"]),
                name="booking_left_open",
            ),
            models.Index(fields=["expires_at"], condition=Q(status__in=["held", "requested"]), name="booking_limits"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["visit", "position"], name="booking_position_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_ends_after_start"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="booking_status_known"),
            models.CheckConstraint(
                condition=~Q(status__in=["held", "requested"]) | Q(expires_at__isnull=False),
                name="booking_limit_while_held",
            ),
            models.CheckConstraint(
                condition=Q(day_checked_by=None, day_checked_at=None)
                | Q(day_checked_by__isnull=False, day_checked_at__isnull=False),
                name="booking_day_checked_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(gaps_seen_by=None, gaps_seen_at=None)
                | Q(gaps_seen_by__isnull=False, gaps_seen_at__isnull=False),
                name="booking_gaps_seen_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(ended_by=""), name="booking_cancelled_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def may_become(self, status: str) -> bool:
        """Whether the table of moves allows it."""
        return status in MOVES[self.status]

    def holds_time(self, now: dt.datetime) -> bool:
        """Whether its time is taken at that moment."""
        return self.status in HOLDS_TIME and not self.is_lapsed_hold(now)

    def is_lapsed_hold(self, now: dt.datetime) -> bool:
        """A hold whose limit has passed, whether or not it was swept."""
        return self.status == Status.HELD and self.is_past_limit(now)

    def is_past_limit(self, now: dt.datetime) -> bool:
        """Whether it has a limit, and that has passed."""
        return self.expires_at is not None and self.expires_at <= now

    def is_day_over(self, now: dt.datetime) -> bool:
        """Whether its date at the clinic has ended. Until then it may still be given, however late; reads the visit."""
        zone = self.visit.zone
        return self.ends_at.astimezone(zone).date() < now.astimezone(zone).date()

    def is_still_to_come(self, now: dt.datetime) -> bool:
        """Asked for, booked or here, and its day is not over: also where only the planned time has passed."""
        return self.status in STILL_TO_COME and not self.is_day_over(now)

    @property
    def acted_at(self) -> dt.datetime | None:
        """When somebody said what it is now; None where there is nothing to take back."""
        if self.paper:
            return self.visit.made_at if self.status == Status.COMPLETED else None
        if self.status == Status.CANCELLED:
            return self.closed_at
        moments = {
            Status.CHECKED_IN: self.arrived_at,
            Status.IN_PROGRESS: self.started_at,
            Status.COMPLETED: self.closed_at or self.ended_at,
            Status.NO_SHOW: self.closed_at,
        }
        return (moments[Status(self.status)] or self.starts_at) if self.status in moments else None

    @property
    def waits_for_vaidya(self) -> bool:
        """Whether a Vaidya has to decide on the patient's answers first."""
        return self.screening == ScreeningState.WAITING

    @property
    def free_change_until(self) -> dt.datetime:
        """Until when a change costs nothing and needs no call: the therapy's notice, else the clinic's. Reads both."""
        hours = self.variant.therapy.change_notice_hours
        notice = self.visit.clinic.change_notice_hours if hours is None else hours
        return self.starts_at - dt.timedelta(hours=notice)

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def practitioners(self) -> list[Any]:
        """The people who serve it; reads the prefetched occupancies."""
        people = {o.resource_id: o.resource for o in self.occupancies.all() if o.part.startswith("crew:")}
        return [resource.practitioner for resource in people.values() if resource is not None]
