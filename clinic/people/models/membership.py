"""Roles are memberships of a clinic, with a beginning and an end."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from clinic.append_only import undeletable
from clinic.fields import DayField
from clinic.history import tracked
from clinic.wall import wall_date


class Role(models.TextChoices):
    FRONT_DESK = "front_desk", _("Front desk")
    THERAPIST = "therapist", _("Therapist")
    ATTENDANT = "attendant", _("Attendant")
    NURSE = "nurse", _("Nurse")
    VAIDYA = "vaidya", _("Vaidya")
    MANAGER = "manager", _("Manager")


CLINICAL = (Role.THERAPIST, Role.ATTENDANT, Role.NURSE, Role.VAIDYA)
"""Roles that open records of health: a Vaidya grants them, and nobody to themselves."""


class RoleSource(models.TextChoices):
    """By which way a role came to be held."""

    EARLIER = "earlier", _("From before role changes were recorded")
    OPERATOR = "operator", _("Initial setup")
    GRANTED = "granted", _("Given by a manager")


EVER_HOLDING = Q(ends_on=None) | Q(ends_on__gt=F("starts_on"))


class MembershipQuerySet(models.QuerySet["Membership"]):
    def holding(self, *roles: str, on: dt.date) -> "MembershipQuerySet":
        """Memberships in force on that day, of one of `roles` or of any."""
        current = self.filter(Q(ends_on=None) | Q(ends_on__gt=on), starts_on__lte=on)
        return current.filter(role__in=roles) if roles else current

    def holding_at(self, now: dt.datetime, *roles: str) -> "MembershipQuerySet":
        """The same at this moment: "today" is the date of the membership's own clinic."""
        begun = Q(starts_on__lte=wall_date("clinic__timezone", Value(now)))
        return self.not_over_at(now).filter(begun & Q(role__in=roles) if roles else begun)

    def beginning_after(self, now: dt.datetime) -> "MembershipQuerySet":
        """Memberships that begin on a later day than today, by the date of their own clinic."""
        return self.not_over_at(now).filter(starts_on__gt=wall_date("clinic__timezone", Value(now)))

    def not_over_at(self, now: dt.datetime) -> "MembershipQuerySet":
        """Memberships in force at this moment, or to come."""
        to_come = Q(ends_on=None) | Q(ends_on__gt=wall_date("clinic__timezone", Value(now)))
        return self.filter(EVER_HOLDING, to_come)

    def ever_holding(self) -> "MembershipQuerySet":
        """Without those that were ended before their first day."""
        return self.filter(EVER_HOLDING)


@tracked()
class Membership(models.Model):
    """One role of one account at one clinic. `ends_on` is the first day without it.

    `granted_by` gave or proposed it; a Vaidya, `confirmed_by`, confirmed a clinical one. `alone`: both are one person,
    where the clinic has no other Vaidya; then the reason stands beside it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    starts_on = DayField(_("from"))
    ends_on = DayField(_("until (first day no longer valid)"), null=True, blank=True)

    source = models.CharField(
        _("origin"), max_length=10, choices=RoleSource, default=RoleSource.GRANTED, editable=False
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("given by"),
        related_name="granted_memberships",
        null=True,
        blank=True,
        editable=False,
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("confirmed by"),
        related_name="confirmed_memberships",
        null=True,
        blank=True,
        editable=False,
    )
    alone = models.BooleanField(_("confirmed without a second person"), default=False, editable=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "clinic", "role", "starts_on"], condition=EVER_HOLDING, name="membership_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),  # equal: ended before it ever held
                name="membership_ends_after_start",
                violation_error_message=_("The end must not be before the start."),
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(
                condition=Q(source__in=[RoleSource.EARLIER, RoleSource.OPERATOR])
                | Q(source=RoleSource.GRANTED, granted_by__isnull=False),
                name="membership_granted_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(source=RoleSource.GRANTED) | ~Q(role__in=CLINICAL) | Q(confirmed_by__isnull=False),
                name="membership_clinical_confirmed",
                violation_error_message=_("A Vaidya must confirm this role."),
            ),
            models.CheckConstraint(
                condition=~Q(source=RoleSource.GRANTED)
                | ~Q(role__in=CLINICAL)
                | (~Q(granted_by=F("user")) & ~Q(confirmed_by=F("user"))),
                name="membership_clinical_by_others",
                violation_error_message=_("You cannot give yourself this role."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("granted_by")) | Q(alone=True),
                name="membership_alone_marked",
            ),
            models.CheckConstraint(condition=Q(alone=False) | ~Q(reason=""), name="membership_alone_has_a_reason"),
        ]
        triggers = undeletable("membership")

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
