"""Who may read a record beyond those they treat: a press with a reason, and a patient's consent; and wrong guesses."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.append_only import append_only
from clinic.history import tracked


class OpeningReason(models.TextChoices):
    """Ready reasons, in the order in which they are offered. Codes, because an audit holds no free text."""

    COVERING = "covering", _("I am covering for a colleague")
    UNWELL = "unwell", _("The patient is unwell, or it is an emergency")
    ASKED = "asked", _("The patient asked me")
    ADVICE = "advice", _("A colleague asked for my advice")
    PREPARING = "preparing", _("I am preparing or handing over a treatment")
    INCIDENT = "incident", _("A complaint or an incident")
    OTHER = "other", _("Another reason")


class RecordOpeningQuerySet(models.QuerySet["RecordOpening"]):
    def in_force(self, now: dt.datetime) -> "RecordOpeningQuerySet":
        """Those that open a record at this moment."""
        return self.filter(at__lte=now, until__gt=now)


class RecordOpening(models.Model):
    """A member opened the record of somebody they do not treat, with a reason, until the end of the clinic's day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="record_openings")
    patient = models.ForeignKey("people.Patient", models.PROTECT, related_name="record_openings")
    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="record_openings")
    reason = models.CharField(_("reason"), max_length=20, choices=OpeningReason)
    at = models.DateTimeField(_("when"))
    until = models.DateTimeField(_("until"))

    objects = RecordOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("record opened with a reason")
        verbose_name_plural = _("records opened with a reason")
        indexes = [
            models.Index(fields=["user", "patient", "until"], name="opening_in_force"),
            models.Index(fields=["clinic", "-at"], name="opening_clinic"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="opening_ends_later"),
            models.CheckConstraint(condition=Q(reason__in=OpeningReason.values), name="opening_reason_known"),
        ]
        triggers = append_only("record_opening")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.reason}"


class EmergencyOpeningQuerySet(models.QuerySet["EmergencyOpening"]):
    def in_force(self, now: dt.datetime) -> "EmergencyOpeningQuerySet":
        """Those that show the card at this moment."""
        return self.filter(at__lte=now, until__gt=now)

    def unexplained(self) -> "EmergencyOpeningQuerySet":
        """Those for which nobody has said why."""
        return self.filter(explained_at=None)


@tracked()
class EmergencyOpening(models.Model):
    """Somebody opened a patient's emergency card: at once, and the reason is said afterwards, once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="emergency_openings")
    patient = models.ForeignKey("people.Patient", models.PROTECT, related_name="emergency_openings")
    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="emergency_openings")
    at = models.DateTimeField(_("when"))
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=20, choices=OpeningReason, blank=True)
    explained_at = models.DateTimeField(_("reason given"), null=True, blank=True)

    objects = EmergencyOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency card opened")
        verbose_name_plural = _("emergency cards opened")
        indexes = [
            models.Index(fields=["user", "patient", "until"], name="emergency_in_force"),
            models.Index(fields=["clinic", "at"], condition=Q(explained_at=None), name="emergency_unexplained"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="emergency_ends_later"),
            models.CheckConstraint(
                condition=Q(reason="", explained_at=None)
                | Q(reason__in=OpeningReason.values, explained_at__isnull=False, explained_at__gte=F("at")),
                name="emergency_reason_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.reason}"


class SharingHow(models.TextChoices):
    SAID = "said", _("In person at the clinic")
    PHONE = "phone", _("By phone")
    PAPER = "paper", _("Signed on paper")


class RecordSharingQuerySet(models.QuerySet["RecordSharing"]):
    def in_force(self) -> "RecordSharingQuerySet":
        """Given and not ended."""
        return self.filter(ended_at=None)


@tracked()
class RecordSharing(models.Model):
    """The patient agreed that this clinic reads what our other clinics wrote: given once, until it is ended."""

    patient = models.ForeignKey("people.Patient", models.PROTECT, related_name="record_sharings")
    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="record_sharings")
    how = models.CharField(_("method"), max_length=10, choices=SharingHow)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(_("recorded"))
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = RecordSharingQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent to share the record")
        verbose_name_plural = _("consents to share the record")
        constraints = [
            models.UniqueConstraint(fields=["patient", "clinic"], condition=Q(ended_at=None), name="sharing_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="sharing_ended_by_and_at",
            ),
            models.CheckConstraint(condition=Q(how__in=SharingHow.values), name="sharing_how_known"),
        ]

    def __str__(self) -> str:
        return f"{self.patient_id} → {self.clinic_id}"


class BirthDateMiss(models.Model):
    """A phone number of another clinic's patient was looked up with a birth date that is not theirs. Never which."""

    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="birth_date_misses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="birth_date_misses")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("wrong birth date")
        verbose_name_plural = _("wrong birth dates")
        indexes = [models.Index(fields=["clinic", "at"], name="birth_date_miss_clinic")]
        triggers = append_only("birth_date_miss")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
