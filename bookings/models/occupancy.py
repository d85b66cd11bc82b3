"""Time that is taken: the database refuses a second taker."""

import datetime as dt
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from clinic.people.merge_triggers import of_no_merged_record

LONGEST = dt.timedelta(days=1)


class OnMarks(Func):
    """Whether a range is `[)`, bounded, and has both ends on five-minute marks of the UTC clock."""

    template = (
        "(lower_inc(%(expressions)s) AND NOT upper_inc(%(expressions)s)"
        " AND (extract(epoch FROM lower(%(expressions)s))::numeric %%%% 300) = 0"
        " AND (extract(epoch FROM upper(%(expressions)s))::numeric %%%% 300) = 0)"
    )
    output_field = models.BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        sql, params = super().as_sql(compiler, connection, **extra)
        return sql, tuple(params) * 4


class Begins(Func):
    """When a range begins."""

    function = "lower"
    output_field = models.DateTimeField()


class Lasts(Func):
    """How long a range is."""

    template = "(upper(%(expressions)s) - lower(%(expressions)s))"
    output_field = models.DurationField()

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        sql, params = super().as_sql(compiler, connection, **extra)
        return sql, tuple(params) * 2


class Occupancy(models.Model):
    """A resource or a patient, and the time it is taken for. `part`: room, equipment:…, crew:… or patient."""

    booking = models.ForeignKey("bookings.Booking", models.CASCADE, related_name="occupancies")
    resource = models.ForeignKey(
        "premises.Resource", models.PROTECT, related_name="occupancies", null=True, blank=True, db_index=False
    )
    patient = models.ForeignKey(
        "people.Patient", models.PROTECT, related_name="occupancies", null=True, blank=True, db_index=False
    )
    during = DateTimeRangeField(_("during"))
    part = models.CharField(_("assigned as"), max_length=60)
    hands_on = models.PositiveSmallIntegerField(_("treatment minutes"), default=0)

    class Meta:
        verbose_name = _("occupancy")
        verbose_name_plural = _("occupancies")
        # Searches read a resource's stretches by their beginning; the longest lasts a day, so history costs nothing.
        indexes = [
            models.Index("resource", Begins("during"), name="occupancy_of_resource"),
            models.Index("patient", Begins("during"), name="occupancy_of_patient"),
        ]
        constraints = [
            ExclusionConstraint(
                name="resource_one_place_at_a_time",
                expressions=[("resource", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message=_("This time has just been booked by someone else."),
            ),
            ExclusionConstraint(
                name="patient_one_place_at_a_time",
                expressions=[("patient", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message=_("The patient has another appointment at this time."),
            ),
            models.CheckConstraint(
                condition=Q(resource=None, patient__isnull=False) | Q(resource__isnull=False, patient=None),
                name="occupancy_of_one",
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False) & Q(during__lower_inf=False) & Q(during__upper_inf=False),
                name="occupancy_bounded",
            ),
            models.CheckConstraint(condition=Q(OnMarks(F("during"))), name="occupancy_on_marks"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Lasts(F("during")), LONGEST), name="occupancy_at_most_a_day"
            ),
        ]
        triggers = [of_no_merged_record("occupancy")]

    def __str__(self) -> str:
        return self.part
