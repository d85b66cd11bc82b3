"""When a clinic is open: wall minutes after local midnight, 1440 being the end of the day."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from clinic.fields import DayField
from clinic.history import recorded
from clinic.wall import MinuteField, on_marks

from .edition import new_edition


class Use(models.TextChoices):
    """Who may come in those hours: a seven-day course must not break on a Sunday."""

    EVERYONE = "everyone", _("Everyone")
    RUNNING_COURSES = "running_courses", _("Running courses only")


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class MinuteRange(Func):
    """[from, to) as a range of minutes."""

    function = "int4range"
    output_field = IntegerRangeField()


@recorded()
class OpeningHours(models.Model):
    """One stretch of one weekday, the same every week."""

    clinic = models.ForeignKey("premises.Clinic", models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    from_minute = MinuteField(_("from"))
    to_minute = MinuteField(_("to"))
    use = models.CharField(_("open for"), max_length=20, choices=Use, default=Use.EVERYONE)

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        triggers = new_edition("opening_hours")
        ordering = ["weekday", "from_minute"]
        constraints = [
            models.CheckConstraint(
                condition=on_marks("from_minute", "to_minute") & Q(to_minute__gt=F("from_minute")),
                name="opening_hours_in_day",
                violation_error_message=_(
                    "Times must be multiples of five minutes, and the end must be after the start."
                ),
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_hours_weekday"),
            ExclusionConstraint(
                name="opening_hours_apart",
                expressions=[
                    ("clinic", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (MinuteRange("from_minute", "to_minute"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("These hours overlap with others on the same day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.from_minute // 60:02}:{self.from_minute % 60:02}"


@recorded()
class Closure(models.Model):
    """A date on which the weekly hours do not hold: closed, or open for running courses from–to."""

    clinic = models.ForeignKey("premises.Clinic", models.CASCADE, related_name="closures")
    on = DayField(_("date"))
    use = models.CharField(
        _("closed for"),
        max_length=20,
        choices=[("everyone", _("Everyone")), ("running_courses", _("All except running courses"))],
        default="everyone",
    )
    from_minute = MinuteField(_("running courses: from"), default=8 * 60)
    to_minute = MinuteField(_("running courses: until"), default=11 * 60)
    reason = models.CharField(_("reason, shown to patients"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        triggers = new_edition("closure")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "on"], name="closure_once_a_day"),
            models.CheckConstraint(
                condition=on_marks("from_minute", "to_minute") & Q(to_minute__gt=F("from_minute")),
                name="closure_in_day",
                violation_error_message=_(
                    "Times must be multiples of five minutes, and the end must be after the start."
                ),
            ),
            models.CheckConstraint(condition=Q(use__in=["everyone", "running_courses"]), name="closure_use_known"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.reason}".strip()
