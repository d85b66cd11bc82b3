"""Every staff read of a named patient, written before the page is shown; nobody can edit it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.append_only import append_only


class Read(models.Model):
    """One request that showed named patients to staff: ids and codes only, never names.

    `reason` is that of the press which opened the record; empty where role and treatment opened it.
    """

    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reads")
    door = models.CharField(max_length=80)
    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="reads", null=True, blank=True)
    patients = ArrayField(models.BigIntegerField())
    reason = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("record access")
        verbose_name_plural = _("record accesses")
        indexes = [
            models.Index(fields=["user", "door", "at"]),
            GinIndex(fields=["patients"], name="read_patients"),
            BrinIndex(fields=["at"], autosummarize=True, name="read_by_day"),
        ]
        triggers = append_only("read")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.door}"
