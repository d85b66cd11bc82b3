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
    """The rules that bind a visit, each with the starts (UTC) it already counts for the patient."""

    rules: tuple[tuple[Frequency, tuple[dt.datetime, ...]], ...] = ()

    def why_not(self, start: dt.datetime, zone: ZoneInfo) -> str:
        """ "" or why a start at that moment is one too many."""
        local = start.astimezone(zone)
        reasons = (rule.why_not(local, [other.astimezone(zone) for other in others]) for rule, others in self.rules)
        return next((reason for reason in reasons if reason), "")

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
    patient_id: int | None, shapes: Sequence[Shape], days: Calendar, now: dt.datetime, ignoring: int | None
) -> Limits:
    """The rules that bind this patient for these therapies; none without a patient."""
    if patient_id is None:
        return Limits()
    rules = frequencies(shapes)
    if not rules:
        return Limits()
    longest = dt.timedelta(days=max(rule.days for rule in rules))
    near = Booking.objects.lasting(now).filter(
        visit__patient=patient_id,
        starts_at__gt=days.window.start - longest,
        starts_at__lt=days.window.end + longest,
    )
    rows = list(near.exclude(visit=ignoring).values_list("variant__therapy_id", "starts_at"))
    return Limits(tuple((rule, tuple(start for therapy, start in rows if therapy in rule.therapies)) for rule in rules))
