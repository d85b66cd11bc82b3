"""Each change of a patient's e-mail or phone: who made it, at which clinic, and what stood there before."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.append_only import append_only


class Field(models.TextChoices):
    EMAIL = "email", _("contact e-mail")
    PHONE = "phone", _("phone")


class ContactChange(models.Model):
    """One route by which the patient was reached, and the one that took its place; either may be empty.

    `clinic` is where staff changed it; none where an account did in the portal.
    """

    patient = models.ForeignKey("people.Patient", models.PROTECT, related_name="contact_changes")
    field = models.CharField(_("what"), max_length=10, choices=Field)
    before = models.CharField(_("before"), max_length=254, blank=True)
    after = models.CharField(_("after"), max_length=254, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="contact_changes")
    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="contact_changes", null=True, blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("contact change")
        verbose_name_plural = _("contact changes")
        indexes = [
            models.Index(fields=["patient", "at"], name="contact_change_patient"),
            models.Index(fields=["clinic", "-at"], name="contact_change_clinic"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(field__in=Field.values), name="contact_change_field_known"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="contact_change_is_one"),
        ]
        triggers = append_only("contact_change")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.field}"
