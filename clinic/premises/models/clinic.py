"""One house of the organisation."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator, URLValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from phonenumber_field.validators import validate_international_phonenumber

from clinic.clock import ClockFace
from clinic.history import recorded
from clinic.people.email_addresses import validate_contact_email
from clinic.people.person_names import HOUSE_IN_THE_DATABASE, validate_house_name, validate_postal_address
from clinic.wall import ZoneIsKnown, is_zone

from .edition import new_edition


def validate_zone(name: str) -> None:
    """Refuses a zone that the program or the database does not know."""
    if not is_zone(name):
        raise ValidationError(_("%(name)s is not a time zone. Example: Asia/Kolkata."), params={"name": name})


validate_emergency_number = RegexValidator(r"^[0-9+][0-9 -]*\Z", _("Write digits only, such as 112."))

MOST_LEAD_MINUTES, MOST_NOTICE_HOURS = 60 * 24 * 60, 60 * 24
"""Sixty days, the longest that a clinic may ask for beforehand."""
REMINDERS_BETWEEN, MOST_REMINDERS = (30, 30 * 24 * 60), 6
"""Minutes before the visit, half an hour to thirty days; and how many letters."""


class EachWithin(Func):
    """Whether each number of a list lies between two bounds."""

    template = "(%(low)s <= ALL(%(expressions)s) AND %(high)s >= ALL(%(expressions)s))"
    output_field = models.BooleanField()

    def __init__(self, numbers: str, bounds: tuple[int, int]) -> None:
        super().__init__(numbers, low=bounds[0], high=bounds[1])

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **kwargs: Any) -> tuple[str, tuple[Any, ...]]:
        """The list stands in the template twice, and so do its values."""
        sql, params = super().as_sql(compiler, connection, *args, **kwargs)
        return sql, (*params, *params)


def default_reminders() -> list[int]:
    """None: one message the evening before says all, with how to prepare (a clinic default, unsourced)."""
    return []


def default_emergency_numbers() -> list[str]:
    return ["112", "108"]


def default_unscheduled() -> list[str]:
    return ["attendant"]


def default_watch_roles() -> list[str]:
    return ["attendant", "nurse"]


MOST_WATCHED_BY_ONE = 9


class StepFree(models.TextChoices):
    """How somebody in a wheelchair gets in and about."""

    FULL = "full", _("No steps: entrance, treatment rooms and toilet")
    HELP = "help", _("Step-free with help. Call us before you come")
    STAIRS = "stairs", _("There are stairs and no lift. Call us, and we will find a way")


MOST_ONLINE = 50
ONLINE_LIMITS = (
    "online_consultations",
    "online_consultations_a_day",
    "online_visits",
    "online_visits_at_first",
    "online_people_a_day",
    "online_people",
)
"""What patients may book by themselves. The front desk is never asked."""


def online_limit_field(name: Any, default: int, **more: Any) -> "models.PositiveSmallIntegerField[int, int]":
    bounds = [MinValueValidator(1), MaxValueValidator(MOST_ONLINE)]
    return models.PositiveSmallIntegerField(name, default=default, validators=bounds, **more)


@recorded()
class Clinic(models.Model):
    """Times of day are wall times in `timezone`; minutes and hours say so in their names.

    `watched_by_one` (3) is a clinic default without a source.
    """

    slug = models.SlugField(_("short name in web addresses"), unique=True)
    name = models.CharField(_("name"), max_length=120, validators=[validate_house_name])
    sender_name = models.CharField(_("neutral name in messages"), max_length=60, validators=[validate_house_name])
    address = models.TextField(_("address"), validators=[validate_postal_address])
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True, validators=[validate_contact_email])
    whatsapp = models.CharField(
        _("WhatsApp"),
        max_length=20,
        blank=True,
        db_default="",
        validators=[validate_international_phonenumber],
        help_text=_("Shown to everybody. Leave empty if you do not use it."),
    )
    map_url = models.CharField(
        _("link to a map"),
        max_length=300,
        blank=True,
        db_default="",
        validators=[URLValidator(["https"])],
        help_text=_("Leave empty to search a map for the address."),
    )
    step_free = models.CharField(_("wheelchair access"), max_length=10, choices=StepFree, blank=True, db_default="")
    timezone = models.CharField(_("time zone"), max_length=64, default="Asia/Kolkata", validators=[validate_zone])
    languages = ArrayField(models.CharField(max_length=5), verbose_name=_("languages"), default=list, blank=True)
    holidays = models.CharField(_("holiday calendar (country-state)"), max_length=10, blank=True)
    slot_minutes = models.PositiveSmallIntegerField(_("minutes between available times"), default=15)
    lead_minutes = models.PositiveIntegerField(_("minimum notice for bookings (minutes)"), default=120)
    horizon_days = models.PositiveSmallIntegerField(_("how far ahead patients can book (days)"), default=60)
    change_notice_hours = models.PositiveSmallIntegerField(_("free changes until (hours before)"), default=24)
    late_change_price = models.CharField(
        _("charge for a late change or cancellation"),
        max_length=40,
        blank=True,
        db_default="",
        help_text=_("As patients read it, for example “₹ 350”. Leave empty if you charge nothing."),
    )
    currency = models.CharField(
        _("currency sign"), max_length=5, default="₹", db_default="₹", help_text=_("Written before amounts.")
    )
    clock = models.CharField(
        _("clock"),
        max_length=10,
        choices=ClockFace,
        default=ClockFace.BY_LANGUAGE,
        db_default=ClockFace.BY_LANGUAGE,
        help_text=_("How times of day are written on pages and in messages."),
    )
    day_check_by_phone = models.BooleanField(
        _("check before drinking ghee or oil by phone"),
        default=False,
        help_text=_("A Vaidya may ask by phone the evening before how the last dose was digested."),
    )
    reminders = ArrayField(
        models.PositiveIntegerField(),
        verbose_name=_("reminders (minutes before)"),
        default=default_reminders,
        blank=True,
    )
    emergency_numbers = ArrayField(
        models.CharField(max_length=20, validators=[validate_emergency_number]),
        verbose_name=_("emergency numbers"),
        default=default_emergency_numbers,
    )
    unscheduled_roles = ArrayField(
        models.CharField(max_length=30),
        verbose_name=_("roles shown without a schedule"),
        default=default_unscheduled,
        blank=True,
    )
    watch_roles = ArrayField(
        models.CharField(max_length=30), verbose_name=_("roles that watch over patients"), default=default_watch_roles
    )
    watched_by_one = models.PositiveSmallIntegerField(
        _("patients whom one person may watch at the same time"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_WATCHED_BY_ONE)],
        help_text=_("After purification, for example. Each patient also needs a watch place (see equipment)."),
    )
    is_active = models.BooleanField(_("takes bookings"), default=True)
    online_consultations = online_limit_field(_("upcoming consultations per patient"), 2)
    online_consultations_a_day = online_limit_field(_("consultations of one type per patient per day"), 1)
    online_visits = online_limit_field(
        _("upcoming visits per account"), 6, help_text=_("Sessions prescribed by a Vaidya are not counted.")
    )
    online_visits_at_first = online_limit_field(
        _("upcoming visits per new account"), 2, help_text=_("Until someone from that account has had a first visit.")
    )
    online_people_a_day = online_limit_field(_("new people per account in 24 hours"), 3)
    online_people = online_limit_field(_("new people per account in total"), 8)

    class Meta:
        verbose_name = _("clinic")
        verbose_name_plural = _("clinics")
        ordering = ["name"]
        triggers = new_edition("clinic")
        constraints = [
            models.CheckConstraint(
                condition=Q(slot_minutes__gte=5) & Q(slot_minutes__lte=240) & Q(slot_minutes=F("slot_minutes") / 5 * 5),
                name="clinic_slots_on_marks",
                violation_error_message=_("Minutes between times must be a multiple of 5, between 5 and 240."),
            ),
            models.CheckConstraint(
                condition=Q(horizon_days__gte=1) & Q(horizon_days__lte=400),
                name="clinic_horizon_bounded",
                violation_error_message=_("The booking period must be between 1 and 400 days."),
            ),
            models.CheckConstraint(condition=Q(clock__in=ClockFace.values), name="clinic_clock_known"),
            models.CheckConstraint(
                condition=Q(name__regex=HOUSE_IN_THE_DATABASE) & Q(sender_name__regex=HOUSE_IN_THE_DATABASE),
                name="clinic_named_in_messages",
                violation_error_message=_("A name has letters, spaces and a few digits, and no address."),
            ),
            models.CheckConstraint(
                condition=Exact(ZoneIsKnown("timezone"), Value(value=True)),
                name="clinic_zone_known",
                violation_error_message=_("Unknown time zone. Example: Asia/Kolkata."),
            ),
            models.CheckConstraint(
                condition=Q(lead_minutes__lte=MOST_LEAD_MINUTES) & Q(change_notice_hours__lte=MOST_NOTICE_HOURS),
                name="clinic_notice_bounded",
                violation_error_message=_("The minimum notice and the limit for free changes must be 60 days or less."),
            ),
            models.CheckConstraint(
                condition=Q(Exact(EachWithin("reminders", REMINDERS_BETWEEN), Value(value=True)))
                & (Q(reminders=[]) | Q(reminders__len__lte=MOST_REMINDERS)),
                name="clinic_reminders_bounded",
                violation_error_message=_(
                    "Choose up to six reminders, each between half an hour and thirty days before the visit."
                ),
            ),
            models.CheckConstraint(condition=Q(step_free__in=["", *StepFree.values]), name="clinic_step_free_known"),
            models.CheckConstraint(
                condition=Q(watched_by_one__range=(1, MOST_WATCHED_BY_ONE)) & ~Q(watch_roles=[]),
                name="clinic_watch_bounded",
                violation_error_message=_("Choose at least one role that watches, and 1 to 9 patients for one person."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__range": (1, MOST_ONLINE)}),
                    name=f"clinic_{name}_bounded",
                    violation_error_message=_("Limits for online booking must be between 1 and 50."),
                )
                for name in ONLINE_LIMITS
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def today(self, now: dt.datetime) -> dt.date:
        """The clinic's date at that moment."""
        return now.astimezone(self.zone).date()
