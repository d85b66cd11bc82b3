"""How often each event of the security log happened: counted here, as many processes write the log."""

from django.db import models


class SecurityEventCount(models.Model):
    """Since the installation began; a number never falls."""

    event = models.CharField(max_length=40)
    outcome = models.CharField(max_length=40)
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "outcome"], name="security_event_counted_once")]

    def __str__(self) -> str:
        return f"{self.event} {self.outcome}: {self.count}"
