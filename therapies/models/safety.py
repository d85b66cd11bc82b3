"""For whom a therapy is safe: terms, contraindications, questions and rules, each with its sources."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.history import recorded
from clinic.premises.models import new_edition

from .words import in_reader_language


class Catalogued(models.Model):
    """`loaded` is what the catalogue last said, so that a manager's edits are seen and kept."""

    loaded = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        abstract = True


class Source(Catalogued):
    """Where a fact comes from.

    `tier`: house (the organisation's own guide), 1 official, 2 classical or journal, 3 clinic page, default unsourced.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    tier = models.CharField(_("tier"), max_length=10)
    title = models.CharField(_("title"), max_length=250)
    url = models.CharField(_("address"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        triggers = new_edition("source")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


@recorded(exclude=["loaded"])
class Term(Catalogued):
    """A state that may speak against a therapy, in words a patient understands."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    group = models.CharField(_("group"), max_length=30)
    labels = models.JSONField(_("text by language"), default=dict)

    class Meta:
        verbose_name = _("contraindication term")
        verbose_name_plural = _("contraindication terms")
        triggers = new_edition("term")
        ordering = ["code"]

    def __str__(self) -> str:
        return in_reader_language(self.labels) or self.code


class Level(models.TextChoices):
    ABSOLUTE = "absolute", _("Not allowed; only a Vaidya can override this, in writing")
    RELATIVE = "relative", _("A Vaidya decides first")
    DEFER = "defer", _("Another time or day")


@recorded()
class Contraindication(models.Model):
    """One term against one therapy. `variants` names those it speaks against; none named means all."""

    therapy = models.ForeignKey("therapies.Therapy", models.CASCADE, related_name="contraindications")
    term = models.ForeignKey(Term, models.PROTECT, related_name="contraindications")
    level = models.CharField(_("level"), max_length=10, choices=Level)
    variants = ArrayField(models.SlugField(max_length=60), verbose_name=_("only variants"), default=list, blank=True)
    note = models.TextField(_("note"), blank=True)
    sources = ArrayField(models.CharField(max_length=60), verbose_name=_("sources"), default=list, blank=True)

    class Meta:
        verbose_name = _("contraindication")
        verbose_name_plural = _("contraindications")
        triggers = new_edition("contraindication")
        ordering = ["term__code"]
        constraints = [
            models.UniqueConstraint(fields=["therapy", "term"], name="contraindication_once"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="contraindication_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.therapy} · {self.term}"


class QuestionQuerySet(models.QuerySet["Question"]):
    def emergency_signs(self) -> "QuestionQuerySet":
        """The signs with which nobody should wait for an appointment, as they are asked today."""
        replaced = Q(data__replaced_by__0__isnull=False)
        return self.filter(urgency="emergency_now", is_active=True).exclude(replaced).order_by("position")


@recorded(exclude=["loaded"])
class Question(Catalogued):
    """One question of the screening; `data` keeps trigger, scope, terms and whom it applies to, as catalogued.

    Not active: nobody is asked any more; what was answered counts until a Vaidya has decided. `asked_since`: when an
    upgrade of the catalogue brought it, or other words for it; answers from before do not answer it. None: from the
    beginning.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    group = models.CharField(_("group"), max_length=30)
    texts = models.JSONField(_("question by language"), default=dict)
    signs = models.JSONField(_("as a sign, by language"), default=dict, blank=True)
    answer_type = models.CharField(_("answer"), max_length=30)
    effect = models.CharField(_("effect"), max_length=40, blank=True)
    urgency = models.CharField(_("urgency"), max_length=30, blank=True)
    data = models.JSONField(_("rule"), default=dict)
    sources = ArrayField(models.CharField(max_length=60), verbose_name=_("sources"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    is_active = models.BooleanField(pgettext_lazy("a question that is in use is", "asked"), default=True)
    asked_since = models.DateTimeField(_("asked in this form since"), null=True, blank=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("screening question")
        verbose_name_plural = _("screening questions")
        triggers = new_edition("question")
        ordering = ["position"]

    def __str__(self) -> str:
        return in_reader_language(self.texts) or self.code

    @property
    def sign(self) -> str:
        """The question as a sign to look for, in the reader's language."""
        return in_reader_language(self.signs) or str(self)


@recorded(exclude=["loaded"])
class Rule(Catalogued):
    """A rule of frequency, gap, order, same day, session or stop: `data` is as the catalogue says."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20)
    is_hard = models.BooleanField(_("cannot be overridden"), default=False)
    data = models.JSONField(_("rule"), default=dict)
    sources = ArrayField(models.CharField(max_length=60), verbose_name=_("sources"), default=list, blank=True)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["kind", "code"]

    def __str__(self) -> str:
        return self.code
