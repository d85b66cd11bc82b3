"""What a Vaidya found before a treatment on its day, and whether it goes on: one row for each look, never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.append_only import append_only


class Digested(models.TextChoices):
    """How the dose of the day before was digested."""

    FIRST_DAY = "first_day", _("First day: nothing taken yet")
    FULLY = "fully", _("Fully")
    PARTLY = "partly", _("Partly, or late")
    NOT = "not", _("Not digested")


class Hunger(models.TextChoices):
    GOOD = "good", _("Good")
    WEAK = "weak", _("Weak")
    NONE = "none", _("None")


class DayCheck(models.Model):
    """`goes`: the treatment may be given today. The dose is in ml. `by_phone`: asked the evening before."""

    booking = models.ForeignKey("bookings.Booking", models.PROTECT, related_name="day_checks")
    goes = models.BooleanField(_("may be given"))
    digested = models.CharField(_("digested"), max_length=10, choices=Digested, blank=True)
    hunger = models.CharField(_("hunger"), max_length=10, choices=Hunger, blank=True)
    dose_ml = models.PositiveSmallIntegerField(_("dose of the day (ml)"), null=True, blank=True)
    finding = models.CharField(_("signs and findings"), max_length=300, blank=True)
    by_phone = models.BooleanField(_("by phone"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("check of the day")
        verbose_name_plural = _("checks of the day")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(digested__in=["", *Digested.values]), name="day_check_digested_known"),
            models.CheckConstraint(condition=Q(hunger__in=["", *Hunger.values]), name="day_check_hunger_known"),
        ]
        triggers = append_only("day_check")

    def __str__(self) -> str:
        return f"{self.booking_id} {self.at:%Y-%m-%d %H:%M}"
