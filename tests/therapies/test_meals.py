"""One sentence about the last meal, the strictest, for a visit of several therapies."""

import pytest

from tests.shipped import load_shipped
from therapies.meal_words import one_meal
from therapies.models import TherapyText

EMPTY_THREE = "Come with an empty stomach. Eat nothing in the 3 hours before."
LAST_TWO = "Have your last meal at least 2 hours before."
LAST_THREE = "Have your last meal at least 3 hours before."
CLOTHES = "Wear loose clothes."


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], []),
        ([(2, [LAST_TWO, CLOTHES])], [LAST_TWO, CLOTHES]),
        ([(2, [LAST_TWO, CLOTHES]), (3, [EMPTY_THREE, CLOTHES])], [CLOTHES, EMPTY_THREE]),
        ([(3, [EMPTY_THREE]), (2, [LAST_TWO])], [EMPTY_THREE]),
        ([(3, [LAST_THREE]), (3, [EMPTY_THREE])], [EMPTY_THREE]),
        ([(2, [LAST_TWO]), (2, [LAST_TWO])], [LAST_TWO]),
        ([(None, [CLOTHES]), (2, ["Eat little."]), (3, [EMPTY_THREE])], [CLOTHES, "Eat little.", EMPTY_THREE]),
    ],
)
def test_meal_is_said_once_as_the_strictest(given: list[tuple[int | None, list[str]]], said: list[str]) -> None:
    assert one_meal(given) == said


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "hi"])
def test_shipped_therapies_of_one_day_say_one_meal(language: str) -> None:
    load_shipped()
    rows = {
        row.therapy.code: (row.therapy.hours_after_meal, row.preparation)
        for row in TherapyText.objects.filter(language=language).select_related("therapy")
    }

    both = one_meal([rows["swedana"], rows["abhyanga"]])

    hours = {code: [line for line in rows[code][1] if str(rows[code][0]) in line] for code in ("swedana", "abhyanga")}
    assert {code: len(lines) for code, lines in hours.items()} == {"swedana": 1, "abhyanga": 1}
    assert [line for line in both if line in hours["swedana"] + hours["abhyanga"]] == hours["abhyanga"]
