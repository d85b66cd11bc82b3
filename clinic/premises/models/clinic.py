"""One house of the organisation."""

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from clinic.history import recorded


def validate_zone(name: str) -> None:
    """Refuses a zone that the machine's zone data does not know."""
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is not a time zone, such as Asia/Kolkata."), params={"name": name})


def default_reminders() -> list[int]:
    return [24 * 60, 2 * 60]


def default_emergency_numbers() -> list[str]:
    return ["112", "108"]


def default_unscheduled() -> list[str]:
    return ["attendant"]


@recorded()
class Clinic(models.Model):
    """Times of day are wall times in `timezone`; minutes and hours say so in their names."""

    slug = models.SlugField(_("short name in addresses"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    sender_name = models.CharField(_("neutral name in letters"), max_length=60)
    address = models.TextField(_("address"))
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    timezone = models.CharField(_("time zone"), max_length=64, default="Asia/Kolkata", validators=[validate_zone])
    languages = ArrayField(models.CharField(max_length=5), verbose_name=_("languages"), default=list, blank=True)
    holidays = models.CharField(_("holiday calendar (country-state)"), max_length=10, blank=True)
    slot_minutes = models.PositiveSmallIntegerField(_("minutes between offered times"), default=15)
    lead_minutes = models.PositiveIntegerField(_("earliest booking before the visit (minutes)"), default=120)
    horizon_days = models.PositiveSmallIntegerField(_("how far ahead patients may book (days)"), default=60)
    change_notice_hours = models.PositiveSmallIntegerField(_("free change until (hours before)"), default=24)
    reminders = ArrayField(
        models.PositiveIntegerField(),
        verbose_name=_("reminders (minutes before)"),
        default=default_reminders,
        blank=True,
    )
    emergency_numbers = ArrayField(
        models.CharField(max_length=20), verbose_name=_("emergency numbers"), default=default_emergency_numbers
    )
    unscheduled_roles = ArrayField(
        models.CharField(max_length=30),
        verbose_name=_("roles shown but not scheduled"),
        default=default_unscheduled,
        blank=True,
    )
    is_active = models.BooleanField(_("takes bookings"), default=True)

    class Meta:
        verbose_name = _("clinic")
        verbose_name_plural = _("clinics")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slot_minutes__gte=5) & Q(slot_minutes__lte=240) & Q(slot_minutes=F("slot_minutes") / 5 * 5),
                name="clinic_slots_on_marks",
                violation_error_message=_("Minutes between times must be a multiple of 5, from 5 to 240."),
            ),
            models.CheckConstraint(
                condition=Q(horizon_days__gte=1) & Q(horizon_days__lte=400),
                name="clinic_horizon_bounded",
                violation_error_message=_("Patients may book between 1 and 400 days ahead."),
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
