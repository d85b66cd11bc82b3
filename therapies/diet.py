"""The diet after a purification, step by step (samsarjana krama): which meal on which day. Pure.

Two main meals a day; each step of the order is kept for as many meals as the grade of cleansing says (Charaka, Siddhi
1/11-15, and AyuSoft; the catalogue's rules name the sources).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from therapies.models.words import in_reader_language

STEPS = "samsarjana_steps"
"""The rule that says the order of the food, and its words."""


@dataclass(frozen=True)
class DietSchedule:
    """One grade of cleansing: how long the diet lasts in days, and by how many bouts the grade is known."""

    grade: str
    days: int
    meals_a_step: int
    vamana_bouts: int
    virechana_bouts: int

    def bouts_of(self, therapy: str) -> int:
        return self.vamana_bouts if therapy == "vamana" else self.virechana_bouts


@dataclass(frozen=True)
class DietDay:
    """The food of one day: `number` days after the purification. "" where that meal is not of the diet."""

    number: int
    midday: str
    evening: str


def diet_schedules(rules: Iterable[tuple[str, Mapping[str, Any]]]) -> list[DietSchedule]:
    """The schedules of these rules (code and data), the longest first."""
    rows = [
        DietSchedule(
            data["grade"], data["days"], data["annakala_per_step"], data["vamana_bouts"], data["virechana_bouts"]
        )
        for _code, data in rules
        if "grade" in data
    ]
    return sorted(rows, key=lambda row: -row.days)


def grade_of(bouts: int, therapy: str, schedules: Iterable[DietSchedule]) -> DietSchedule | None:
    """The highest grade whose number of bouts was reached; None below the lowest.

    4, 6 and 8 after Vamana, 10, 20 and 30 after Virechana: the catalogue's rules name the sources.
    """
    reached = [row for row in schedules if bouts >= row.bouts_of(therapy)]
    return max(reached, key=lambda row: row.bouts_of(therapy), default=None)


def next_grade(bouts: int, therapy: str, schedules: Iterable[DietSchedule]) -> DietSchedule | None:
    """The lowest grade that was not reached yet; None beyond the highest."""
    missing = [row for row in schedules if bouts < row.bouts_of(therapy)]
    return min(missing, key=lambda row: row.bouts_of(therapy), default=None)


def is_too_many(bouts: int, therapy: str, schedules: Iterable[DietSchedule]) -> bool:
    """Whether there were more bouts than the highest grade has: ask the Vaidya at once (a clinic default)."""
    return bouts > max((row.bouts_of(therapy) for row in schedules), default=bouts)


def food_in_order(rules: Iterable[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """The steps of the diet in the reader's words."""
    data = next((data for code, data in rules if code == STEPS), {})
    words = data.get("words", {})
    return [in_reader_language(words.get(step, {}), step) for step in data.get("order", [])]


def diet_days(schedule: DietSchedule, food: Iterable[str], *, from_evening: bool) -> list[DietDay]:
    """Each day of the diet; it begins on the evening of the purification (`from_evening`) or the next noon."""
    meals = [dish for dish in food for _time in range(schedule.meals_a_step)]
    first = 0 if from_evening else 1
    slots = [""] * from_evening + meals
    slots += [""] * (len(slots) % 2)
    return [
        DietDay(first + place, midday, evening)
        for place, (midday, evening) in enumerate(zip(slots[::2], slots[1::2], strict=True))
    ]
