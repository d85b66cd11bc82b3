"""The diet after a purification: as many meals of each step as the grade says, on as many days."""

import pytest
from django.utils import translation

from tests.therapies.shipped_profiles import SHIPPED
from therapies.diet import diet_days, diet_schedules, food_in_order, grade_of, is_too_many, next_grade

RULES = [(rule.code, rule.rule) for rule in SHIPPED.rules if rule.kind == "schedule"]
TOTALS = {rule["grade"]: rule["total_meals"] for _code, rule in RULES if "grade" in rule}
PEYA, VILEPI, YUSHA, SOUP = "peya", "vilepi", "yusha", "soup"


def test_schedules_are_those_of_the_three_grades() -> None:
    rows = diet_schedules(RULES)

    assert [(row.grade, row.days, row.meals_a_step) for row in rows] == [
        ("pravara", 7, 3),
        ("madhyama", 5, 2),
        ("avara", 3, 1),
    ]
    assert [(row.bouts_of("vamana"), row.bouts_of("virechana")) for row in rows] == [(8, 30), (6, 20), (4, 10)]


@pytest.mark.parametrize("schedule", diet_schedules(RULES), ids=lambda row: row.grade)
@pytest.mark.parametrize("from_evening", [True, False])
def test_each_step_is_kept_for_its_meals_in_order(schedule: object, *, from_evening: bool) -> None:
    """From the evening of the purification on it fills exactly the days of its grade."""
    days = diet_days(schedule, [PEYA, VILEPI, YUSHA, SOUP], from_evening=from_evening)  # type: ignore[arg-type]

    meals = [meal for day in days for meal in (day.midday, day.evening) if meal]
    a_step = schedule.meals_a_step  # type: ignore[attr-defined]
    assert meals == [food for food in (PEYA, VILEPI, YUSHA, SOUP) for _meal in range(a_step)]
    assert len(meals) == TOTALS[schedule.grade]  # type: ignore[attr-defined]
    assert [day.number for day in days] == [*range(1 - from_evening, 1 - from_evening + len(days))]
    assert len(days) == (schedule.days if from_evening else len(meals) // 2)  # type: ignore[attr-defined]


def test_least_cleansing_as_it_is_printed() -> None:
    avara = diet_schedules(RULES)[-1]

    days = diet_days(avara, [PEYA, VILEPI, YUSHA, SOUP], from_evening=True)

    assert [(day.number, day.midday, day.evening) for day in days] == [(0, "", PEYA), (1, VILEPI, YUSHA), (2, SOUP, "")]


@pytest.mark.parametrize(("language", "first"), [("en", "Peya: thin rice gruel"), ("hi", "पेया: चावल का पतला माँड़")])
def test_food_is_told_in_the_reader_s_language(language: str, first: str) -> None:
    with translation.override(language):
        food = food_in_order(RULES)

    assert (food[0], len(food)) == (first, 4)


@pytest.mark.parametrize(
    ("therapy", "bouts", "grade", "following", "too_many"),
    [
        ("vamana", 0, "", "avara", False),
        ("vamana", 3, "", "avara", False),
        ("vamana", 4, "avara", "madhyama", False),
        ("vamana", 6, "madhyama", "pravara", False),
        ("vamana", 8, "pravara", "", False),
        ("vamana", 9, "pravara", "", True),
        ("virechana", 9, "", "avara", False),
        ("virechana", 19, "avara", "madhyama", False),
        ("virechana", 30, "pravara", "", False),
        ("virechana", 31, "pravara", "", True),
    ],
)
def test_counted_bouts_give_the_grade_by_the_catalogue_s_figures(
    therapy: str, bouts: int, grade: str, following: str, *, too_many: bool
) -> None:
    schedules = diet_schedules(RULES)
    reached, missing = grade_of(bouts, therapy, schedules), next_grade(bouts, therapy, schedules)

    assert (reached.grade if reached else "", missing.grade if missing else "") == (grade, following)
    assert is_too_many(bouts, therapy, schedules) is too_many
