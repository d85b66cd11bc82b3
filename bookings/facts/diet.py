"""The diet after a purification as the catalogue has it, and until when it closes other treatments."""

import datetime as dt
from dataclasses import dataclass

from bookings.models import Booking, SessionNote, Status
from therapies.diet import DietDay, DietSchedule, diet_days, diet_schedules, food_in_order
from therapies.models import Rule

DIET = "samsarjana_krama"
BEGUN = frozenset({Status.IN_PROGRESS, Status.COMPLETED, Status.STOPPED})


@dataclass(frozen=True)
class DietAfter:
    """What follows a purification: the grades to choose from, the one chosen, and the dates of its days.

    `opens_on`: the first date on which heat, massage and further purification may be booked again.
    """

    schedules: tuple[DietSchedule, ...]
    chosen: DietSchedule | None
    purified_on: dt.date

    @property
    def opens_on(self) -> dt.date:
        longest = max((schedule.days for schedule in self.schedules), default=0)
        days = self.chosen.days if self.chosen else longest
        return self.purified_on + dt.timedelta(days=days + 1)

    def days(self, *, from_evening: bool) -> list[tuple[dt.date, DietDay]]:
        """The dates of the diet with their food, in the reader's language; none while no grade is chosen."""
        if self.chosen is None:
            return []
        rows = diet_days(self.chosen, food_in_order(_rules()), from_evening=from_evening)
        return [(self.purified_on + dt.timedelta(days=row.number), row) for row in rows]


def diet_after(booking: Booking, note: SessionNote | None) -> DietAfter | None:
    """The diet after this session; None where it is none that a diet follows, or has not begun."""
    follows = booking.variant.therapy.facts.get("sequencing", {}).get("usually_followed_by", [])
    if DIET not in follows or booking.status not in BEGUN:
        return None
    schedules = schedules_of_diet()
    grade = note.grade if note else ""
    chosen = next((schedule for schedule in schedules if schedule.grade == grade), None)
    return DietAfter(schedules, chosen, booking.starts_at.astimezone(booking.visit.zone).date())


def schedules_of_diet() -> tuple[DietSchedule, ...]:
    """The grades of cleansing, each with its bouts and its days, the longest diet first."""
    return tuple(diet_schedules(_rules()))


def _rules() -> list[tuple[str, dict[str, object]]]:
    rows = Rule.objects.filter(kind="schedule", code__startswith="samsarjana").order_by("code")
    return list(rows.values_list("code", "data"))
