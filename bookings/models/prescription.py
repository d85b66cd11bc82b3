"""What a Vaidya ordered: which therapies, how many sessions, how far apart, until when."""

import datetime as dt

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.append_only import append_only, names_signer, sealed_once_signed, sealed_with_its
from clinic.fields import DayField
from therapies.rules import LIFTED_TOGETHER

from .amounts import WithAmounts, amount_constraints
from .assessment import Signed, signed_pair


class PrescriptionQuerySet(models.QuerySet["Prescription"]):
    def in_force(self, on: dt.date) -> "PrescriptionQuerySet":
        """Signed, not ended, not replaced by a signed version, and valid on that day."""
        replaced = Q(replaced_by__signed_at__isnull=False)
        return self.filter(signed_at__isnull=False, valid_until__gte=on, end=None).exclude(replaced)

    def unsigned(self) -> "PrescriptionQuerySet":
        """Drafts that nobody has taken over."""
        return self.filter(signed_at=None, replaced_by=None)


class Prescription(Signed):
    """Holds in all clinics of the organisation. `valid_until` is the last day: by default 90 after the assessment."""

    patient = models.ForeignKey("people.Patient", models.PROTECT, related_name="prescriptions")
    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="prescriptions")
    assessment = models.ForeignKey("bookings.Assessment", models.PROTECT, related_name="prescriptions")
    replaces = models.OneToOneField(
        "self", models.PROTECT, related_name="replaced_by", null=True, blank=True, verbose_name=_("replaces")
    )
    aim = models.TextField(_("goal of treatment"), blank=True)
    advice = models.TextField(_("advice for home"), blank=True)
    valid_until = DayField(_("last valid day"))
    review_on = DayField(_("review date"), null=True, blank=True)

    objects = PrescriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("prescription")
        verbose_name_plural = _("prescriptions")
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["patient", "valid_until"])]
        constraints = [signed_pair("prescription_signed_by_and_at")]
        triggers = [*sealed_once_signed("prescription"), names_signer("prescription")]

    def __str__(self) -> str:
        return str(self.public_id)


class Pressure(models.TextChoices):
    LIGHT = "light", _("Light")
    GENTLE = "gentle", _("Gentle")
    MEDIUM = "medium", _("Medium")


class PrescriptionItem(WithAmounts):
    """One therapy of a prescription, in the order of `position`.

    `first_day` is the day of the care plan on which it begins, 1 the first: break days and preparation lie before it.
    `days_between` counts calendar days from one session to the next, at least: 1 means daily. `schedule` names a rule
    of the catalogue that says which variant comes on which day (yoga_basti…). `lifted_limits` holds the Vaidya's
    written reason for each limit that the order lifts, by the rule's code; `override_reason` is the one reason that
    earlier orders gave for several. Ask `lifted`. `material_reason` is why a material is ordered although the patient
    told an allergy that it matches.
    """

    prescription = models.ForeignKey(Prescription, models.CASCADE, related_name="items")
    variant = models.ForeignKey("therapies.Variant", models.PROTECT, related_name="prescribed")
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    sessions = models.PositiveSmallIntegerField(_("sessions"), default=1)
    days_between = models.PositiveSmallIntegerField(_("minimum days between sessions"), default=1)
    first_day = models.PositiveSmallIntegerField(_("begins on day"), default=1, db_default=1)
    schedule = models.CharField(_("schedule"), max_length=60, blank=True)
    pressure = models.CharField(_("pressure"), max_length=10, choices=Pressure, blank=True)
    materials = models.CharField(_("oils and materials"), max_length=200, blank=True)
    material_reason = models.CharField(_("reason for a material that matches an allergy"), max_length=300, blank=True)
    override_reason = models.CharField(_("reason for exceeding the limits"), max_length=300, blank=True)
    lifted_limits = models.JSONField(
        _("reasons for exceeding the limits"), default=dict, db_default=models.Value({}, models.JSONField()), blank=True
    )
    note = models.CharField(_("note for the therapists"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("prescribed therapy")
        verbose_name_plural = _("prescribed therapies")
        ordering = ["prescription", "position"]
        constraints = [
            models.UniqueConstraint(fields=["prescription", "variant"], name="prescribed_once"),
            models.CheckConstraint(
                condition=Q(sessions__gte=1, sessions__lte=60),
                name="prescribed_sessions",
                violation_error_message=_("Enter 1 to 60 sessions."),
            ),
            models.CheckConstraint(
                condition=Q(days_between__gte=1, days_between__lte=60),
                name="prescribed_days_between",
                violation_error_message=_("Enter 1 to 60 days."),
            ),
            models.CheckConstraint(
                condition=Q(first_day__gte=1, first_day__lte=60),
                name="prescribed_first_day",
                violation_error_message=_("Enter day 1 to 60."),
            ),
            *amount_constraints("prescribed"),
        ]
        triggers: list[pgtrigger.Trigger] = sealed_with_its("prescription", "item")

    def __str__(self) -> str:
        return f"{self.variant_id} × {self.sessions}"

    @property
    def lifted(self) -> dict[str, str]:
        """The Vaidya's reason for each limit that the order lifts, by its code."""
        together = dict.fromkeys(LIFTED_TOGETHER, self.override_reason) if self.override_reason.strip() else {}
        return together | self.lifted_limits


class PrescriptionEnd(models.Model):
    """A Vaidya ended a prescription before its time."""

    prescription = models.OneToOneField(Prescription, models.PROTECT, related_name="end")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("end of a prescription")
        verbose_name_plural = _("ends of prescriptions")
        triggers = append_only("prescription_end")

    def __str__(self) -> str:
        return f"{self.prescription_id}"
