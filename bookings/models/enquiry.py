"""What somebody asked on the website before they booked: the front desk replies."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from clinic.history import recorded

LONGEST_ENQUIRY = 1000


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def open(self) -> "EnquiryQuerySet":
        """Those that nobody has replied to."""
        return self.filter(answered_at=None)


@recorded()
class Enquiry(models.Model):
    """It names no patient: whoever writes it may be anybody."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="enquiries", verbose_name=_("clinic"))
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    text = models.TextField(_("question"), max_length=LONGEST_ENQUIRY)
    language = models.CharField(_("language"), max_length=5)
    at = models.DateTimeField(_("when"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("answered by")
    )

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(email="", phone=""), name="enquiry_can_be_answered"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="enquiry_answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name
