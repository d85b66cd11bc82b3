"""What was measured of a patient on the day of a session, and what that means for it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from bookings.facts.sessions import rules_of
from bookings.models import Booking, MeasuredWhen, Measurement, MeasurementDecision
from clinic.people.models import Patient
from clinic.wall import edge
from therapies.models import Therapy
from therapies.readings import (
    DayFinding,
    Measured,
    Vitals,
    judge_day,
    missing_vitals,
    named_vitals,
    still_open,
    unmeasured_vitals,
)
from therapies.vitals import Readings, VitalsRule, vitals_rules

A_DAY = dt.timedelta(days=1)
VALUES = tuple(field.name for field in fields(Readings))
"""The readings that a row may hold."""


def monitoring_of(therapy: Therapy) -> Mapping[str, Any]:
    """What the catalogue says of watching this therapy; nothing where it says nothing that can be read."""
    monitoring = therapy.facts.get("monitoring")
    return monitoring if isinstance(monitoring, Mapping) else {}


def measured_on_day(booking: Booking) -> list[Measurement]:
    """All readings of the patient on the clinic's day of this session, at whichever session, the earliest first."""
    zone = booking.visit.zone
    on = booking.starts_at.astimezone(zone).date()
    since, until = edge(on, 0, zone), edge(on + A_DAY, 0, zone)
    rows = Measurement.objects.filter(at__gte=since, at__lt=until).select_related("by")
    if booking.visit.patient_id is None:
        return list(rows.filter(booking=booking))
    return list(rows.filter(booking__visit__patient=booking.visit.patient_id))


def measured_lately(patient: Patient, *, now: dt.datetime) -> list[Measurement]:
    """What was measured of the patient in the last day, at whichever clinic, the newest first."""
    rows = Measurement.objects.filter(booking__visit__patient=patient, at__gt=now - A_DAY, at__lte=now)
    return list(rows.order_by("-at", "-pk"))


def measurements_of(booking: Booking) -> list[Measurement]:
    """What was written down at this session, the earliest first."""
    return list(Measurement.objects.filter(booking=booking).select_related("by"))


def decisions_of(booking: Booking) -> list[MeasurementDecision]:
    """What a Vaidya decided on the readings of this session, the earliest first."""
    return list(MeasurementDecision.objects.filter(booking=booking).select_related("by"))


def vitals_of(booking: Booking) -> Vitals:
    """What the readings say of this session now."""
    return judged(booking, measured_on_day(booking), decisions_of(booking))


def judged(booking: Booking, rows: Sequence[Measurement], decisions: Sequence[MeasurementDecision]) -> Vitals:
    """The same of rows that were read: the findings of the whole day, what is missing of this session alone."""
    decided_at = decisions[-1].at if decisions and decisions[-1].allowed else None
    own = [row for row in rows if row.booking_id == booking.pk and row.when == MeasuredWhen.BEFORE]
    own_series, named = [measured(row) for row in own], named_vitals(monitoring_of(booking.variant.therapy))
    declared = [row.at for row in own if row.unmeasured]
    return Vitals(
        still_open(day_findings(rows, since=decided_at), decided_at=decided_at, checked_at=booking.day_checked_at),
        missing_vitals(named, own_series),
        unmeasured_vitals(named, own_series),
        agreed=bool(declared) and decided_at is not None and decided_at >= declared[-1],
    )


def day_findings(rows: Sequence[Measurement], *, since: dt.datetime | None) -> list[DayFinding]:
    """What the readings after a decision mean; a decision covers those before it."""
    series = [measured(row) for row in rows if since is None or row.at > since]
    return judge_day(vital_rules(), series)


def vital_rules() -> list[VitalsRule]:
    """The rules of the catalogue on measured values."""
    return vitals_rules(rules_of("vitals"))


def measured(row: Measurement) -> Measured:
    """A row as it is judged."""
    readings = Readings(**{name: getattr(row, name) for name in VALUES})
    return Measured(row.at, readings, row.unwell, frozenset(row.unmeasured))
