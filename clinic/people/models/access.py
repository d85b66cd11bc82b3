"""Which account acts for which patient, and the invitation by which it came to."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.append_only import undeletable
from clinic.fields import DayField
from clinic.history import tracked
from clinic.people.merge_triggers import of_no_merged_record


class Relation(models.TextChoices):
    SELF = "self", _("Myself")
    CHILD = "child", _("My child")
    PARENT = "parent", _("My parent")
    SPOUSE = "spouse", _("My wife or husband")
    OTHER = "other", _("Someone I care for")


class Width(models.TextChoices):
    APPOINTMENTS = "appointments", _("Appointments only")
    FULL = "full", _("Full record")


class AccessQuerySet(models.QuerySet["Access"]):
    def in_force(self, on: dt.date) -> "AccessQuerySet":
        """Those that hold on that day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=on), starts_on__lte=on)


@tracked()
class Access(models.Model):
    """Accounts and patients join many to many. `ends_on` is the first day without access.

    `end_reason` is a code that the front desk chose; empty where the patient or the account itself ended it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="accesses")
    patient = models.ForeignKey("people.Patient", models.PROTECT, related_name="accesses")
    relation = models.CharField(_("relation"), max_length=10, choices=Relation)
    width = models.CharField(_("access level"), max_length=15, choices=Width)
    starts_on = DayField(_("from"))
    ends_on = DayField(_("until (first day no longer valid)"), null=True, blank=True)
    end_reason = models.CharField(_("reason for ending"), max_length=30, blank=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        constraints = [
            models.UniqueConstraint(fields=["user", "patient"], condition=Q(ends_on=None), name="access_once"),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="access_ends_late"),
            models.CheckConstraint(condition=Q(end_reason="") | ~Q(ends_on=None), name="access_reason_of_an_end"),
            models.CheckConstraint(condition=Q(relation__in=Relation.values), name="access_relation_known"),
            models.CheckConstraint(condition=Q(width__in=Width.values), name="access_width_known"),
        ]
        triggers = [*undeletable("access"), of_no_merged_record("access")]

    def __str__(self) -> str:
        return f"{self.user} → {self.get_relation_display()}"


@tracked(exclude=["code_hash"])
class Invitation(models.Model):
    """A code that the desk hands out; with the birth date it joins an account to a registered patient."""

    patient = models.ForeignKey("people.Patient", models.CASCADE, related_name="invitations")
    code_hash = models.CharField(max_length=128, unique=True)
    relation = models.CharField(max_length=10, choices=Relation, default=Relation.SELF)
    width = models.CharField(max_length=15, choices=Width, default=Width.FULL)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="made_invitations")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="used_invitations", null=True, blank=True
    )
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="invitation_expires_later"),
            models.CheckConstraint(
                condition=Q(used_by=None, used_at=None) | Q(used_by__isnull=False, used_at__isnull=False),
                name="invitation_used_by_and_at",
            ),
        ]
        triggers = [*undeletable("invitation"), of_no_merged_record("invitation")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def is_open(self, now: dt.datetime) -> bool:
        """Neither used nor lapsed."""
        return self.used_at is None and now < self.expires_at
