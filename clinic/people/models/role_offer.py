"""A role that somebody may get: offered by a manager, accepted by its owner, a clinical one confirmed by a Vaidya."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.append_only import undeletable
from clinic.history import tracked
from clinic.people.models.membership import CLINICAL, Role


class Closing(models.TextChoices):
    """Why nothing comes of an offer."""

    DECLINED = "declined", _("Declined")
    REFUSED = "refused", _("Refused by a Vaidya")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Not answered in time")


class RoleOfferQuerySet(models.QuerySet["RoleOffer"]):
    def open(self, now: dt.datetime) -> "RoleOfferQuerySet":
        """Those of which a role may still come: neither closed nor left unanswered for too long."""
        return self.filter(Q(accepted_at__isnull=False) | Q(expires_at__gt=now), membership=None, closed_at=None)

    def to_answer(self, now: dt.datetime) -> "RoleOfferQuerySet":
        """Open ones that their owner has not answered."""
        return self.open(now).filter(accepted_at=None)

    def refused_or_declined(self, *, since: dt.datetime) -> "RoleOfferQuerySet":
        """Those that a Vaidya or their owner said no to, the newest first."""
        return self.filter(closing__in=[Closing.REFUSED, Closing.DECLINED], closed_at__gt=since).order_by("-closed_at")

    def to_confirm(self, now: dt.datetime) -> "RoleOfferQuerySet":
        """Open ones of a clinical role that no Vaidya has confirmed."""
        return self.open(now).filter(role__in=CLINICAL, confirmed_by=None)


@tracked()
class RoleOffer(models.Model):
    """`membership` is what came of it. Who works at the clinic already is not asked: accepted when it is made."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="role_offers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="role_offers")
    name = models.CharField(_("name"), max_length=120, help_text=_("The name used by the person who offers the role."))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    registration_number = models.CharField(_("registration number"), max_length=40, blank=True)
    starts_on = models.DateField(_("from"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="made_role_offers")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    link_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When a new account's owner was last given a link to choose a password."""
    accepted_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="confirmed_role_offers", null=True, blank=True
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    alone = models.BooleanField(default=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    """Why it was confirmed alone, or refused."""
    closing = models.CharField(max_length=10, choices=Closing, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="closed_role_offers", null=True, blank=True
    )
    """Who declined, refused or withdrew it; empty for one that lapsed, and for those closed before this was kept."""
    membership = models.OneToOneField("people.Membership", models.PROTECT, related_name="offer", null=True, blank=True)

    objects = RoleOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("role offer")
        verbose_name_plural = _("role offers")
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_offer_role_known"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="role_offer_expires_later"),
            models.UniqueConstraint(
                fields=["user", "clinic", "role"],
                condition=Q(membership=None, closed_at=None),
                name="role_offer_open_once",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="role_offer_confirmed_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(closing="", closed_at=None) | (~Q(closing="") & Q(closed_at__isnull=False)),
                name="role_offer_closed_why_and_when",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | Q(closed_at__isnull=False), name="role_offer_closed_by_when_closed"
            ),
            models.CheckConstraint(
                condition=~Q(closing=Closing.REFUSED) | Q(closed_by=None) | ~Q(reason=""),
                name="role_offer_refused_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(membership=None)
                | (
                    Q(accepted_at__isnull=False, closed_at=None)
                    & (~Q(role__in=CLINICAL) | Q(confirmed_by__isnull=False))
                ),
                name="role_offer_complete",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=CLINICAL)
                | (~Q(made_by=F("user")) & (Q(confirmed_by=None) | ~Q(confirmed_by=F("user")))),
                name="role_offer_by_others",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("made_by")) | (Q(alone=True) & ~Q(reason="")),
                name="role_offer_alone_has_a_reason",
            ),
        ]
        triggers = undeletable("role_offer")

    def __str__(self) -> str:
        return f"{self.name} · {self.get_role_display()}"

    @property
    def is_clinical(self) -> bool:
        """Whether a Vaidya has to confirm it."""
        return self.role in CLINICAL

    @property
    def may_get_a_link(self) -> bool:
        """Whether a manager gives its owner another link: nobody came in with the account, or no mail reaches it."""
        return self.accepted_at is None and (not self.user.email or not self.user.has_come_in)

    def is_open(self, now: dt.datetime) -> bool:
        """Whether a role may still come of it."""
        is_standing = self.accepted_at is not None or now < self.expires_at
        return self.membership_id is None and self.closed_at is None and is_standing

    def needs_answer(self, now: dt.datetime) -> bool:
        """Whether its owner may accept or decline it."""
        return self.is_open(now) and self.accepted_at is None

    def needs_confirmation(self, now: dt.datetime) -> bool:
        """Whether it waits for a Vaidya."""
        return self.is_open(now) and self.is_clinical and self.confirmed_by_id is None
