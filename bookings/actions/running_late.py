"""A Vaidya runs late: whoever waits and whoever is still to come is told, in one press."""

import datetime as dt
from collections.abc import Collection

from bookings.actions import history
from bookings.actions.locks import lock
from bookings.actions.transaction import action
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Status, Visit
from clinic.people.models import User

HEARS = (Status.BOOKED, Status.CHECKED_IN)


@action
def tell_running_late(*, visits: Collection[Visit], minutes: int, by: User, now: dt.datetime) -> list[Visit]:
    """Write to these patients, or put them on the list of calls, that it begins about so many minutes later.

    Left out is whoever went in or cancelled meanwhile. The same minutes are told once. Returns who was told.
    """
    lock(patients=[visit.patient_id for visit in visits if visit.patient_id])
    rows = Visit.objects.filter(pk__in=[visit.pk for visit in visits], patient__death_noted_at=None).order_by("pk")
    rows = rows.filter(bookings__position=0, bookings__status__in=HEARS)
    hearers = list(rows.select_related("patient", "clinic").prefetch_related("bookings"))
    for visit in hearers:
        plan_messages(visit=visit, event=VisitEvent.RUNNING_LATE, by=by, now=now, late=minutes)
        history.write(visit, "running_late", by=by, now=now, minutes=minutes)
    return hearers
