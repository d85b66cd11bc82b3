"""A second factor that was lost is taken away by two people; the row says who."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from clinic.append_only import undeletable
from clinic.history import tracked

GOOD_FOR = dt.timedelta(hours=24)


class FactorResetQuerySet(models.QuerySet["FactorReset"]):
    def waiting(self, now: dt.datetime) -> "FactorResetQuerySet":
        """Asked for, neither confirmed nor ended yet; what is older than a day means nothing."""
        return self.filter(confirmed_at=None, ended_at=None, asked_at__gt=now - GOOD_FOR)


@tracked()
class FactorReset(models.Model):
    """One person asks, another confirms, and neither is the owner. Until then it may be withdrawn or refused."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="factor_resets")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)

    objects = FactorResetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="factor_reset_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None)
                | Q(ended_by__isnull=False, ended_at__isnull=False, confirmed_at=None),
                name="factor_reset_ended_or_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("user")) & (Q(confirmed_by=None) | ~Q(confirmed_by=F("user"))),
                name="factor_reset_not_by_the_owner",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")), name="factor_reset_by_two"
            ),
        ]
        triggers = undeletable("factor_reset")

    def __str__(self) -> str:
        return f"{self.user} · {self.asked_at:%Y-%m-%d %H:%M}"
