"""Shared tablets and computers of a clinic: enrolled once, unlocked by name and PIN during a shift."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.history import tracked


@tracked(exclude=["token_hash"])
class ClinicDevice(models.Model):
    """A browser that a manager enrolled. Its cookie holds a random token; only the hash of it is kept."""

    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="devices")
    name = models.CharField(_("name of the device"), max_length=60)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    enrolled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField(_("registered"))
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("clinic device")
        verbose_name_plural = _("clinic devices")
        ordering = ["clinic", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None) | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="clinic_device_ended_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Shift(models.Model):
    """Until when a member who proved the second factor may unlock one device by PIN or passkey."""

    has_passkey = False
    """Whether the member has a passkey; `clinic_devices.shifts_on` reads it with the row."""

    device = models.ForeignKey(ClinicDevice, models.PROTECT, related_name="shifts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="shifts")
    proved_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "user"], name="shift_once_a_device"),
            models.CheckConstraint(condition=Q(ends_at__gte=F("proved_at")), name="shift_ends_after_proof"),
        ]

    def __str__(self) -> str:
        return f"{self.device} · {self.user}"


class Pin(models.Model):
    """The PIN of a member; it opens nothing but a clinic device during a shift."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="pin")
    hash = models.CharField(max_length=128, editable=False)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.user)


class KeptForm(models.Model):
    """What somebody was writing when the device locked: for them alone, one a page, until the next day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="kept_forms")
    path = models.CharField(max_length=200)
    fields = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "path"], name="kept_form_once_a_page")]

    def __str__(self) -> str:
        return self.path
