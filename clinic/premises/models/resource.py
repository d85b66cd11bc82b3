"""Anything with one place at a time. Multi-table inheritance is right for once: Occupancy points at the parent."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Resource(models.Model):
    """A practitioner, a room or a piece of equipment. A place for several people is several resources."""

    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Room(Resource):
    """`features` are codes of the catalogue such as therapy_room or steam_room."""

    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="rooms")
    features = ArrayField(models.CharField(max_length=40), verbose_name=_("features"), default=list, blank=True)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")


class Equipment(Resource):
    """Only scarce kinds are entered: what every room has needs no place in the diary."""

    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="equipment")
    kind = models.CharField(_("kind"), max_length=40)

    class Meta:
        verbose_name = _("piece of equipment")
        verbose_name_plural = _("equipment")


class Absence(models.Model):
    """Leave, sickness, or a room out of order: any minute, rounded outward where time becomes bits.

    Those of one person or room lie apart: one that is withdrawn leaves no other behind it unseen.
    """

    resource = models.ForeignKey("premises.Resource", models.CASCADE, related_name="absences")
    during = DateTimeRangeField(_("during"))
    reason = models.CharField(_("reason (staff only)"), max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="entered_absences")
    at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=Q(during__isempty=False) & Q(during__lower_inf=False) & Q(during__upper_inf=False),
                name="absence_bounded",
                violation_error_message=_("An absence needs a start and a later end."),
            ),
            ExclusionConstraint(
                name="absence_once",
                expressions=[("resource", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message=_("This absence overlaps with another one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource}"
