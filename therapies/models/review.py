"""That a Vaidya has read something that decides about patients, or is read by them, and stands by it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.append_only import append_only


class ReviewedKind(models.TextChoices):
    """What is reviewed."""

    QUESTION = "question", _("Health questions")
    RULE = "rule", _("Rules")
    CONTRAINDICATION = "contraindication", _("Contraindications")
    TEXT = "text", _("Texts for patients")
    CONSENT = "consent", _("Consent texts")


class Review(models.Model):
    """One Vaidya read one content: `key` names it by its codes, `version` is the mark of exactly what was read.

    Once the content is another its mark is another, and nobody has reviewed it. Rows are only added.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=ReviewedKind)
    key = models.CharField(_("content"), max_length=130)
    version = models.CharField(_("version"), max_length=16)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="content_reviews")
    at = models.DateTimeField(_("reviewed"))

    class Meta:
        verbose_name = _("review of content")
        verbose_name_plural = _("reviews of content")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "version", "by"], name="review_once"),
            models.CheckConstraint(condition=Q(kind__in=ReviewedKind.values), name="review_kind_known"),
        ]
        triggers = append_only("content_review")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.key}"
