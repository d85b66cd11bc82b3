"""What the page of affected visits shows."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from bookings.desk.buttons import buttons_of
from bookings.models import Visit
from bookings.slots.obstacles import Obstacle, Obstacles, open_obstacles
from clinic.premises.models import Clinic
from clinic.wall import edge

from .forms import SettleForm


@dataclass(frozen=True)
class AffectedVisit:
    """A visit with what stands against it, the ways out, and a form to say that it stays."""

    visit: Visit
    obstacles: list[Obstacle]
    bookings: list[Any]
    form: SettleForm


def affected_visits(clinic: Clinic, now: dt.datetime) -> list[AffectedVisit]:
    """The next first."""
    standing = open_obstacles(clinic, now)
    return affected_rows(standing, standing, now)


def affected_rows(visits: Collection[int], standing: Obstacles, now: dt.datetime) -> list[AffectedVisit]:
    """These visits, by their numbers, with what stands against each of them; the next first."""
    rows = Visit.objects.filter(pk__in=visits, patient__isnull=False).with_everything().order_by("arrives_at", "pk")
    return [
        AffectedVisit(visit, listed, buttons_of(visit, now=now, desk=True), _form(visit, listed))
        for visit in rows
        for listed in [standing.get(visit.pk, [])]
    ]


def count_affected(clinics: Iterable[Clinic], now: dt.datetime) -> int:
    return sum(len(open_obstacles(clinic, now)) for clinic in clinics)


def affected_on(clinic: Clinic, on: dt.date, now: dt.datetime) -> list[int]:
    """The numbers of the visits of that date against which something stands."""
    begin, end = edge(on, 0, clinic.zone), edge(on + dt.timedelta(days=1), 0, clinic.zone)
    standing = open_obstacles(clinic, now, among=Q(starts_at__gte=begin, starts_at__lt=end))
    return sorted(Visit.objects.on(on, clinic.zone).filter(pk__in=standing).values_list("pk", flat=True))


def obstacles_of(visit: Visit, now: dt.datetime) -> list[Obstacle]:
    """What stands against this one; nothing is asked where none of it is still to come."""
    if not any(booking.is_still_to_come(now) for booking in visit.bookings.all()):
        return []
    return open_obstacles(visit.clinic, now, among=Q(visit=visit.pk)).get(visit.pk, [])


def _form(visit: Visit, listed: list[Obstacle]) -> SettleForm:
    keys = " ".join(each.key for each in listed)
    return SettleForm(initial={"obstacles": keys}, auto_id=f"id_{visit.public_id}_%s")
