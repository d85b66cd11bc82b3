"""Runs of consecutive days: the visits of a course get one message each evening instead of reminders.

The evening message is written when the visit gets a neighbour. Whether it or the reminders are sent is decided when
they are due: the neighbours may have changed since.
"""

import datetime as dt
from zoneinfo import ZoneInfoNotFoundError

from django.db import connection

from bookings.messages.kinds import HERE
from bookings.models import MessageKind, Status, Visit

NEAR = dt.timedelta(days=2)
# In SQL, because it runs for every booking, and most have no neighbour.
NEAR_VISITS = """
SELECT v.id FROM bookings_visit v JOIN bookings_booking b ON b.visit_id = v.id AND b.position = 0
WHERE v.patient_id = %(patient)s AND v.clinic_id = %(clinic)s AND v.id <> %(visit)s
  AND v.arrives_at > %(begin)s AND v.arrives_at < %(end)s AND b.status = ANY(%(confirmed)s::varchar[])
"""
CONFIRMED = HERE | {Status.BOOKED}
REPLACED = frozenset({MessageKind.REMINDER, MessageKind.PREPARATION})


def days_apart(visit: Visit, other: Visit, zone: dt.tzinfo) -> int:
    """The number of local dates from one visit to the other."""
    return (other.arrives_at.astimezone(zone).date() - visit.arrives_at.astimezone(zone).date()).days


def neighbours_of(visit: Visit) -> list[Visit]:
    """The patient's confirmed visits at that clinic on the day before and the day after."""
    values = {
        "visit": visit.pk,
        "patient": visit.patient_id,
        "clinic": visit.clinic_id,
        "begin": visit.arrives_at - NEAR,
        "end": visit.arrives_at + NEAR,
        "confirmed": sorted(CONFIRMED),
    }
    with connection.cursor() as cursor:
        cursor.execute(NEAR_VISITS, values)
        near = [row[0] for row in cursor.fetchall()]
    if not near:
        return []
    visits = Visit.objects.filter(pk__in=near).select_related("patient", "clinic").order_by("arrives_at", "pk")
    return [other for other in visits if abs(days_apart(visit, other, visit.zone)) == 1]


def zone_or_utc(visit: Visit) -> dt.tzinfo:
    """The visit's zone, or UTC if it does not exist; composing the message then fails with the reason."""
    try:
        return visit.zone
    except (ZoneInfoNotFoundError, ValueError):
        return dt.UTC
