"""Who gives therapies, what they may give, and when they work."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from clinic.fields import DayField
from clinic.history import recorded
from clinic.people.models import Gender, Membership
from clinic.premises.models import Resource
from clinic.premises.models.hours import MinuteRange, Weekday
from clinic.wall import MinuteField, on_marks

TRAVEL_MINUTES = 30
"""Between the hours of one person at two clinics on one day (a clinic default, unsourced)."""


class PractitionerRole(models.TextChoices):
    VAIDYA = "vaidya", _("Vaidya")
    THERAPIST = "therapist", _("Therapist")
    ATTENDANT = "attendant", _("Attendant")
    NURSE = "nurse", _("Nurse")


class PractitionerQuerySet(models.QuerySet["Practitioner"]):
    def in_service(self, on: dt.date, clinic: Any = None) -> "PractitionerQuerySet":
        """Those who may be offered on that day (at that clinic): in use, and the account, if any, holds the role.

        The statement of `inventory` says the same for a search.
        """
        return self.filter(Q(user=None) | Exists(_held(on, clinic)), is_active=True)


def _held(on: dt.date, clinic: Any) -> models.QuerySet[Membership]:
    """The roles that the practitioner's account holds, of those in which they serve."""
    among_theirs = Func(
        F("role"),
        OuterRef("roles"),
        template="(%(expressions)s))",
        arg_joiner=" = ANY(",
        output_field=models.BooleanField(),
    )
    held = Membership.objects.holding(on=on).filter(among_theirs, user=OuterRef("user"), user__is_active=True)
    return held if clinic is None else held.filter(clinic=clinic)


class Practitioner(Resource):
    """`hands_on_limit` bounds a day's minutes with patients (300; a clinic default, unsourced).

    `home` is the clinic that entered the person. Empty: whoever's clinic is the only one they work at.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="practitioner", null=True, blank=True
    )
    home = models.ForeignKey(
        "premises.Clinic",
        models.PROTECT,
        verbose_name=_("clinic responsible for this page"),
        related_name="home_of",
        null=True,
        blank=True,
    )
    gender = models.CharField(_("gender"), max_length=10, choices=Gender)
    roles = ArrayField(models.CharField(max_length=30, choices=PractitionerRole), verbose_name=_("roles"))
    languages = ArrayField(models.CharField(max_length=5), verbose_name=_("languages"), default=list, blank=True)
    phone = PhoneNumberField(
        _("phone on duty"),
        blank=True,
        help_text=_("Shown to colleagues who must call this person at once, for example a Vaidya."),
    )
    training = models.CharField(
        _("training"),
        max_length=200,
        blank=True,
        db_default="",
        help_text=_("Shown to everybody, for example “BAMS, MD (Kayachikitsa), 14 years of practice”."),
    )
    hands_on_limit = models.PositiveSmallIntegerField(_("maximum treatment minutes per day"), default=300)

    objects = PractitionerQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("practitioner")
        verbose_name_plural = _("practitioners")


class DateRange(Func):
    """[from, until) as a range of dates; no end is endless."""

    function = "daterange"
    output_field = DateRangeField()


class QualificationQuerySet(models.QuerySet["Qualification"]):
    def in_force(self, first: dt.date, last: dt.date) -> "QualificationQuerySet":
        """Those that hold on at least one day from `first` to `last`."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=first), starts_on__lte=last)


@recorded()
class Qualification(models.Model):
    """May give this therapy. `ends_on` is the first day without it."""

    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="qualifications")
    therapy = models.ForeignKey("therapies.Therapy", models.CASCADE, related_name="qualifications")
    starts_on = DayField(_("from"))
    ends_on = DayField(_("until (first day no longer valid)"), null=True, blank=True)

    objects = QualificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="qualification_ends_after_start"
            ),
            ExclusionConstraint(
                name="qualification_apart",
                expressions=[
                    ("practitioner", RangeOperators.EQUAL),
                    ("therapy", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "This person already has this qualification in that period. Change that row instead."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} · {self.therapy}"


class WithTravel(Func):
    """The range of minutes, with the way to another clinic after it."""

    template = "int4range(%(expressions)s)"
    output_field = MinuteRange.output_field  # type: ignore[assignment]


@recorded()
class WorkingHours(models.Model):
    """A stretch of one weekday at one clinic. `valid_until` is the first day on which it no longer holds."""

    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="working_hours")
    clinic = models.ForeignKey("premises.Clinic", models.CASCADE, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    from_minute = MinuteField(_("from"))
    to_minute = MinuteField(_("to"))
    valid_from = DayField(_("valid from"))
    valid_until = DayField(_("valid until (first day no longer valid)"), null=True, blank=True)

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["weekday", "from_minute"]
        constraints = [
            models.CheckConstraint(
                condition=on_marks("from_minute", "to_minute") & Q(to_minute__gt=F("from_minute")),
                name="working_hours_in_day",
                violation_error_message=_(
                    "Times must be multiples of five minutes, and the end must be after the start."
                ),
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="working_hours_weekday"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="working_hours_validity",
                violation_error_message=_("The end must be after the start."),
            ),
            ExclusionConstraint(
                name="working_hours_apart",
                expressions=[
                    ("practitioner", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (MinuteRange("from_minute", "to_minute"), RangeOperators.OVERLAPS),
                    (DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("These hours overlap with others of the same person."),
            ),
            ExclusionConstraint(
                name="working_hours_travel",
                expressions=[
                    ("practitioner", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    ("clinic", RangeOperators.NOT_EQUAL),
                    (WithTravel("from_minute", F("to_minute") + TRAVEL_MINUTES), RangeOperators.OVERLAPS),
                    (DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Allow 30 minutes to travel between two clinics."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} · {self.get_weekday_display()}"
