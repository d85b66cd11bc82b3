"""Actions of what is measured at a session: readings are added, never changed, and a Vaidya decides on them."""

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict

from bookings.actions import history
from bookings.actions.conditional_writes import save_fields
from bookings.actions.transaction import action
from bookings.actions.visits import lock_booking
from bookings.errors import refuse_if
from bookings.facts.measurements import decisions_of, judged, measured_on_day, vitals_of
from bookings.models import Booking, MeasuredEffect, MeasuredWhen, Measurement, MeasurementDecision, Status
from bookings.rules.measurements import why_not_decide, why_not_keep
from bookings.rules.sessions import why_not_note
from clinic.people.models import User
from therapies.readings import Measured, Vitals
from therapies.vitals import Readings


@action
def measure(
    *,
    booking: Booking,
    by: User,
    now: dt.datetime,
    readings: Readings,
    unwell: bool = False,
    unmeasured: Collection[str] = (),
    why_unmeasured: str = "",
) -> Measurement:
    """Add readings to the record of a session, or say what cannot be measured and why. Raises PolicyRefused.

    A check of the day that came before counts no more where these readings ask for the Vaidya.
    """
    row = lock_booking(booking)
    refuse_if(why_not_note(row, now=now))
    entry = Measured(now, readings, unwell, frozenset(unmeasured))
    refuse_if(why_not_keep(entry, why_unmeasured))
    fresh = Measurement(
        booking=row,
        when=MeasuredWhen.BEFORE if row.status == Status.CHECKED_IN else MeasuredWhen.SINCE,
        unwell=unwell,
        unmeasured=sorted(unmeasured),
        why_unmeasured=why_unmeasured.strip() if unmeasured else "",
        by=by,
        at=now,
        **asdict(readings),
    )
    vitals = judged(row, [*measured_on_day(row), fresh], decisions_of(row))
    fresh.effect = _effect(vitals)
    fresh.save()
    if vitals.open_findings and row.day_checked_at is not None:
        row.day_checked_by = row.day_checked_at = None
        save_fields([row], "day_checked_by", "day_checked_at")
    history.write(row.visit, "measure", by=by, now=now, was=row.status, became=row.status, booking=row)
    return fresh


@action
def decide_on_readings(
    *, booking: Booking, allowed: bool, reason: str, by: User, now: dt.datetime, report_seen: bool = False
) -> MeasurementDecision:
    """A Vaidya's written decision on what was measured at a session so far, or cannot be. Raises PolicyRefused.

    That it is not given may be written on a later day too: so what called the Vaidya never stays open for ever.
    """
    row = lock_booking(booking)
    refuse_if(why_not_note(row, now=now) if allowed else "")
    vitals, therapy = vitals_of(row), row.variant.therapy
    refuse_if(why_not_decide(vitals, therapy, allowed=allowed, reason=reason, report_seen=report_seen))
    decision = MeasurementDecision.objects.create(
        booking=row, allowed=allowed, reason=reason.strip(), report_seen=allowed and report_seen, by=by, at=now
    )
    history.write(row.visit, "decide_readings", by=by, now=now, was=row.status, became=row.status, booking=row)
    return decision


def _effect(vitals: Vitals) -> MeasuredEffect:
    if vitals.stops:
        return MeasuredEffect.STOP
    return MeasuredEffect.ASK if vitals.waits else MeasuredEffect.NOTHING
