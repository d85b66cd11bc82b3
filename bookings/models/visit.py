"""One arrival of one patient at one clinic."""

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clinic.people.merge_triggers import of_no_merged_record
from clinic.people.models import Patient
from clinic.people.records import RecordsOf
from clinic.wall import edge

from .booking import Booking, Status
from .occupancy import Occupancy
from .screening import Suspension


class VisitQuerySet(models.QuerySet["Visit"]):
    def of(self, user: Any, on: dt.date) -> "VisitQuerySet":
        """Visits of the patients this account acts for."""
        return self.filter(patient__in=Patient.objects.of(user, on))

    def at(self, clinics: models.QuerySet[Any]) -> "VisitQuerySet":
        """Visits at these clinics."""
        return self.filter(clinic__in=clinics)

    def on(self, day: dt.date, zone: ZoneInfo) -> "VisitQuerySet":
        """Visits that arrive on this date of the clinic, holds left out."""
        start = edge(day, 0, zone)
        end = edge(day + dt.timedelta(days=1), 0, zone)
        return self.confirmed().filter(arrives_at__gte=start, arrives_at__lt=end)

    def confirmed(self) -> "VisitQuerySet":
        """All but holds: somebody is coming, came, or had meant to come."""
        return self.filter(patient__isnull=False).exclude(bookings__status=Status.HELD)

    def upcoming(self, now: dt.datetime) -> "VisitQuerySet":
        """Confirmed visits with something still to come or in progress, until their day is over: a plan that has passed
        is no visit that is. What is done early is past at once."""
        going_on = Booking.objects.going_on(now).filter(visit=OuterRef("pk"))
        return self.filter(Exists(going_on)).confirmed().distinct().order_by("arrives_at")

    def past(self, now: dt.datetime) -> "VisitQuerySet":
        """Confirmed visits that are over, or that no longer hold time."""
        return self.confirmed().exclude(pk__in=self.upcoming(now).values("pk")).distinct().order_by("-arrives_at")

    def with_people(self) -> "VisitQuerySet":
        """With who comes and who serves; `paused`: the therapies and groups that are paused for the patient."""
        paused = Suspension.objects.active().filter(patient__in=RecordsOf(OuterRef("patient"))).order_by()
        names = paused.annotate(name=Func(F("therapies"), function="unnest")).values("name")
        served = models.Prefetch("bookings__occupancies", Occupancy.objects.select_related("resource__practitioner"))
        return (
            self.select_related("patient", "clinic")
            .annotate(paused=ArraySubquery(names))
            .prefetch_related("bookings", served)
        )

    def with_everything(self) -> "VisitQuerySet":
        """With all that a list of visits shows."""
        bookings = models.Prefetch("bookings", Booking.objects.select_related("variant__therapy"))
        served = models.Prefetch("bookings__occupancies", Occupancy.objects.select_related("resource__practitioner"))
        rows = self.with_people().prefetch_related(None)
        return rows.prefetch_related(bookings, "bookings__variant__therapy__texts", served)


class Visit(models.Model):
    """`sequence` rises when time, place or cancellation changes; calendars go by it. No patient only while held."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey("people.Patient", models.PROTECT, related_name="visits", null=True, blank=True)
    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="visits")
    timezone = models.CharField(_("time zone"), max_length=64)
    arrives_at = models.DateTimeField(_("arrival"))
    ics_uid = models.CharField(max_length=80, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    holder = models.CharField(_("browser session of the hold"), max_length=64, blank=True, db_index=True)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="holds", null=True, blank=True)
    holder_address = models.CharField(_("address hash of the hold"), max_length=64, blank=True)
    running_course = models.BooleanField(_("part of a running course"), default=False, db_default=False)
    extended = models.BooleanField(_("hold extended"), default=False)
    made_at = models.DateTimeField(_("created"))

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        indexes = [
            models.Index(fields=["clinic", "arrives_at"]),
            models.Index(fields=["patient", "arrives_at"]),
            BrinIndex(fields=["arrives_at"], autosummarize=True, name="visit_by_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(patient=None) | ~Q(holder=""), name="visit_patient_or_holder"),
        ]
        triggers = [of_no_merged_record("visit")]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)
