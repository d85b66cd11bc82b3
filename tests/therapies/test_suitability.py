"""Each question and each contraindication of the shipped data: fires, lets pass, not sure, cleared, worse than cleared.

What is expected comes from a table of the conventions written here, not from the code under test.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.therapies.shipped_profiles import QUESTIONS, SHIPPED, asked, shipped_profiles
from therapies import questionnaire
from therapies.catalogue.reader import Catalogue
from therapies.models import Question, Variant
from therapies.profiles import asked_of, profile_of
from therapies.suitability import Asked, ClearedAnswer, Effect, FindingKind, Profile, judge

NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=90)
STRENGTH = {"inform_crew": 1, "needs_consultation_first": 2, "block_massage": 3, "urgent_referral": 4}
OF_LEVEL = {"relative": 2, "defer": 3, "absolute": 3}


@pytest.fixture(scope="module")
def profiles() -> list[Profile]:
    return shipped_profiles()


def test_rows_say_what_the_files_say(loaded: Catalogue, profiles: list[Profile]) -> None:
    rows = Variant.objects.select_related("therapy").prefetch_related("therapy__contraindications__term")

    of_rows = {(made.therapy, made.variant): made for made in map(profile_of, rows)}

    assert [of_rows[made.therapy, made.variant] for made in profiles] == profiles
    assert [asked_of(question) for question in Question.objects.order_by("code")] == [
        asked(code) for code in sorted(QUESTIONS)
    ]


def firing(question: Asked, profile: Profile) -> Any:
    """An answer that fires, or None where this therapy has no such answer."""
    match question.trigger:
        case "yes" | "no":
            return question.trigger
        case {"any_text": True}:
            return "something"
        case {"at_least": limit}:
            return limit
        case {"outside": _}:
            return profile.minimum_age - 1 if profile.minimum_age else None
        case {"less_than_hours": _}:
            return NOW - dt.timedelta(minutes=5) if profile.hours_after_meal else None
    raise AssertionError(question.trigger)


def passing(question: Asked) -> Any:
    """An answer that says that nothing is wrong."""
    match question.trigger:
        case "yes":
            return "no"
        case "no":
            return "yes"
        case {"any_text": True}:
            return ""
        case {"at_least": limit}:
            return limit - 1
        case {"outside": _}:
            return 40
        case {"less_than_hours": _}:
            return NOW - dt.timedelta(hours=24)
    raise AssertionError(question.trigger)


def concerns(question: Asked, profile: Profile) -> bool:
    names = {"all", profile.therapy} | profile.groups
    fits = not question.applies_to_variants or profile.variant in question.applies_to_variants
    return bool(names & question.applies_to) and fits


def expected(question: Asked, profile: Profile) -> int:
    """The stronger of the question's effect (or its override) and of the level of its terms."""
    own = STRENGTH[question.overrides.get(profile.therapy, question.effect)] if concerns(question, profile) else 0
    return max([own, *(OF_LEVEL[profile.levels[term]] for term in question.terms if term in profile.levels)])


def found(question: Asked, value: Any, profile: Profile, *clearances: ClearedAnswer) -> tuple[str, int]:
    findings = judge(profile, [question], {question.code: value}, clearances=clearances, now=NOW)
    return (str(findings[0].kind), int(findings[0].effect)) if findings else ("", 0)


def cases(question: Asked, profiles: list[Profile]) -> Iterator[tuple[Profile, Any, int]]:
    for profile in profiles:
        value = firing(question, profile)
        if value is not None:
            yield profile, value, expected(question, profile)


@pytest.mark.parametrize("code", QUESTIONS)
def test_question_fires_with_the_stronger_of_its_effect_and_the_level(code: str, profiles: list[Profile]) -> None:
    question = asked(code)

    for profile, value, strength in cases(question, profiles):
        kind = {0: "", 1: "note", 2: "ask", 3: "stop", 4: "stop"}[strength]
        assert found(question, value, profile) == (kind, strength), (profile.therapy, profile.variant)


@pytest.mark.parametrize("code", QUESTIONS)
def test_question_lets_pass_who_has_nothing(code: str, profiles: list[Profile]) -> None:
    question = asked(code)

    assert {found(question, passing(question), profile) for profile in profiles} == {("", 0)}


@pytest.mark.parametrize("code", QUESTIONS)
def test_not_sure_asks_the_vaidya_and_counts_as_yes_among_red_flags(code: str, profiles: list[Profile]) -> None:
    question = asked(code)
    if question.trigger not in ("yes", "no"):
        assert {found(question, "unsure", profile)[0] for profile in profiles} <= {"stop", "ask", ""}
        return

    for profile in profiles:
        full = expected(question, profile)
        strength = full if question.group == "red_flag" else min(full, 2)
        assert found(question, "unsure", profile)[1] == strength, (profile.therapy, profile.variant)


