"""Consent to treatment: one in general, one for each purification procedure."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.append_only import append_only
from clinic.history import tracked


class How(models.TextChoices):
    SCREEN = "screen", _("Signed on the screen")
    PAPER = "paper", _("Signed on paper")
    THUMBPRINT = "thumbprint", _("Thumbprint on paper, with a witness")


class ConsentQuerySet(models.QuerySet["Consent"]):
    def active(self) -> "ConsentQuerySet":
        """Given and not withdrawn."""
        return self.filter(withdrawn_at=None)

    def with_paper_known(self) -> "ConsentQuerySet":
        """With `has_paper`: whether there is a photo, without reading it."""
        return self.annotate(has_paper=models.Exists(ConsentPaper.objects.filter(consent=models.OuterRef("pk"))))


@tracked()
class Consent(models.Model):
    """No therapy: treatment in general. `text_version` names the words that were read, `language` in which language."""

    patient = models.ForeignKey("people.Patient", models.PROTECT, related_name="treatment_consents")
    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="treatment_consents")
    therapy = models.ForeignKey("therapies.Therapy", models.PROTECT, related_name="consents", null=True, blank=True)
    text_version = models.CharField(_("version of the text"), max_length=20)
    language = models.CharField(_("language"), max_length=5)
    how = models.CharField(_("method"), max_length=10, choices=How)
    signed_name = models.CharField(_("name of the person who signs"), max_length=120)
    witness = models.CharField(_("name of the witness"), max_length=120, blank=True)
    guardian = models.CharField(_("name of the guardian"), max_length=120, blank=True)
    guardian_relation = models.CharField(_("relation of the guardian"), max_length=60, blank=True)
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent to treatment")
        verbose_name_plural = _("consents to treatment")
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "therapy"],
                condition=Q(withdrawn_at=None),
                nulls_distinct=False,
                name="treatment_consent_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="treatment_consent_withdrawn_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(how="thumbprint") | ~Q(witness=""),
                name="treatment_consent_witnessed",
                violation_error_message=_("A thumbprint needs a named witness."),
            ),
            models.CheckConstraint(condition=Q(how__in=How.values), name="treatment_consent_how_known"),
        ]

    def __str__(self) -> str:
        return f"{self.patient_id} {self.therapy_id or ''}"


class ConsentPaper(models.Model):
    """The photo of the signed paper: shown to clinical roles and the patient only."""

    consent = models.OneToOneField(Consent, models.PROTECT, related_name="paper")
    content_type = models.CharField(max_length=40)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("photo of a consent form")
        verbose_name_plural = _("photos of consent forms")
        triggers = append_only("consent_paper")

    def __str__(self) -> str:
        return str(self.consent_id)
