"""What a session that was given on paper lacks by the rules of today's gate: found, never refused. Pure."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.facts.measurements import monitoring_of
from bookings.facts.patient import PatientFacts
from bookings.models import Booking
from bookings.rules.session_verdicts import health_verdict
from bookings.rules.visits import is_paused
from therapies.consent_texts import OWN_CONSENT
from therapies.models import Needs
from therapies.readings import named_vitals

GAPS: dict[str, str | Promise] = {
    "order": gettext_lazy("No prescription covers it"),
    "consent": gettext_lazy("No consent was signed"),
    "pause": gettext_lazy("Treatments were paused"),
    "findings": gettext_lazy("An answer was waiting for the Vaidya"),
    "questions": gettext_lazy("Health questions were not answered"),
    "vitals": gettext_lazy("Nothing was measured before it"),
    "day_check": gettext_lazy("No Vaidya checked the patient on the day"),
}
"""Each gap in words, in the order in which they are told."""


def gaps_in(booking: Booking, patient_facts: PatientFacts, *, on: dt.date, zone: ZoneInfo) -> list[str]:
    """The gaps of a session that was given on that date of the clinic."""
    therapy = booking.variant.therapy
    if therapy.needs == Needs.NOTHING:
        return []
    health = health_verdict(booking.variant, patient_facts, on=on, zone=zone)
    own = therapy.code if therapy.consent == OWN_CONSENT else ""
    lacks = {
        "order": booking.item_id is None,
        "consent": not {"", own} <= patient_facts.consents,
        "pause": is_paused(therapy, patient_facts.suspended),
        "findings": bool(health.findings),
        "questions": bool(health.due),
        "vitals": bool(named_vitals(monitoring_of(therapy))),
        "day_check": therapy.needs == Needs.DAY_CHECK,
    }
    return [gap for gap in GAPS if lacks[gap]]


def why_not_review_gaps(booking: Booking) -> str:
    """Whether a Vaidya still has to look at what a session from paper lacks."""
    if not booking.gaps:
        return _("There is nothing to review.")
    return _("This has already been reviewed.") if booking.gaps_seen_at else ""
