"""A therapy as the catalogue describes it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.fields import DayField
from clinic.history import recorded
from clinic.premises.models import new_edition

from .safety import Catalogued, Contraindication
from .words import in_reader_language


class TherapyKind(models.TextChoices):
    CONSULTATION = "consultation", _("Consultation")
    PROCEDURE = "procedure", _("Therapy")
    SUPPORT = "support", _("Accompanying phase")
    HOME = "home", _("Advice for home")


PURIFICATION = "pradhanakarma"
"""The phase of the main procedures of purification, in the words of the catalogue."""


class Needs(models.TextChoices):
    """What must precede it."""

    NOTHING = "nothing", _("Nothing")
    ASSESSMENT = "assessment", _("An examination by a Vaidya")
    PRESCRIPTION = "prescription", _("A Vaidya's prescription")
    DAY_CHECK = "day_check", _("A prescription and a check on the day")


class BookingMode(models.TextChoices):
    """Who may book it. `NONE`: it has a page but takes no time at the clinic."""

    PATIENT = "patient", _("Patients book it")
    REQUEST = "request", _("Patients request, the clinic confirms")
    DESK = "desk", _("The front desk books it")
    NONE = "none", _("Not booked")


class TherapyQuerySet(models.QuerySet["Therapy"]):
    def offered(self) -> "TherapyQuerySet":
        """What the public catalogue shows, in the clinic's order."""
        return self.filter(is_active=True).order_by("position", "code")

    def with_texts(self) -> "TherapyQuerySet":
        """With what a list shows: the words for patients, and the minutes."""
        return self.prefetch_related("texts", "variants__steps")

    def with_page(self) -> "TherapyQuerySet":
        """With all that the therapy's own page shows."""
        against = models.Prefetch("contraindications", Contraindication.objects.select_related("term"))
        return self.prefetch_related("texts", "variants__steps__crews", against, "prices__clinic")

    def consultations(self) -> "TherapyQuerySet":
        """What a patient may book before anybody has examined them."""
        return self.offered().filter(kind=TherapyKind.CONSULTATION, booking_mode=BookingMode.PATIENT)


@recorded(exclude=["loaded"])
class Therapy(Catalogued):
    """One entry of the catalogue.

    `name` is English, `names` holds the name as people say it in other languages. Minutes are multiples of five; ages
    are in years; `arrival_lead_minutes` is how long before the treatment the patient arrives (identity, vitals, change
    of clothes; a clinic default, unsourced); `reminder_hours` are hours before the treatment (none: as the clinic).
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=TherapyKind)
    name = models.CharField(_("name"), max_length=120)
    names = models.JSONField(_("name by language"), default=dict, blank=True)
    name_iast = models.CharField(_("name (IAST)"), max_length=120, blank=True)
    name_devanagari = models.CharField(_("name (Devanagari)"), max_length=120, blank=True)
    description = models.CharField(_("in a few words"), max_length=200, blank=True)
    synonyms = ArrayField(models.CharField(max_length=80), verbose_name=_("other names"), default=list, blank=True)
    who_id = models.CharField(_("WHO term"), max_length=30, blank=True)
    category = models.CharField(_("category"), max_length=40, blank=True)
    phase = models.CharField(_("phase"), max_length=30, blank=True)
    scope = models.CharField(_("part of the body"), max_length=30, blank=True)
    groups = ArrayField(models.CharField(max_length=40), verbose_name=_("groups"), default=list, blank=True)
    same_gender = models.BooleanField(_("therapists of the gender the patient chooses"), default=False)
    needs = models.CharField(_("must be preceded by"), max_length=20, choices=Needs, default=Needs.NOTHING)
    consent = models.CharField(_("consent"), max_length=30, blank=True)
    booking_mode = models.CharField(_("who books it"), max_length=10, choices=BookingMode, default=BookingMode.NONE)
    change_notice_hours = models.PositiveSmallIntegerField(
        _("free changes until (hours before; empty: as for the clinic)"), null=True, blank=True
    )
    arrival_lead_minutes = models.PositiveSmallIntegerField(_("arrive early (minutes)"), default=15)
    reminder_hours = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("reminders (hours before; empty: as for the clinic)"),
        default=list,
        blank=True,
    )
    minimum_age = models.PositiveSmallIntegerField(_("minimum age (years)"), null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(_("maximum age (years)"), null=True, blank=True)
    age_is_absolute = models.BooleanField(_("no Vaidya may lift the age limits"), default=True)
    hours_after_meal = models.PositiveSmallIntegerField(_("hours after a meal"), null=True, blank=True)
    whole_day = models.BooleanField(_("takes the patient's whole day"), default=False)
    follow_up = models.BooleanField(
        _("follow-up"),
        default=False,
        help_text=_("Only returning patients can book it online. Others request it, and the front desk replies."),
    )
    facts = models.JSONField(_("further catalogue details"), default=dict, blank=True)
    sources = ArrayField(models.CharField(max_length=60), verbose_name=_("sources"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("order in lists"), default=100)
    is_active = models.BooleanField(_("offered"), default=True)

    objects = TherapyQuerySet.as_manager()

    class Meta:
        verbose_name = _("therapy")
        verbose_name_plural = _("therapies")
        triggers = new_edition("therapy")
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(arrival_lead_minutes=F("arrival_lead_minutes") / 5 * 5),
                name="therapy_arrival_on_marks",
                violation_error_message=_("Minutes must be a multiple of 5."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_age=None) | Q(maximum_age=None) | Q(maximum_age__gte=F("minimum_age")),
                name="therapy_ages_in_order",
                violation_error_message=_("The maximum age must not be below the minimum age."),
            ),
            models.CheckConstraint(condition=Q(booking_mode__in=BookingMode.values), name="therapy_mode_known"),
            models.CheckConstraint(condition=Q(needs__in=Needs.values), name="therapy_needs_known"),
            models.CheckConstraint(condition=Q(kind__in=TherapyKind.values), name="therapy_kind_known"),
        ]

    def __str__(self) -> str:
        return self.local_name

    @property
    def is_given_here(self) -> bool:
        """Whether it takes time at the clinic."""
        return self.booking_mode != BookingMode.NONE

    @property
    def purifies(self) -> bool:
        """Whether it is a main procedure of purification, whose order asks the Vaidya's second factor once more."""
        return self.phase == PURIFICATION

    @property
    def is_consultation(self) -> bool:
        """Whether it is a talk with a Vaidya, and no treatment."""
        return self.kind == TherapyKind.CONSULTATION

    @property
    def local_name(self) -> str:
        """The name in the reader's language."""
        return in_reader_language(self.names, self.name)


