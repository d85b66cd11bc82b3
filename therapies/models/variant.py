"""How a therapy runs: its steps, and the crew, room and equipment of each."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.fields import DayField
from clinic.history import recorded
from clinic.premises.models import new_edition
from clinic.wall import MinuteField

from .words import in_reader_language


@recorded()
class Variant(models.Model):
    """One way to give a therapy. The window bounds the wall time at which treatment may start.

    `smaller_crew_of` is the code of the variant of the same therapy that this one stands in for when fewer people
    serve: fewer hands may mean more minutes. An order for that variant covers this one too.

    `hours_after_meal` and the ages are its own where it differs from its therapy; empty: as the therapy. 0 hours: it
    waits for no meal. `preparation` holds, by language, the sentences that only this variant asks for.
    """

    therapy = models.ForeignKey("therapies.Therapy", models.CASCADE, related_name="variants")
    code = models.SlugField(_("code"), max_length=60, default="default")
    name = models.CharField(_("name"), max_length=120, blank=True)
    names = models.JSONField(_("name by language"), default=dict, blank=True)
    who_id = models.CharField(_("WHO term"), max_length=30, blank=True)
    is_default = models.BooleanField(_("default"), default=False)
    room_feature = models.CharField(_("kind of room"), max_length=40, blank=True)
    smaller_crew_of = models.SlugField(_("replaces (with fewer therapists)"), max_length=60, blank=True)
    window_from = MinuteField(_("earliest start"), null=True, blank=True)
    window_to = MinuteField(_("latest start"), null=True, blank=True)
    hours_after_meal = models.PositiveSmallIntegerField(
        _("hours after a meal (0: none; empty: as the therapy)"), null=True, blank=True
    )
    minimum_age = models.PositiveSmallIntegerField(
        _("minimum age (years; empty: as the therapy)"), null=True, blank=True
    )
    maximum_age = models.PositiveSmallIntegerField(
        _("maximum age (years; empty: as the therapy)"), null=True, blank=True
    )
    age_is_absolute = models.BooleanField(
        _("no Vaidya may lift the age limits (empty: as the therapy)"), null=True, blank=True
    )
    preparation = models.JSONField(_("preparation by language"), default=dict, blank=True)

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        triggers = new_edition("variant")
        ordering = ["-is_default", "code"]
        constraints = [
            models.UniqueConstraint(fields=["therapy", "code"], name="variant_once"),
            models.UniqueConstraint(fields=["therapy"], condition=Q(is_default=True), name="variant_one_default"),
            models.CheckConstraint(
                # A comparison with NULL is neither true nor false, and a check lets it pass: hence both are asked for.
                condition=Q(window_from=None, window_to=None)
                | Q(window_from__isnull=False, window_to__isnull=False, window_from__lte=F("window_to")),
                name="variant_window_in_order",
                violation_error_message=_("Enter the start and the later end of the time window."),
            ),
            models.CheckConstraint(
                condition=~Q(smaller_crew_of=F("code")),
                name="variant_stands_in_for_another",
                violation_error_message=_("A variant cannot replace itself."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_age=None) | Q(maximum_age=None) | Q(maximum_age__gte=F("minimum_age")),
                name="variant_ages_in_order",
                violation_error_message=_("The maximum age must not be below the minimum age."),
            ),
        ]

    def __str__(self) -> str:
        return in_reader_language(self.names, self.name) or str(self.therapy)

    @property
    def treatment(self) -> str:
        """The code by which orders, rules and questions know it: a smaller crew gives the same treatment."""
        return self.smaller_crew_of or self.code

    @property
    def fasting_hours(self) -> int | None:
        """Hours after a meal before it may begin: its own, else the therapy's; None or 0 where it waits for none."""
        return self.therapy.hours_after_meal if self.hours_after_meal is None else self.hours_after_meal

    @property
    def youngest(self) -> int | None:
        """From which age, in years: its own, else the therapy's."""
        return self.therapy.minimum_age if self.minimum_age is None else self.minimum_age

    @property
    def oldest(self) -> int | None:
        """Up to which age, in years: its own, else the therapy's."""
        return self.therapy.maximum_age if self.maximum_age is None else self.maximum_age

    @property
    def has_absolute_ages(self) -> bool:
        """Whether no Vaidya may order it for somebody younger or older."""
        return self.therapy.age_is_absolute if self.age_is_absolute is None else self.age_is_absolute


