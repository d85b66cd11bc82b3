"""How often a patient had, or will have, what a frequency rule counts."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Q

from bookings.models import Booking
from therapies.models import Rule, Therapy
from therapies.rota import Calendar
from therapies.rules import Frequency
from therapies.shape import Shape


@dataclass(frozen=True)
class Limits:
    """The rules that bind a visit.

    Each comes with the starts (UTC) that it already counts for the patient, and how long after the visit's start those
    of its own bookings begin that it would count.
    """

    rules: tuple[tuple[Frequency, tuple[dt.datetime, ...], tuple[dt.timedelta, ...]], ...] = ()

    def why_not(self, start: dt.datetime, zone: ZoneInfo) -> str:
        """ "" or why a visit that starts at that moment is one too many."""
        for rule, others, offsets in self.rules:
            counted = [other.astimezone(zone) for other in others]
            for offset in offsets:
                own = (start + offset).astimezone(zone)
                reason = rule.why_not(own, counted)
                if reason:
                    return reason
                counted.append(own)
        return ""

    def permitted(self, starts: Sequence[dt.datetime], zone: ZoneInfo) -> tuple[list[dt.datetime], str]:
        """The starts that no rule forbids, and the reason of the first that one does."""
        found, refused = [], ""
        for start in starts:
            reason = self.why_not(start, zone)
            if reason:
                refused = refused or reason
            else:
                found.append(start)
        return found, refused


def frequencies(shapes: Iterable[Shape]) -> list[Frequency]:
    """The catalogue's hard frequency rules that count one of these therapies."""
    groups = {group for made in shapes for group in made.groups}
    rules = Rule.objects.filter(kind="frequency", is_hard=True, data__has_keys=["max_sessions", "window_days"])
    bound = [rule for rule in rules if groups & set(rule.data["applies_to"])] if groups else []
    return [
        Frequency(
            rule.code,
            frozenset(
                Therapy.objects.filter(
                    Q(groups__overlap=rule.data["applies_to"]) | Q(code__in=rule.data["applies_to"])
                ).values_list("pk", flat=True)
            ),
            int(rule.data["max_sessions"]),
            int(rule.data["window_days"]),
            rule.data.get("window") == "rolling",
        )
        for rule in bound
    ]


def limits(
    patient_id: int | None,
    parts: Sequence[tuple[Shape, dt.timedelta]],
    days: Calendar,
    now: dt.datetime,
    ignoring: int | None,
) -> Limits:
    """The rules that bind this patient for a visit of these parts, each with its offset; none without a patient."""
    if patient_id is None:
        return Limits()
    rules = frequencies(made for made, _offset in parts)
    if not rules:
        return Limits()
    longest = dt.timedelta(days=max(rule.days for rule in rules))
    near = Booking.objects.lasting(now).filter(
        visit__patient=patient_id,
        starts_at__gt=days.window.start - longest,
        starts_at__lt=days.window.end + longest,
    )
    rows = list(near.exclude(visit=ignoring).values_list("variant__therapy_id", "starts_at"))
    return Limits(
        tuple(
            (
                rule,
                tuple(start for therapy, start in rows if therapy in rule.therapies),
                tuple(offset for made, offset in parts if made.therapy_id in rule.therapies),
            )
            for rule in rules
        )
    )
