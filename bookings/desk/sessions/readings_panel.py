"""What the page of a session shows of its readings: the list, what they mean, and what a Vaidya decided on them."""

import datetime as dt

from bookings.facts.measurements import decisions_of, judged, measured_on_day
from bookings.models import Booking
from bookings.rules.sessions import why_not_day_check
from therapies.readings import vital_words
from therapies.suitability import EMERGENCY_NOW

from .forms import ReadingDecisionForm


def readings_panel(booking: Booking, *, before: bool, now: dt.datetime) -> dict[str, object]:
    """`before`: the session has not begun, so that findings still decide whether it may."""
    rows, decisions = measured_on_day(booking), decisions_of(booking)
    vitals = judged(booking, rows, decisions)
    decides = vitals.stops or (before and bool(vitals.unmeasured and not vitals.agreed))
    return {
        "readings": rows,
        "readings_decided": decisions,
        "findings": vitals.open_findings if before else vitals.stopping,
        "missing": vital_words(vitals.missing) if before else "",
        "unmeasured": vital_words(vitals.unmeasured) if decides else "",
        "calls_now": vitals.stops,
        "is_emergency": any(finding.urgency == EMERGENCY_NOW for finding in vitals.open_findings),
        "decision_form": ReadingDecisionForm(doctor=vitals.sends_to_a_doctor) if decides else None,
        "asks_for_check": not decides and not why_not_day_check(booking, vitals.open_findings, now=now),
    }
