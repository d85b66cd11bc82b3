"""The record of one session: before, during and after."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.history import tracked

from .prescription import Pressure


class Grade(models.TextChoices):
    """How much Vamana or Virechana has cleansed; the days of the diet after it follow (`rules.yaml`, samsarjana)."""

    AVARA = "avara", _("Least (avara)")
    MADHYAMA = "madhyama", _("Medium (madhyama)")
    PRAVARA = "pravara", _("Most (pravara)")


@tracked()
class SessionNote(models.Model):
    """Pain is 0 to 10. May be completed on the same day. What was measured is in rows of its own (`Measurement`).

    `identifiers` are the two by which the patient was known (name, birth date, number, photo). `stop_sign` is the code
    of the stop rule that fired, `event_code` the WHO term of an adverse event. `grade` is of a purification only, ""
    while nobody has judged it.
    """

    booking = models.OneToOneField("bookings.Booking", models.PROTECT, related_name="note")
    identifiers = models.CharField(_("identifiers checked"), max_length=60, blank=True)
    pain_before = models.PositiveSmallIntegerField(_("pain before"), null=True, blank=True)
    pain_after = models.PositiveSmallIntegerField(_("pain after"), null=True, blank=True)
    pressure = models.CharField(_("pressure agreed"), max_length=10, choices=Pressure, blank=True)
    materials = models.CharField(_("oils and materials"), max_length=200, blank=True)
    batch = models.CharField(_("batch"), max_length=60, blank=True)
    grade = models.CharField(_("grade of cleansing"), max_length=10, choices=Grade, blank=True)
    observations = models.TextField(_("observations"), blank=True)
    adverse_event = models.TextField(_("adverse event"), blank=True)
    pain_rise = models.TextField(_("what happened when the pain rose"), blank=True)
    event_code = models.CharField(_("WHO term of the event"), max_length=30, blank=True)
    stop_sign = models.SlugField(_("sign that ended the session"), max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="session_notes")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("session note")
        verbose_name_plural = _("session notes")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(pain_before=None) | Q(pain_before__lte=10)) & (Q(pain_after=None) | Q(pain_after__lte=10)),
                name="session_note_pain_to_ten",
                violation_error_message=_("Pain is a number from 0 to 10."),
            ),
            models.CheckConstraint(condition=Q(grade__in=["", *Grade.values]), name="session_note_grade_known"),
        ]

    def __str__(self) -> str:
        return str(self.booking_id)