class TherapyTextQuerySet(models.QuerySet["TherapyText"]):
    def for_review(self) -> "TherapyTextQuerySet":
        """Texts of what is offered, those that no Vaidya has approved first."""
        offered = self.filter(therapy__is_active=True).select_related("therapy")
        return offered.order_by(
            F("reviewed_on").asc(nulls_first=True), "therapy__position", "therapy__code", "language"
        )


@recorded()
class TherapyText(models.Model):
    """What patients read, in one language, with the Vaidya who reviewed it. Lists hold one sentence an item."""

    therapy = models.ForeignKey(Therapy, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=5)
    summary = models.TextField(_("what it is"), blank=True)
    what_happens = models.TextField(_("what happens"), blank=True)
    preparation = ArrayField(models.TextField(), verbose_name=_("preparation"), default=list, blank=True)
    aftercare = ArrayField(models.TextField(), verbose_name=_("after-care"), default=list, blank=True)
    not_given = ArrayField(models.TextField(), verbose_name=_("when it is not suitable"), default=list, blank=True)
    reviewed_by = models.CharField(_("reviewed by"), max_length=120, blank=True)
    reviewed_on = DayField(_("reviewed on"), null=True, blank=True)

    objects = TherapyTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text for patients")
        verbose_name_plural = _("texts for patients")
        triggers = new_edition("therapy_text")
        constraints = [
            models.UniqueConstraint(fields=["therapy", "language"], name="therapy_text_once"),
            models.CheckConstraint(
                condition=Q(reviewed_by="", reviewed_on=None) | (~Q(reviewed_by="") & Q(reviewed_on__isnull=False)),
                name="therapy_text_reviewed_by_and_on",
                violation_error_message=_("Enter both the reviewer and the date of the review."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.therapy} · {self.language}"


@recorded()
class Price(models.Model):
    """Shown, never charged by the product."""

    therapy = models.ForeignKey(Therapy, models.CASCADE, related_name="prices")
    clinic = models.ForeignKey("premises.Clinic", models.CASCADE, related_name="prices")
    text = models.CharField(_("displayed price"), max_length=80)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        triggers = new_edition("price")
        constraints = [models.UniqueConstraint(fields=["therapy", "clinic"], name="price_once_a_clinic")]

    def __str__(self) -> str:
        return self.text
