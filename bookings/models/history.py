"""One row for each act on a booking: ids and codes, never names; nobody can edit it."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.append_only import append_only


class History(models.Model):
    """What happened, by whom, when. No `by`: a visitor who held a time before signing in, or the clock."""

    visit = models.ForeignKey("bookings.Visit", models.PROTECT, related_name="history")
    booking = models.ForeignKey("bookings.Booking", models.PROTECT, related_name="history", null=True, blank=True)
    verb = models.CharField(_("what"), max_length=30)
    was = models.CharField(_("from"), max_length=15, blank=True)
    became = models.CharField(_("to"), max_length=15, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="acts", null=True, blank=True)
    at = models.DateTimeField(_("when"))
    detail = models.JSONField(_("ids and codes"), default=dict, blank=True)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("history")
        ordering = ["pk"]
        indexes = [BrinIndex(fields=["at"], autosummarize=True, name="history_by_day")]
        triggers = append_only("history")

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"
