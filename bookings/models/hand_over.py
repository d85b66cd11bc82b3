"""A session goes from one pair of hands into another while the patient is here."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.append_only import append_only


class HandOver(models.Model):
    """`by` gave the session to `to`; from then on both may start and complete it. `words`: what to know."""

    booking = models.ForeignKey("bookings.Booking", models.PROTECT, related_name="hand_overs")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="taken_over", verbose_name=_("handed over to")
    )
    words = models.CharField(_("what to know"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="handed_over")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(to=F("by")), name="hand_over_to_somebody_else")]
        triggers = append_only("hand_over")

    def __str__(self) -> str:
        return f"{self.booking_id} {self.at:%Y-%m-%d %H:%M}"
