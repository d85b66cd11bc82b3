"""What somebody decided about a visit that a change made impossible or different: one row each, never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.append_only import append_only


class Settlement(models.TextChoices):
    """Moving and reassigning need no row: then nothing stands against the visit any more."""

    TOLD = "told", _("The patient has been told")
    LEFT = "left", _("It stays as it is")


class SettledObstacle(models.Model):
    """`obstacle` is the key of one of `bookings.slots.obstacles`: no other one of the visit is settled by it."""

    visit = models.ForeignKey("bookings.Visit", models.PROTECT, related_name="settled_obstacles")
    obstacle = models.CharField(_("what stands against it"), max_length=80)
    outcome = models.CharField(_("decision"), max_length=10, choices=Settlement)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("settled change of a visit")
        verbose_name_plural = _("settled changes of visits")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Settlement.values), name="settled_obstacle_outcome_known"),
            models.CheckConstraint(
                condition=~Q(outcome="left") | ~Q(reason=""), name="settled_obstacle_left_with_reason"
            ),
        ]
        triggers = append_only("settled_obstacle")

    def __str__(self) -> str:
        return f"{self.visit_id} {self.obstacle}"
