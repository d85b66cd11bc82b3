"""Who would serve a visit at another time: a change of person is shown before somebody moves."""

import datetime as dt

from bookings.facts.visits_now import bookings_of
from bookings.models import Visit
from bookings.slots.search import crew_at
from bookings.slots.search_space import slot_request_of
from therapies.models import Practitioner


def other_people_at(visit: Visit, *, start: dt.datetime, now: dt.datetime) -> list[str]:
    """Their names, where they are not those of today; empty where nothing changes, or nobody is free."""
    bookings = bookings_of(visit)
    before = {person.pk: person.name for booking in bookings for person in booking.practitioners()}
    if not before or not now < start < now + dt.timedelta(days=visit.clinic.horizon_days + 1):
        return []
    slot_request = slot_request_of(bookings, visit.patient)
    crew = crew_at(slot_request, start=start, now=now, ignoring=visit.pk, before=before.keys())
    new = [pk for pk in crew if pk not in before]
    if not new:
        return []
    names = before | dict(Practitioner.objects.filter(pk__in=new).values_list("pk", "name"))
    return [names[pk] for pk in crew if pk in names]
