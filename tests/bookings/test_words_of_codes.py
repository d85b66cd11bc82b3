"""No code of the catalogue or of the history is shown to anybody: each that a page shows has words. Pure."""

import re
from pathlib import Path

import pytest

from bookings.desk.visits.page import VERBS
from tests.therapies.shipped_profiles import SHIPPED
from therapies.consent_texts import LANGUAGES, _words
from therapies.readings import WORDS
from therapies.safety.words import CODES

ACTIONS = Path(__file__).parents[2] / "bookings" / "actions"
THERAPIES = list(SHIPPED.therapies.values())


def monitoring_of(code: str) -> dict[str, list[str]]:
    return next(row for row in THERAPIES if row.code == code).facts.model_dump()["monitoring"]


@pytest.mark.parametrize("code", [therapy.code for therapy in THERAPIES])
def test_each_vital_and_stop_sign_of_a_therapy_has_words(code: str) -> None:
    monitoring = monitoring_of(code)

    assert [vital for vital in monitoring.get("vitals", []) if vital not in WORDS] == []
    signs = monitoring.get("stop_signs", [])
    assert [
        (sign, language) for sign in signs for language in LANGUAGES if sign not in _words()[language]["signs"]
    ] == []


def test_each_group_of_questions_has_words_for_staff_and_a_heading_for_patients() -> None:
    groups = {question.group for question in SHIPPED.questions}
    headings = (Path(__file__).parents[2] / "templates/questionnaire/_group_name.html").read_text(encoding="utf-8")

    assert groups - CODES.keys() == set()
    assert groups - set(re.findall(r'code == "(\w+)"', headings)) == set()


def test_each_act_that_is_written_into_the_history_has_words() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(ACTIONS.glob("*.py")))
    source = re.sub(r"idempotency\.\w+\([^)]*\)", "", source)  # an act that is pressed twice, named for itself
    verbs = set(re.findall(r'history\.write\(\s*[^,]+,\s*"(\w+)"', source)) | set(re.findall(r'verb="(\w+)"', source))

    assert len(verbs) > 20
    assert verbs - VERBS.keys() == set()
