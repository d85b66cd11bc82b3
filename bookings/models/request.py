"""Idempotency: the same key and content gets the same answer, other content is refused."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class Request(models.Model):
    """`owner` is the account or browser session; `answer` holds the public id of what the action made."""

    key = models.UUIDField()
    owner = models.CharField(max_length=80)
    verb = models.CharField(max_length=30)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        indexes = [BrinIndex(fields=["at"], autosummarize=True, name="request_by_day")]
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="request_once")]

    def __str__(self) -> str:
        return f"{self.verb} {self.key}"
