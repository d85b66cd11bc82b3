"""What the patient answered, what a Vaidya decided on it, and what is suspended after a stop."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clinic.append_only import append_only
from clinic.history import tracked
from clinic.people.models import Membership
from clinic.people.records import RecordsOf


class ScreeningStage(models.TextChoices):
    BOOKING = "booking", _("Before booking")
    FIRST_VISIT = "first_visit", _("At the examination")
    DAY = "every_session", _("On the day")


class Screening(models.Model):
    """Questions answered in one go. `findings` is what they meant then: a changed rule never rewrites it.

    `questionnaire` is the version of the questions that were shown. No `by`: answered by link.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey("people.Patient", models.PROTECT, related_name="screenings")
    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="screenings")
    visit = models.ForeignKey("bookings.Visit", models.PROTECT, related_name="screenings", null=True, blank=True)
    stage = models.CharField(_("asked"), max_length=15, choices=ScreeningStage)
    questionnaire = models.CharField(_("version of the questions"), max_length=20)
    findings = models.JSONField(_("findings"), default=list, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="screenings", null=True, blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("screening")
        verbose_name_plural = _("screenings")
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["patient", "at"]),
            # What a Vaidya must look at: few rows of many. The list of what is to be done asks by these very words.
            models.Index(
                fields=["clinic", "at"],
                condition=Q(findings__contains=[{"scope": "until_physician_clears"}]),
                name="screening_to_decide",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=ScreeningStage.values), name="screening_stage_known")
        ]
        triggers = append_only("screening")

    def __str__(self) -> str:
        return str(self.public_id)


class Answer(models.Model):
    """One answer: `value` as the question's type has it (yes, no, unsure, a number, a moment); `text` in own words."""

    screening = models.ForeignKey(Screening, models.PROTECT, related_name="answers")
    patient = models.ForeignKey("people.Patient", models.PROTECT, related_name="answers")
    question = models.ForeignKey("therapies.Question", models.PROTECT, related_name="answers")
    value = models.JSONField(_("answer"))
    text = models.CharField(_("in own words"), max_length=500, blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]
        indexes = [models.Index(fields=["patient", "question", "at"])]
        constraints = [models.UniqueConstraint(fields=["screening", "question"], name="answer_once_a_screening")]
        triggers = append_only("answer")

    def __str__(self) -> str:
        return f"{self.question_id}"


class ClearanceQuerySet(models.QuerySet["Clearance"]):
    def by_telephone(self) -> "ClearanceQuerySet":
        """Written down by somebody else, and neither confirmed nor followed by a Vaidya's own decision."""
        later = Clearance.objects.filter(
            patient__in=RecordsOf(OuterRef("patient")),
            question=OuterRef("question"),
            written_by=None,
            at__gte=OuterRef("at"),
        )
        return self.filter(written_by__isnull=False).exclude(Exists(later))

    def of(self, clinics: Iterable[int]) -> "ClearanceQuerySet":
        """What these clinics wrote; an early row names none: that of its examination, or where its Vaidya works."""
        clinics = list(clinics)
        at = Q(clinic__in=clinics)
        early = Q(clinic=None, assessment__clinic__in=clinics)
        alone = Q(clinic=None, assessment=None, by__in=Membership.objects.filter(clinic__in=clinics).values("user"))
        return self.filter(at | early | alone)


class Clearance(models.Model):
    """A Vaidya's written decision on one answer, for these therapies, until a moment.

    Allowed: the same answer does not count again, a worse or another one does. Not allowed: written down, still open.
    `written_by`: who wrote down what the Vaidya `by` said on the telephone; it counts on its day only, until the Vaidya
    confirms it by a row of their own, which `confirms` it.
    """

    patient = models.ForeignKey("people.Patient", models.PROTECT, related_name="clearances")
    clinic = models.ForeignKey(
        "premises.Clinic", models.PROTECT, related_name="clearances", null=True, blank=True
    )  # none in rows from before it was written down: they are sealed
    question = models.ForeignKey("therapies.Question", models.PROTECT, related_name="clearances")
    value = models.JSONField(_("answer of the decision"))
    text = models.CharField(_("in own words"), max_length=500, blank=True)
    therapies = ArrayField(models.SlugField(max_length=60), verbose_name=_("for these therapies"))
    allowed = models.BooleanField(_("allowed"))
    reason = models.CharField(_("reason"), max_length=500)
    until = models.DateTimeField(_("valid until"))
    report_seen = models.BooleanField(_("a medical report was reviewed"), default=False)
    assessment = models.ForeignKey(
        "bookings.Assessment", models.PROTECT, related_name="clearances", null=True, blank=True
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="clearances")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="clearances_written",
        null=True,
        blank=True,
        verbose_name=_("written down by, from the telephone"),
    )
    confirms = models.OneToOneField(
        "self", models.PROTECT, related_name="confirmed_by", null=True, blank=True, verbose_name=_("confirms")
    )
    at = models.DateTimeField(_("when"))

    objects = ClearanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("clearance")
        verbose_name_plural = _("clearances")
        ordering = ["pk"]
        indexes = [models.Index(fields=["patient", "question"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="clearance_with_reason",
                violation_error_message=_("Please give a reason."),
            ),
            models.CheckConstraint(
                condition=Q(written_by=None) | (~Q(written_by=F("by")) & Q(confirms=None)),
                name="clearance_written_down_by_another",
            ),
        ]
        triggers = append_only("clearance")

    def __str__(self) -> str:
        return f"{self.question_id}"

    @property
    def last_moment(self) -> dt.datetime:
        """The last at which it holds: `until` is the midnight after its last day."""
        return self.until - dt.timedelta.resolution


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def active(self) -> "SuspensionQuerySet":
        return self.filter(lifted_at=None)

    def to_ring_about(self) -> "SuspensionQuerySet":
        """Lifted, and nobody has told the patient yet."""
        return self.filter(lifted_at__isnull=False, rung_at=None)


@tracked()
class Suspension(models.Model):
    """After a stop: these therapies (codes or groups; `all`) neither begin nor are added until a Vaidya lifts it.

    `sign` is the code of the stop rule or question. Once it is lifted, the desk rings the patient. `mistaken`: the sign
    was pressed by mistake and taken back.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey("people.Patient", models.PROTECT, related_name="suspensions")
    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="suspensions")
    booking = models.ForeignKey("bookings.Booking", models.PROTECT, related_name="suspensions", null=True, blank=True)
    therapies = ArrayField(models.SlugField(max_length=60), verbose_name=_("therapies and groups"))
    sign = models.SlugField(_("sign"), max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="suspensions")
    at = models.DateTimeField(_("when"))
    lifted_at = models.DateTimeField(_("resumed"), null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    lift_reason = models.CharField(_("reason for resuming"), max_length=500, blank=True)
    mistaken = models.BooleanField(_("pressed by mistake"), default=False)
    rung_at = models.DateTimeField(_("patient informed"), null=True, blank=True)
    rung_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("treatment pause")
        verbose_name_plural = _("treatment pauses")
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["patient"], condition=Q(lifted_at=None), name="suspension_standing"),
            models.Index(
                fields=["clinic"], condition=Q(lifted_at__isnull=False, rung_at=None), name="suspension_to_ring_about"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
                name="suspension_lifted_by_at_and_why",
                violation_error_message=_("Please give a reason."),
            ),
            models.CheckConstraint(
                condition=Q(rung_at=None, rung_by=None)
                | Q(rung_at__isnull=False, rung_by__isnull=False, lifted_at__isnull=False),
                name="suspension_rung_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sign}"
