"""That two records are one person: which one goes on, what moved to it, and whether it was taken back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.append_only import undeletable


class PatientMergeQuerySet(models.QuerySet["PatientMerge"]):
    def standing(self) -> "PatientMergeQuerySet":
        """Those that nobody took back."""
        return self.filter(undone_at=None)


class PatientMerge(models.Model):
    """`moved` holds ids, by what they are ids of: so much comes back when the merge is undone. Never deleted."""

    survivor = models.ForeignKey("people.Patient", models.PROTECT, related_name="merges")
    merged = models.ForeignKey("people.Patient", models.PROTECT, related_name="merges_into_others")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="merges")
    at = models.DateTimeField(_("when"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="undone_merges", null=True, blank=True
    )
    moved = models.JSONField(_("what moved"), default=dict)

    objects = PatientMergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of records")
        verbose_name_plural = _("merges of records")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["merged"], condition=Q(undone_at=None), name="patient_merge_once"),
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="patient_merge_of_two"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="patient_merge_undone_by_and_when",
            ),
        ]
        triggers = undeletable("patient_merge")

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.survivor_id}"
