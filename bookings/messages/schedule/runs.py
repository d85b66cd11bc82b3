"""Runs of consecutive days: the visits of a course get one letter each evening in place of reminders.

The evening letter of a visit is a row like any other, written when a visit stands beside it. Whether it goes, or the
reminders do, is asked when they are due: the neighbours may have come, gone or moved since.
"""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import F, Q

from bookings.messages.kinds import HERE, is_well_ahead
from bookings.models import Booking, Channel, Kind, Message, State, Status, Visit

if TYPE_CHECKING:
    from .batch import Batch

NEAR = dt.timedelta(days=2)
# By hand: asked for every booking, and most have no neighbour.
NEAR_VISITS = """
SELECT v.id FROM bookings_visit v JOIN bookings_booking b ON b.visit_id = v.id AND b.position = 0
WHERE v.patient_id = %(patient)s AND v.clinic_id = %(clinic)s AND v.id <> %(visit)s
  AND v.arrives_at > %(begin)s AND v.arrives_at < %(end)s AND b.status = ANY(%(confirmed)s::varchar[])
"""
CONFIRMED = HERE | {Status.BOOKED}
REPLACED = frozenset({Kind.REMINDER, Kind.PREPARATION})
TOLD_IN_THE_EVENING = "told by the evening letter of the course"


def days_apart(visit: Visit, other: Visit, zone: dt.tzinfo) -> int:
    """Dates on the clinic's wall from one visit to the other."""
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
    found = Visit.objects.filter(pk__in=near).select_related("patient", "clinic").order_by("arrives_at", "pk")
    return [other for other in found if abs(days_apart(visit, other, visit.zone)) == 1]


def why_told_otherwise(message: Message, visit: Visit, batch: "Batch") -> str:
    """ "" or why another letter, or none, says what this one would."""
    if message.kind == Kind.NEXT_VISIT:
        lonely = not batch.neighbours(message) and not _stood_in(message)
        return "no longer one of several days" if lonely else ""
    if message.kind in REPLACED and _is_covered(message, visit, batch):
        return TOLD_IN_THE_EVENING
    if message.kind == Kind.AFTERCARE and _has_read_it_the_day_before(visit, batch.days_before(message)):
        return "told after an earlier session of the course"
    if message.kind == Kind.FOLLOW_UP and _came_again(visit):
        return "another visit came since"
    return ""


def _stood_in(message: Message) -> bool:
    """Whether a reminder stayed away because this letter was to come: then it comes, neighbours or not."""
    rows = Message.objects.filter(visit=message.visit, sequence=message.sequence, kind__in=REPLACED)
    return rows.filter(state=State.VOID, problem=TOLD_IN_THE_EVENING).exists()


def _is_covered(message: Message, visit: Visit, batch: "Batch") -> bool:
    """Whether an evening letter tells of this visit: it is due, or was sent since the visit was planned.

    What is told two days ahead of the first day is not: it says in time how to prepare.
    """
    alone = not batch.neighbours(message) and not (message.kind == Kind.PREPARATION and _stood_in(message))
    if alone or (is_well_ahead(message) and not batch.days_before(message)):
        return False
    telling = Q(state=State.DUE) | Q(state=State.SENT, sent_at__gte=message.made_at)
    rows = Message.objects.filter(telling, kind=Kind.NEXT_VISIT, channel=Channel.EMAIL, sequence=F("visit__sequence"))
    return rows.filter(visit__in=[visit, *batch.same_day(message)]).exists()


def _has_read_it_the_day_before(visit: Visit, before: list[Visit]) -> bool:
    """Whether everything that is given now was given the day before: its after-care was told then."""
    given = Booking.objects.filter(visit__in=[visit, *before], status=Status.COMPLETED)
    rows = set(given.values_list("visit_id", "variant__therapy_id"))
    now = {therapy for visit_id, therapy in rows if visit_id == visit.pk}
    return now <= {therapy for visit_id, therapy in rows if visit_id != visit.pk}


def _came_again(visit: Visit) -> bool:
    later = Visit.objects.filter(patient=visit.patient_id, arrives_at__gt=visit.arrives_at)
    return later.filter(bookings__status__in=CONFIRMED).exists()
