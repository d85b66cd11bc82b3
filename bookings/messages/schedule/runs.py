"""Runs of consecutive days: the visits of a course get one message each evening instead of reminders.

The evening message is written when the visit gets a neighbour. Whether it or the reminders are sent is decided when
they are due: the neighbours may have changed since.
"""

import datetime as dt
from zoneinfo import ZoneInfoNotFoundError

from bookings.messages.kinds import HERE
from bookings.models import MessageKind, Status, Visit

NEAR = dt.timedelta(days=2)
CONFIRMED = HERE | {Status.BOOKED}
REPLACED = frozenset({MessageKind.REMINDER, MessageKind.PREPARATION})


def days_apart(visit: Visit, other: Visit, zone: dt.tzinfo) -> int:
    """The number of local dates from one visit to the other."""
    return (other.arrives_at.astimezone(zone).date() - visit.arrives_at.astimezone(zone).date()).days


def neighbours_of(visit: Visit) -> list[Visit]:
    """The patient's confirmed visits at that clinic on the day before and the day after."""
    around = Visit.objects.filter(patient=visit.patient_id, clinic=visit.clinic_id)
    around = around.filter(arrives_at__gt=visit.arrives_at - NEAR, arrives_at__lt=visit.arrives_at + NEAR)
    near = [pk for pk in around.values_list("pk", flat=True) if pk != visit.pk]
    if not near:  # as for most bookings: then no model is made
        return []
    visits = Visit.objects.filter(pk__in=near, bookings__position=0, bookings__status__in=CONFIRMED)
    visits = visits.select_related("patient", "clinic").order_by("arrives_at", "pk")
    return [other for other in visits if abs(days_apart(visit, other, visit.zone)) == 1]


def zone_or_utc(visit: Visit) -> dt.tzinfo:
    """The visit's zone, or UTC if it does not exist; composing the message then fails with the reason."""
    try:
        return visit.zone
    except (ZoneInfoNotFoundError, ValueError):
        return dt.UTC
