"""Which Vaidyas a clinic has today: by their hours and absences, with the number under which they are reached."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from clinic.premises.models import Absence, Clinic, Closure, Use
from clinic.wall import closing, edge
from therapies.models import Practitioner, PractitionerRole, WorkingHours

A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class VaidyaOnDuty:
    """`user`: their account, None without one. `phone` is empty where none is on record; `is_here`: at this moment."""

    name: str
    user: int | None
    phone: str
    is_here: bool


def vaidyas_on_duty(clinic: Clinic, now: dt.datetime) -> list[VaidyaOnDuty]:
    """Those whose hours bring them to the clinic today and who are not away all that time; who is here now first."""
    on = clinic.today(now)
    if Closure.objects.filter(clinic=clinic, on=on, use=Use.EVERYONE).exists():
        return []
    stretches = _stretches(clinic, on)
    people = Practitioner.objects.in_service(on, clinic).filter(pk__in=stretches).order_by("name")
    away = _away([*stretches], clinic, on)
    rows = []
    for person in people:
        present = [row for row in stretches[person.pk] if not _covers(away.get(person.pk, []), row)]
        if present:
            is_here = any(begin <= now < end for begin, end in present)
            is_here = is_here and not any(begin <= now < end for begin, end in away.get(person.pk, []))
            rows.append(VaidyaOnDuty(person.name, person.user_id, str(person.phone or ""), is_here))
    return sorted(rows, key=lambda row: not row.is_here)


def vaidyas_present(clinic: Clinic, now: dt.datetime) -> list[str]:
    """The names of those who are at the clinic at this moment, by their hours and absences."""
    return [row.name for row in vaidyas_on_duty(clinic, now) if row.is_here]


Span = tuple[dt.datetime, dt.datetime]


def _stretches(clinic: Clinic, on: dt.date) -> dict[int, list[Span]]:
    """The working hours of that date, as moments, by practitioner."""
    in_force = Q(valid_until=None) | Q(valid_until__gt=on)
    rows = WorkingHours.objects.filter(in_force, clinic=clinic, weekday=on.weekday(), valid_from__lte=on)
    spans: dict[int, list[Span]] = {}
    for row in rows.filter(practitioner__roles__contains=[PractitionerRole.VAIDYA]):
        span = (edge(on, row.from_minute, clinic.zone), closing(on, row.to_minute, clinic.zone))
        spans.setdefault(row.practitioner_id, []).append(span)
    return spans


def _away(practitioners: list[int], clinic: Clinic, on: dt.date) -> dict[int, list[Span]]:
    day = (edge(on, 0, clinic.zone), edge(on + A_DAY, 0, clinic.zone))
    spans: dict[int, list[Span]] = {}
    for row in Absence.objects.filter(resource__in=practitioners, during__overlap=day):
        spans.setdefault(row.resource_id, []).append((row.during.lower, row.during.upper))
    return spans


def _covers(away: list[Span], span: Span) -> bool:
    return any(begin <= span[0] and span[1] <= end for begin, end in away)
