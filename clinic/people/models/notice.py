"""What was changed in an account, for its owner to read, with an e-mail address or without."""

from django.conf import settings
from django.db import models


class AccountNotice(models.Model):
    """`what` and `detail` are those of the letter; `read_at` is when the owner said that they had read it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    what = models.CharField(max_length=30)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="account_notice_newest_first")]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
