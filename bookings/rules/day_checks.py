"""May a Vaidya write down the check of the day, and let the treatment go on: "" or the reason in words. Pure."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from bookings.models import Booking, Digested
from bookings.rules.sessions import LOOKED_AT, is_of_today
from clinic.reasons import why_no_reason
from therapies.amounts import Amount, why_impossible, why_unusual
from therapies.materials import dose_limits
from therapies.models import Needs, Therapy, Variant

EVENING = 16
"""From this hour of the clinic the day before, a check by phone is one of the evening before (clinic default)."""


@dataclass(frozen=True)
class DayCheckFinding:
    """What the Vaidya found; `goes`: the treatment may be given. Fields as of `DayCheck`."""

    goes: bool
    digested: str = ""
    hunger: str = ""
    dose_ml: int | None = None
    finding: str = ""
    by_phone: bool = False


def asked_on_the_day(therapy: Therapy) -> list[str]:
    """What the catalogue wants to be found before each session: names of fields of `DayCheck`."""
    monitoring = therapy.facts.get("monitoring", {})
    return list(monitoring.get("day_check", []))


def may_be_by_phone(booking: Booking, *, now: dt.datetime) -> bool:
    """Whether it is the evening before, of a treatment and in a clinic where a call will do."""
    therapy, zone = booking.variant.therapy, booking.visit.zone
    local, start = now.astimezone(zone), booking.starts_at.astimezone(zone)
    is_evening_before = start.date() - local.date() == dt.timedelta(days=1) and local.hour >= EVENING
    is_allowed = booking.visit.clinic.day_check_by_phone and therapy.facts.get("monitoring", {}).get(
        "day_check_by_phone"
    )
    return bool(is_allowed) and is_evening_before


def why_not_check(booking: Booking, *, by_phone: bool, now: dt.datetime) -> str:
    """Whether this is the time to check the patient for this treatment; the newest check counts."""
    if booking.variant.therapy.needs != Needs.DAY_CHECK:
        return _("This treatment does not need a same-day check.")
    if booking.status not in LOOKED_AT:
        return _("This can only be done before the session.")
    if is_of_today(booking, now) or (by_phone and may_be_by_phone(booking, now=now)):
        return ""
    return _("This visit is on another day.")


def why_not_finding(finding: DayCheckFinding, asked: Collection[str]) -> str:
    """Whether this is all that must be said, and whether it lets the treatment go on."""
    values: Mapping[str, object] = vars(finding)
    if finding.goes and any(values[name] in ("", None) for name in asked):
        return _("Please write down what was digested, the hunger and the dose of today.")
    if finding.goes and "digested" in asked and finding.digested == Digested.NOT:
        return _("The last dose has not been digested. No further dose can be given today.")
    if not finding.goes and not finding.finding.strip():
        return _("Please write why it is not given today.")
    return ""


def why_not_dose(finding: DayCheckFinding, variant: Variant) -> str:
    """Whether this dose is possible; beyond the usual the findings say why."""
    if finding.dose_ml is None:
        return ""
    limits, dose = dose_limits(variant), Amount(Decimal(finding.dose_ml), Decimal(finding.dose_ml), "ml")
    unusual = why_unusual(dose, limits) if why_no_reason(finding.finding) else ""
    return why_impossible(dose, limits) or unusual


def why_not_without_finding(booking: Booking) -> str:
    """Whether "checked" alone is enough: not where the catalogue says what has to be found."""
    if asked_on_the_day(booking.variant.therapy):
        return _("Please write down what was digested, the hunger and the dose of today.")
    return ""
