"""Actions of the check of the day: a Vaidya writes what was found, and whether the treatment goes on."""

import datetime as dt

from bookings.actions import history
from bookings.actions.conditional_writes import save_fields
from bookings.actions.transaction import action
from bookings.actions.visits import lock_booking
from bookings.errors import refuse_if
from bookings.models import Booking, DayCheck
from bookings.rules.day_checks import DayCheckFinding, asked_on_the_day, why_not_check, why_not_dose, why_not_finding
from clinic.people.models import User


@action
def check_day(*, booking: Booking, finding: DayCheckFinding, by: User, now: dt.datetime) -> DayCheck:
    """A Vaidya's look before a treatment that asks for one. The newest counts: "not today" closes it again.

    Raises PolicyRefused.
    """
    row = lock_booking(booking)
    refuse_if(why_not_check(row, by_phone=finding.by_phone, now=now))
    refuse_if(why_not_finding(finding, asked_on_the_day(row.variant.therapy)) or why_not_dose(finding, row.variant))
    made = DayCheck.objects.create(booking=row, by=by, at=now, **vars(finding))
    row.day_checked_by, row.day_checked_at = (by, now) if finding.goes else (None, None)
    save_fields([row], "day_checked_by", "day_checked_at")
    verb = "day_check" if finding.goes else "day_check_no"
    history.write(row.visit, verb, by=by, now=now, was=row.status, became=row.status, booking=row, check=made.pk)
    return made
