"""Whether messages leave at all, and which wait for a person after a backup was restored."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.history import recorded


@recorded()
class Sending(models.Model):
    """One row, or none while nothing was ever stopped. `stopped_at`: no message leaves since then.

    `held_before`: what was due until then may have left already, before the backup that was restored was made: each
    waits until a person releases it. No `stopped_by`: the command of the operator.
    """

    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("stopped by")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    held_before = models.DateTimeField(_("held until"), null=True, blank=True)

    class Meta:
        verbose_name = _("sending of messages")
        verbose_name_plural = _("sending of messages")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="sending_only_one")]

    def __str__(self) -> str:
        return "stopped" if self.stopped_at else "on"
