"""What the page of affected visits shows."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from bookings.desk.buttons import buttons_of
from bookings.models import Visit
from bookings.slots.obstacles import Obstacle, Obstacles, open_obstacles
from clinic.premises.models import Clinic

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


def _form(visit: Visit, listed: list[Obstacle]) -> SettleForm:
    keys = " ".join(each.key for each in listed)
    return SettleForm(initial={"obstacles": keys}, auto_id=f"id_{visit.public_id}_%s")
