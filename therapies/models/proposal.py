"""A change of safety data that somebody proposed, and what became of it."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.history import recorded


class ProposalStatus(models.TextChoices):
    """`WAITING`: confirmed by one person alone, and acts at `effective_at`. Those after it are final."""

    OPEN = "open", _("Waiting for a Vaidya")
    WAITING = "waiting", _("Confirmed, takes effect later")
    IN_FORCE = "in_force", _("In force")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REVERTED = "reverted", _("Undone")
    OUTDATED = "outdated", _("Outdated")


PENDING = (ProposalStatus.OPEN, ProposalStatus.WAITING)


class SafetyModel(models.TextChoices):
    """Which table a change is of, by the model's name."""

    QUESTION = "question", _("Screening question")
    RULE = "rule", _("Rule")
    CONTRAINDICATION = "contraindication", _("Contraindication")
    TERM = "term", _("Contraindication term")
    THERAPY = "therapy", _("Therapy")
    VARIANT = "variant", _("Variant")


class ProposalQuerySet(models.QuerySet["SafetyProposal"]):
    def pending(self) -> "ProposalQuerySet":
        """What changes nothing yet."""
        return self.filter(status__in=PENDING).order_by("proposed_at", "pk")

    def that_says(self, model: str, row: int | None, before: object, after: object) -> "SafetyProposal | None":
        """The first of these with the same change."""
        values = {"before": before, "after": after}
        same = {f"{name}__isnull" if value is None else name: value or True for name, value in values.items()}
        return self.filter(model=model, row=row, **same).first()

    def open(self) -> "ProposalQuerySet":
        """What waits for a Vaidya."""
        return self.filter(status=ProposalStatus.OPEN)

    def unseen(self) -> "ProposalQuerySet":
        """What acted at once, and no Vaidya has looked at yet."""
        return self.filter(status=ProposalStatus.IN_FORCE, tightens=True, seen_at=None).order_by("proposed_at", "pk")

    def settled(self) -> "ProposalQuerySet":
        """What is over, the newest first."""
        over = self.exclude(status__in=PENDING).exclude(pk__in=self.unseen().values("pk"))
        return over.order_by("-proposed_at", "-pk")

    def due(self, now: dt.datetime) -> "ProposalQuerySet":
        """Those confirmed alone whose time of waiting is over."""
        return self.filter(status=ProposalStatus.WAITING, effective_at__lte=now).order_by("effective_at", "pk")


@recorded()
class SafetyProposal(models.Model):
    """One change of one row. `before` and `after` hold the values that differ, by the names of the fields.

    `before` is null for a new row, `after` for one that goes; then the other holds the whole row. `row` is its number,
    none while it is not there. What tightens is in force from the beginning; `seen_at` says that a Vaidya looked at it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    model = models.CharField(_("kind"), max_length=20, choices=SafetyModel)
    row = models.BigIntegerField(null=True, blank=True)
    title = models.CharField(_("changed item"), max_length=300)
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)
    tightens = models.BooleanField(_("stricter"))
    reason = models.TextField(_("reason"), blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="safety_proposals")
    proposed_at = models.DateTimeField(_("proposed"))
    status = models.CharField(_("status"), max_length=10, choices=ProposalStatus, default=ProposalStatus.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="decided_safety_proposals", null=True, blank=True
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_reason = models.TextField(_("reason for the decision"), blank=True)
    alone = models.BooleanField(_("confirmed by one person only"), default=False)
    effective_at = models.DateTimeField(_("takes effect on"), null=True, blank=True)
    acted_at = models.DateTimeField(_("in force since"), null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="seen_safety_proposals", null=True, blank=True
    )
    seen_at = models.DateTimeField(_("reviewed"), null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed change of safety data")
        verbose_name_plural = _("proposed changes of safety data")
        indexes = [
            models.Index(fields=["proposed_at"], condition=Q(status__in=PENDING), name="safety_proposal_pending"),
            models.Index(fields=["model", "row"], name="safety_proposal_of_row"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(before__isnull=False) | Q(after__isnull=False), name="safety_proposal_changes_something"
            ),
            models.CheckConstraint(condition=Q(status__in=ProposalStatus.values), name="safety_proposal_status_known"),
            models.CheckConstraint(condition=Q(model__in=SafetyModel.values), name="safety_proposal_model_known"),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="safety_proposal_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(seen_by=None, seen_at=None) | Q(seen_by__isnull=False, seen_at__isnull=False),
                name="safety_proposal_seen_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(status="waiting") | Q(effective_at__isnull=False, alone=True),
                name="safety_proposal_waits_until",
            ),
            models.CheckConstraint(
                # Nobody loosens by themselves and at once what keeps patients safe: the row itself cannot say so.
                condition=~Q(status="in_force", tightens=False)
                | Q(alone=True, effective_at__isnull=False, decided_by__isnull=False)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("proposed_by"))),
                name="safety_proposal_loosened_by_two",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_pending(self) -> bool:
        return self.status in PENDING