@pytest.mark.parametrize("code", QUESTIONS)
def test_cleared_answer_is_a_note_until_the_clearance_ends(code: str, profiles: list[Profile]) -> None:
    question = asked(code)

    for profile, value, strength in cases(question, profiles):
        here = frozenset({profile.therapy})
        note = ("note", strength) if strength else ("", 0)
        assert found(question, value, profile, ClearedAnswer(code, value, here, LATER)) == note
        ended = found(question, value, profile, ClearedAnswer(code, value, here, NOW))
        elsewhere = found(question, value, profile, ClearedAnswer(code, value, frozenset({"another"}), LATER))
        assert ended == elsewhere == found(question, value, profile)


WORSE = {
    "yes": ("unsure", "yes"),
    "no": ("unsure", "no"),
    "any_text": ("one thing", "one thing more"),
    "at_least": (8, 9),
}


def how(question: Asked) -> str:
    return question.trigger if isinstance(question.trigger, str) else next(iter(question.trigger))  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("code", [code for code in QUESTIONS if how(asked(code)) in WORSE])
def test_worse_than_what_was_cleared_fires_again(code: str, profiles: list[Profile]) -> None:
    question = asked(code)
    cleared, now_said = WORSE[how(question)]

    for profile in profiles:
        decision = ClearedAnswer(code, cleared, frozenset({profile.therapy}), LATER)
        assert found(question, now_said, profile, decision) == found(question, now_said, profile)


def test_every_contraindication_is_reached_by_a_question_or_left_to_the_vaidya(loaded: Catalogue) -> None:
    """No contraindication of the data is out of every question's reach, but for those only an examination can tell."""
    reached = {term for question in Question.objects.all() for term in question.data.get("terms", [])}
    against = set(
        Variant.objects.values_list("therapy__contraindications__term__code", flat=True).exclude(
            therapy__contraindications=None
        )
    )

    left = {"kapha_aggravation", "pitta_aggravation", "vata_disorder", "over_oleated", "not_oleated_or_dry"}
    assert against - reached == left


def test_rule_that_cannot_be_evaluated_blocks_and_says_so() -> None:
    profile = Profile("abhyanga", "default", frozenset(), {})
    question = Asked(
        "odd",
        "general",
        "block_massage",
        {"moon_is": "full"},
        "this_session",
        frozenset({"all"}),
        frozenset(),
        (),
        {},
        "",
        "?",
    )

    finding = judge(profile, [question], {"odd": "yes"}, now=NOW)[0]

    assert (finding.kind, finding.effect) == (FindingKind.STOP, Effect.BLOCK)
    assert "cannot be evaluated" in finding.reason


def test_strongest_finding_comes_first(profiles: list[Profile]) -> None:
    profile = next(profile for profile in profiles if profile.therapy == "abhyanga")
    answers = {"gh_pregnancy": "yes", "rf_saddle_numbness": "yes", "bc_swelling": "yes"}
    questions = [asked(code) for code in answers]

    findings = judge(profile, questions, answers, now=NOW)

    assert findings[0].question == "rf_saddle_numbness"
    assert findings[0].urgency == "emergency_now"
    assert [finding.effect for finding in findings] == sorted((f.effect for f in findings), reverse=True)


def test_a_sign_for_a_doctor_the_same_day_is_lifted_with_a_report_and_others_by_examination() -> None:
    """Night pain, weight loss and cancer long ago: a Vaidya clears them by their own examination, with a reason."""
    with_report = {code for code in QUESTIONS if asked(code).lifted_with == "report"}

    assert with_report == {
        question.code for question in SHIPPED.questions if question.urgency in ("emergency_now", "same_day_doctor")
    }
    assert {
        asked(code).lifted_with for code in ("rf_night_rest_pain", "rf_recent_weight_loss", "rf_cancer_history")
    } == {"own_examination"}


def test_a_finding_that_only_informs_the_crew_waits_for_nobody() -> None:
    profile = Profile("lepa", "default", frozenset(), {})
    question = replace(asked("gh_heart"), effect="inform_crew")

    findings = judge(profile, [question], {"gh_heart": "yes"}, now=NOW)

    assert [(finding.kind, finding.effect) for finding in findings] == [(FindingKind.NOTE, Effect.NOTE)]


@pytest.mark.parametrize(("age", "is_put"), [(19, True), (40, False), (51, True), (None, True)])
def test_a_question_of_an_age_is_put_to_nobody_else(age: int | None, *, is_put: bool) -> None:
    question = replace(asked("gh_heart"), asked_of_ages=((0, 19), (51, 130)))

    assert questionnaire.history_of_body([question], age=age) == ([question] if is_put else [])


def test_a_question_that_others_replace_is_asked_no_more_and_its_answer_still_counts() -> None:
    profile = Profile("lepa", "default", frozenset(), {})
    question = replace(asked("gh_heart"), replaced_by=("hv_bruises",))

    assert questionnaire.history_of_body([question]) == []
    assert [row.kind for row in judge(profile, [question], {"gh_heart": "yes"}, now=NOW)] == [FindingKind.ASK]
