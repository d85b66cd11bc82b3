"""How often something was tried within a span of time: one row for each key, counted under the row's lock."""

from django.db import models


class Attempts(models.Model):
    """`key` is a digest, so that the table names nobody; the row means nothing after `ends_at`."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "attempts"

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at}"
