"""What whoever treats must know: told allergies, a Vaidya's words, medicines; pure."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bookings.facts.alerts import (
    AlertAnswer,
    AlertQuestion,
    Alerts,
    AllergyState,
    Caution,
    OrderedMaterial,
    alerts_of,
)

NOW = dt.datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Kolkata"))
A_DAY = dt.timedelta(days=1)
ALLERGY = AlertQuestion("gh_allergy", "allergy", {"en": "Allergy"}, "yes", "yes_no_text")
MEDICINES = AlertQuestion("gh_medicines", "medicine", {"en": "Medicines"}, {"any_text": True}, "free_text")
THINNER = AlertQuestion("gh_blood_thinner", "medicine", {"en": "Blood thinner"}, "yes", "yes_no_unsure")


def answer(question: AlertQuestion, value: object, text: str = "", *, days_ago: int = 1) -> AlertAnswer:
    return AlertAnswer(question, value, text, NOW - days_ago * A_DAY)


def caution(reason: str = "coconut oil only", *, days: int = 30, allowed: bool = True, days_ago: int = 1) -> Caution:
    at = NOW - days_ago * A_DAY
    return Caution(
        "gh_allergy", {"en": "Allergy"}, reason, ("Kati Basti",), allowed, "Dr. Anand", at, NOW + days * A_DAY
    )


def alerts(*answers: AlertAnswer, decisions: tuple[Caution, ...] = ()) -> Alerts:
    return alerts_of(age=68, answers=answers, decisions=decisions, precautions=(), now=NOW)


def words(shown: Alerts) -> list[tuple[str, str]]:
    return [(line.name, line.words) for line in shown.lines]


def test_sesame_oil_rash_is_shown_in_the_words_of_the_patient() -> None:
    shown = alerts(answer(ALLERGY, "yes", "Sesame oil: rash"))

    assert (shown.allergy_state, words(shown)) == (AllergyState.TOLD, [("Allergy", "Sesame oil: rash")])


def test_no_allergy_told_is_not_the_same_as_never_asked() -> None:
    asked, never = alerts(answer(ALLERGY, "no")), alerts(answer(THINNER, "yes"))

    assert (asked.allergy_state, asked.allergies_asked_at) == (AllergyState.NONE_TOLD, NOW - A_DAY)
    assert (never.allergy_state, never.allergies_asked_at) == (AllergyState.NOT_ASKED, None)


def test_allergy_stays_in_sight_when_it_is_denied_later() -> None:
    shown = alerts(answer(ALLERGY, "yes", "Sesame oil: rash", days_ago=20), answer(ALLERGY, "no", days_ago=2))

    assert [(line.words, line.denied_at) for line in shown.allergies] == [("Sesame oil: rash", NOW - 2 * A_DAY)]


def test_second_allergy_does_not_hide_the_first() -> None:
    shown = alerts(answer(ALLERGY, "yes", "Sesame oil", days_ago=20), answer(ALLERGY, "yes", "Milk", days_ago=2))

    assert [line.words for line in shown.allergies] == ["Milk", "Sesame oil"]


def test_not_sure_is_shown_and_says_so() -> None:
    shown = alerts(answer(THINNER, "unsure"))

    assert [(line.name, line.unsure) for line in shown.medicines] == [("Blood thinner", True)]


@pytest.mark.parametrize(("newest", "expected"), [("Aspirin", ["Aspirin"]), ("", [])])
def test_list_of_medicines_is_the_one_written_last(newest: str, expected: list[str]) -> None:
    shown = alerts(answer(MEDICINES, "Warfarin", days_ago=20), answer(MEDICINES, newest))

    assert [line.words for line in shown.medicines] == expected


def test_words_of_the_vaidya_are_shown_as_long_as_the_decision_holds() -> None:
    shown = alerts(decisions=(caution("ended", days=-1, days_ago=40), caution()))

    assert [row.reason for row in shown.cautions] == ["coconut oil only"]


def test_later_decision_takes_the_place_of_the_earlier() -> None:
    later = alerts(decisions=(caution(days_ago=9), caution("ghee only", days_ago=2)))
    refused = alerts(decisions=(caution(days_ago=9), caution("not at all", allowed=False, days_ago=2)))

    assert [row.reason for row in later.cautions] == ["ghee only"]
    assert refused.cautions == ()


def test_words_of_the_vaidya_stay_when_the_patient_denies_the_allergy() -> None:
    shown = alerts(
        answer(ALLERGY, "yes", "Sesame", days_ago=5), answer(ALLERGY, "no", days_ago=0), decisions=(caution(),)
    )

    assert [row.reason for row in shown.cautions] == ["coconut oil only"]


def test_ordered_material_that_matches_an_allergy_is_marked_with_its_reason() -> None:
    ordered = [
        OrderedMaterial("Kati Basti", "Sesame oil", ""),
        OrderedMaterial("Abhyanga", "Sesame oil", "Patch test: nothing"),
        OrderedMaterial("Lepa", "Coconut oil", ""),
    ]

    shown = alerts_of(
        age=68,
        answers=[answer(ALLERGY, "yes", "Sesame oil: rash")],
        decisions=(),
        precautions=(),
        ordered=ordered,
        now=NOW,
    )

    assert [(row.therapy, row.reason) for row in shown.matches] == [
        ("Kati Basti", ""),
        ("Abhyanga", "Patch test: nothing"),
    ]


def test_decision_of_one_day_is_shown_with_that_day() -> None:
    """Its end is the midnight after it."""
    midnight = dt.datetime(2026, 3, 3, tzinfo=ZoneInfo("Asia/Kolkata"))
    caution = Caution("gh", {}, "Oil", ("lepa",), True, "Latha", midnight - dt.timedelta(hours=9), midnight)

    assert caution.last_moment.date() == dt.date(2026, 3, 2)
