"""What was measured before, during and after a session, and what a Vaidya decided on it: rows that only grow."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.append_only import append_only
from therapies.readings import vital_words


class MeasuredWhen(models.TextChoices):
    BEFORE = "before", _("Before the session")
    SINCE = "since", _("Since the session began")


class MeasuredEffect(models.TextChoices):
    """What the readings of the day meant when this one was written: a changed rule never rewrites it."""

    NOTHING = "", _("Nothing")
    ASK = "ask", _("The Vaidya must see the patient first")
    STOP = "stop", _("Do not start")


class Measurement(models.Model):
    """One entry of readings. Blood pressure in mmHg, pulse and breaths per minute, temperature in °C, weight in kg.

    `unmeasured` names what could not be measured (as the catalogue does) and `why_unmeasured` why; `unwell`: the
    patient had symptoms while being measured.
    """

    booking = models.ForeignKey("bookings.Booking", models.PROTECT, related_name="measurements")
    when = models.CharField(_("measured"), max_length=10, choices=MeasuredWhen)
    systolic = models.PositiveSmallIntegerField(_("upper blood pressure"), null=True, blank=True)
    diastolic = models.PositiveSmallIntegerField(_("lower blood pressure"), null=True, blank=True)
    pulse = models.PositiveSmallIntegerField(_("pulse"), null=True, blank=True)
    temperature = models.DecimalField(_("temperature"), max_digits=4, decimal_places=1, null=True, blank=True)
    respiration = models.PositiveSmallIntegerField(_("breaths per minute"), null=True, blank=True)
    weight = models.DecimalField(_("weight"), max_digits=4, decimal_places=1, null=True, blank=True)
    unwell = models.BooleanField(_("felt unwell"), default=False)
    unmeasured = ArrayField(models.SlugField(max_length=40), verbose_name=_("not measurable"), default=list, blank=True)
    why_unmeasured = models.CharField(_("why not measurable"), max_length=200, blank=True)
    effect = models.CharField(_("effect"), max_length=10, choices=MeasuredEffect, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="measurements")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["booking"], condition=~Q(effect=""), name="measurement_to_decide"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(systolic__isnull=False)
                | Q(diastolic__isnull=False)
                | Q(pulse__isnull=False)
                | Q(temperature__isnull=False)
                | Q(respiration__isnull=False)
                | Q(weight__isnull=False)
                | Q(unwell=True)
                | ~Q(unmeasured=[]),
                name="measurement_says_something",
            ),
            models.CheckConstraint(
                condition=Q(unmeasured=[], why_unmeasured="") | (~Q(unmeasured=[]) & ~Q(why_unmeasured="")),
                name="measurement_unmeasured_and_why",
                violation_error_message=_("Please say why it cannot be measured."),
            ),
            models.CheckConstraint(condition=Q(when__in=MeasuredWhen.values), name="measurement_when_known"),
            models.CheckConstraint(condition=Q(effect__in=MeasuredEffect.values), name="measurement_effect_known"),
        ]
        triggers = append_only("measurement")

    def __str__(self) -> str:
        return str(self.booking_id)

    @property
    def words(self) -> str:
        """All of it in one line: 164/92 mmHg · pulse 80 · 36.8 °C."""
        pressure = f"{self.systolic or '–'}/{self.diastolic or '–'} mmHg"
        parts = [
            pressure if self.systolic or self.diastolic else "",
            gettext("pulse %(number)s") % {"number": self.pulse} if self.pulse else "",
            f"{self.temperature} °C" if self.temperature else "",
            gettext("%(number)s breaths per minute") % {"number": self.respiration} if self.respiration else "",
            f"{self.weight} kg" if self.weight else "",
            gettext("felt unwell") if self.unwell else "",
            self._unmeasured_words(),
        ]
        return " · ".join(part for part in parts if part)

    def _unmeasured_words(self) -> str:
        if not self.unmeasured:
            return ""
        words = gettext("cannot be measured today: %(what)s (%(why)s)")
        return words % {"what": vital_words(self.unmeasured), "why": self.why_unmeasured}


class MeasurementDecision(models.Model):
    """What a Vaidya decided on the readings of one session so far. Allowed: they do not count again, later ones do."""

    booking = models.ForeignKey("bookings.Booking", models.PROTECT, related_name="measurement_decisions")
    allowed = models.BooleanField(_("allowed"))
    reason = models.CharField(_("reason"), max_length=500)
    report_seen = models.BooleanField(_("a medical doctor has seen the patient"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="measurement_decisions")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("decision on readings")
        verbose_name_plural = _("decisions on readings")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="measurement_decision_with_reason",
                violation_error_message=_("Please give a reason."),
            ),
        ]
        triggers = append_only("measurement_decision")

    def __str__(self) -> str:
        return str(self.booking_id)
