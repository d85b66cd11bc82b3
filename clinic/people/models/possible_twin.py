"""Two records that may be one person: found when the newer one was made, and settled by somebody at the desk."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PossibleTwinQuerySet(models.QuerySet["PossibleTwin"]):
    def open(self) -> "PossibleTwinQuerySet":
        """Those about which nobody has decided."""
        return self.filter(settled_at=None)

    def at(self, clinics: Any) -> "PossibleTwinQuerySet":
        """Those of whom both are at these clinics: nobody is told of patients of other clinics."""
        return self.filter(patient__clinics__in=clinics, other__clinics__in=clinics).distinct()


class PossibleTwin(models.Model):
    """`patient` is the newer record. Settled: somebody looked and said that they are two people, or joined them."""

    patient = models.ForeignKey("people.Patient", models.PROTECT, related_name="possible_twins")
    other = models.ForeignKey("people.Patient", models.PROTECT, related_name="possible_twins_later")
    found_at = models.DateTimeField(_("found"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="settled_twins", null=True, blank=True
    )

    objects = PossibleTwinQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible double")
        verbose_name_plural = _("possible doubles")
        indexes = [models.Index(fields=["found_at"], condition=Q(settled_at=None), name="possible_twin_open")]
        constraints = [
            models.UniqueConstraint(fields=["patient", "other"], name="possible_twin_once"),
            models.CheckConstraint(condition=Q(patient__gt=F("other")), name="possible_twin_newer_first"),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="possible_twin_settled_by_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient_id} {self.other_id}"
