"""Roles are memberships of a clinic, with a beginning and an end."""

import datetime as dt

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from clinic.fields import DayField
from clinic.wall import wall_date


class Role(models.TextChoices):
    FRONT_DESK = "front_desk", _("Front desk")
    THERAPIST = "therapist", _("Therapist")
    ATTENDANT = "attendant", _("Attendant")
    NURSE = "nurse", _("Nurse")
    VAIDYA = "vaidya", _("Vaidya")
    MANAGER = "manager", _("Manager")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def holding(self, *roles: str, on: dt.date) -> "MembershipQuerySet":
        """Memberships in force on that day, of one of `roles` or of any."""
        current = self.filter(Q(ends_on=None) | Q(ends_on__gt=on), starts_on__lte=on)
        return current.filter(role__in=roles) if roles else current

    def holding_at(self, now: dt.datetime, *roles: str) -> "MembershipQuerySet":
        """The same at this moment: "today" is the date of the membership's own clinic."""
        current = self.not_over_at(now).filter(starts_on__lte=wall_date("clinic__timezone", Value(now)))
        return current.filter(role__in=roles) if roles else current

    def not_over_at(self, now: dt.datetime) -> "MembershipQuerySet":
        """Memberships in force at this moment, or to come."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=wall_date("clinic__timezone", Value(now))))


@pghistory.track()
class Membership(models.Model):
    """One role of one account at one clinic. `ends_on` is the first day without it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    starts_on = DayField(_("from"))
    ends_on = DayField(_("until (first day without)"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "clinic", "role", "starts_on"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),  # equal: ended before it ever held
                name="membership_ends_after_start",
                violation_error_message=_("The end must not be before the beginning."),
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