@recorded()
class Step(models.Model):
    """A stretch of a variant. `offset` counts minutes from the treatment's start; set-up lies before it (negative).

    Steps may run beside each other: the patient bathes while the room is cleaned. From the day `next_on` on it starts
    and lasts as `next_offset` and `next_minutes` say; who booked before that was entered keeps what was booked.
    """

    variant = models.ForeignKey(Variant, models.CASCADE, related_name="steps")
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    names = models.JSONField(_("name by language"), default=dict, blank=True)
    offset = models.SmallIntegerField(_("starts (minutes after the start of the treatment)"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    room_kept = models.BooleanField(_("in the room"), default=True)
    patient_present = models.BooleanField(_("patient is present"), default=True)
    equipment = ArrayField(
        models.CharField(max_length=40), verbose_name=_("scarce equipment"), default=list, blank=True
    )
    next_on = DayField(_("changes on"), null=True, blank=True)
    next_offset = models.SmallIntegerField(_("then starts"), null=True, blank=True)
    next_minutes = models.PositiveSmallIntegerField(_("then minutes"), null=True, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        triggers = new_edition("step")
        ordering = ["offset", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["variant", "code"], name="step_once"),
            models.CheckConstraint(
                condition=Q(minutes__gt=0, minutes__lte=720) & Q(minutes=F("minutes") / 5 * 5),
                name="step_minutes_on_marks",
                violation_error_message=_("Minutes must be a multiple of 5, up to 12 hours."),
            ),
            models.CheckConstraint(
                condition=Q(offset__gte=-240, offset__lte=720) & Q(offset=F("offset") / 5 * 5),
                name="step_offset_on_marks",
                violation_error_message=_("The start must be a multiple of 5 minutes."),
            ),
            models.CheckConstraint(
                condition=Q(next_on=None, next_offset=None, next_minutes=None)
                | Q(
                    Q(next_minutes=F("next_minutes") / 5 * 5) & Q(next_offset=F("next_offset") / 5 * 5),
                    next_on__isnull=False,
                    next_minutes__isnull=False,
                    next_minutes__gt=0,
                    next_minutes__lte=720,
                    next_offset__isnull=False,
                    next_offset__gte=-240,
                    next_offset__lte=720,
                ),
                name="step_next_whole",
                violation_error_message=_("For a change, enter the day, the start and the minutes, in steps of 5."),
            ),
        ]

    def __str__(self) -> str:
        return in_reader_language(self.names, self.name)


class Presence(models.TextChoices):
    """`ON_SITE` only needs somebody of the role on the rota; the others occupy a person's time."""

    PERFORMS = "performs", _("Gives the treatment")
    PRESENT = "present", _("Is present")
    ON_SITE = "on_site", _("Is at the clinic")


@recorded()
class StepCrew(models.Model):
    """How many of a role a step takes; `minimum` lets a small clinic work with fewer hands."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="crews")
    role = models.CharField(_("role"), max_length=30)
    count = models.PositiveSmallIntegerField(_("people"), default=1)
    minimum = models.PositiveSmallIntegerField(_("at least"), default=1)
    presence = models.CharField(_("presence"), max_length=10, choices=Presence, default=Presence.PERFORMS)

    class Meta:
        verbose_name = _("staff for a step")
        verbose_name_plural = _("staff for steps")
        triggers = new_edition("step_crew")
        constraints = [
            models.UniqueConstraint(fields=["step", "role"], name="step_crew_once"),
            models.CheckConstraint(
                condition=Q(count__gte=1, count__lte=9, minimum__gte=1, minimum__lte=F("count")),
                name="step_crew_counts",
                violation_error_message=_("Enter at least one person. The minimum must not exceed the full number."),
            ),
            models.CheckConstraint(condition=Q(presence__in=Presence.values), name="step_crew_presence_known"),
        ]

    def __str__(self) -> str:
        return f"{self.count} × {self.role}"
