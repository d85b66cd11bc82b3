"""What a Vaidya found: the examination in the words of the trade, and for which therapies the patient is suited."""

import datetime as dt
import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from clinic.append_only import names_signer, sealed_once_signed, sealed_with_its
from clinic.wall import wall_date


class Dosha(models.TextChoices):
    """Constitution (prakriti) or present imbalance (vikriti), by the doshas that lead."""

    VATA = "vata", _("Vata")
    PITTA = "pitta", _("Pitta")
    KAPHA = "kapha", _("Kapha")
    VATA_PITTA = "vata_pitta", _("Vata and Pitta")
    PITTA_KAPHA = "pitta_kapha", _("Pitta and Kapha")
    VATA_KAPHA = "vata_kapha", _("Vata and Kapha")
    BALANCED = "balanced", _("All three in balance")


class Agni(models.TextChoices):
    """The power of digestion."""

    SAMA = "sama", _("Sama (even)")
    VISHAMA = "vishama", _("Vishama (irregular)")
    TIKSHNA = "tikshna", _("Tikshna (sharp)")
    MANDA = "manda", _("Manda (weak)")


class Koshtha(models.TextChoices):
    """The habit of the bowel."""

    MRIDU = "mridu", _("Mridu (soft)")
    MADHYA = "madhya", _("Madhya (medium)")
    KRURA = "krura", _("Krura (hard)")


class Ama(models.TextChoices):
    ABSENT = "absent", _("Nirama (no undigested residue)")
    PRESENT = "present", _("Sama (undigested residue)")


# Looking, touching, asking; then the eight points.
EXAMINATION = {
    "darshana": _("Darshana (looking)"),
    "sparshana": _("Sparshana (touching)"),
    "prashna": _("Prashna (asking)"),
    "nadi": _("Nadi (pulse)"),
    "mutra": _("Mutra (urine)"),
    "mala": _("Mala (stool)"),
    "jihva": _("Jihva (tongue)"),
    "shabda": _("Shabda (voice)"),
    "sparsha": _("Sparsha (skin)"),
    "drik": _("Drik (eyes)"),
    "akriti": _("Akriti (build)"),
}


class Signed(models.Model):
    """Written by one person, then signed: then the database lets nobody change it; a new version replaces it.

    The database copies the name and the registration number of who signs, as they are then: an account may be renamed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"))
    made_at = models.DateTimeField(_("written"))
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("signed by")
    )
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    signer_name = models.CharField(_("name of who signed"), max_length=254, blank=True, editable=False)
    signer_number = models.CharField(_("their registration number"), max_length=40, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None


def signed_pair(name: str) -> models.CheckConstraint:
    """Who and when belong together."""
    return models.CheckConstraint(
        condition=Q(signed_by=None, signed_at=None) | Q(signed_by__isnull=False, signed_at__isnull=False), name=name
    )


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def signed(self) -> "AssessmentQuerySet":
        """Signed, and not replaced by a signed version."""
        return self.filter(signed_at__isnull=False).exclude(replaced_by__signed_at__isnull=False)

    def unsigned(self) -> "AssessmentQuerySet":
        """Drafts that nobody has taken over."""
        return self.filter(signed_at=None, replaced_by=None)

    def valid_on(self, on: dt.date, days: int) -> "AssessmentQuerySet":
        """Signed ones that still hold on that day: `days` from the day of the examination, by its clinic's calendar."""
        examined, first = wall_date("clinic__timezone", F("made_at")), on - dt.timedelta(days=days)
        return self.signed().filter(GreaterThanOrEqual(examined, first), LessThanOrEqual(examined, on))


class Assessment(Signed):
    """One examination of one patient. `pain` is 0 to 10 as the patient says it; `examination` has EXAMINATION's keys.

    `diagnosis_code` is a NAMASTE code (National Ayurveda Morbidity Codes) where one exists.
    """

    patient = models.ForeignKey("people.Patient", models.PROTECT, related_name="assessments")
    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="assessments")
    visit = models.ForeignKey("bookings.Visit", models.PROTECT, related_name="assessments", null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, related_name="replaced_by", null=True, blank=True, verbose_name=_("replaces")
    )
    complaint = models.TextField(_("complaint"), blank=True)
    prakriti = models.CharField(_("prakriti (constitution)"), max_length=15, choices=Dosha, blank=True)
    vikriti = models.CharField(_("vikriti (current imbalance)"), max_length=15, choices=Dosha, blank=True)
    agni = models.CharField(_("agni (digestion)"), max_length=10, choices=Agni, blank=True)
    koshtha = models.CharField(_("koshtha (bowel)"), max_length=10, choices=Koshtha, blank=True)
    ama = models.CharField(_("ama"), max_length=10, choices=Ama, blank=True)
    pain = models.PositiveSmallIntegerField(_("pain now, 0 to 10"), null=True, blank=True)
    examination = models.JSONField(_("examination"), default=dict, blank=True)
    diagnosis = models.TextField(_("diagnosis"), blank=True)
    diagnosis_code = models.CharField(_("NAMASTE code"), max_length=20, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["patient", "signed_at"])]
        constraints = [
            signed_pair("assessment_signed_by_and_at"),
            models.CheckConstraint(condition=Q(pain=None) | Q(pain__lte=10), name="assessment_pain_to_ten"),
        ]
        triggers = [*sealed_once_signed("assessment"), names_signer("assessment")]

    def __str__(self) -> str:
        return str(self.public_id)

    def examined_on(self) -> dt.date:
        """The clinic's date of the examination."""
        return self.made_at.astimezone(self.clinic.zone).date()


class Suited(models.TextChoices):
    SUITED = "suited", _("Suitable")
    WITH_CARE = "with_care", _("With care")
    NOT_SUITED = "not_suited", _("Not suitable")


class Suitability(models.Model):
    """What the Vaidya says of one therapy for this patient, and why."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="suitabilities")
    therapy = models.ForeignKey("therapies.Therapy", models.PROTECT, related_name="suitabilities")
    level = models.CharField(_("suitability"), max_length=10, choices=Suited)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("suitability")
        verbose_name_plural = _("suitabilities")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "therapy"], name="suitability_once"),
            models.CheckConstraint(condition=Q(level__in=Suited.values), name="suitability_level_known"),
            models.CheckConstraint(
                condition=Q(level="suited") | ~Q(reason=""),
                name="suitability_with_reason",
                violation_error_message=_("Please give a reason."),
            ),
        ]
        triggers: list[pgtrigger.Trigger] = sealed_with_its("assessment", "suitability")

    def __str__(self) -> str:
        return f"{self.therapy_id} {self.level}"
