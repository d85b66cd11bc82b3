"""How long a decision on an answer holds: every shipped question with every therapy, over what a patient may say.

What is expected is read from the files of the catalogue a second time, by rules written apart from the code.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bookings.facts.health_answers import Decided, Said
from bookings.facts.patient import PatientFacts, findings, told_emergency
from clinic.people.models import Patient
from tests.shipped import CATALOGUE
from therapies.profiles import asked_as
from therapies.suitability import Asked, FindingKind, Profile

QUESTIONS = {question.code: question for question in CATALOGUE.questions if not question.rule.known_from}
THERAPIES = [therapy for therapy in CATALOGUE.therapies.values() if therapy.kind == "procedure"]
KOLKATA = ZoneInfo("Asia/Kolkata")
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=KOLKATA)
A_MINUTE, A_DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
OWN = {"needs_consultation_first": 1, "block_massage": 2, "urgent_referral": 3}
OF_LEVEL = {"relative": 1, "defer": 2, "absolute": 2}
OPEN, NOTED, NOTHING = "open", "noted", ""


# --- what a patient says and a Vaidya decides -------------------------------------------------------------------------


@dataclass(frozen=True)
class Course:
    """What is said and decided, as (moment, answer) and (moment, answer decided on); judged at `now`."""

    said: tuple[tuple[dt.datetime, str], ...]
    decided: tuple[tuple[dt.datetime, str], ...] = ()
    now: dt.datetime = NOON + 2 * A_MINUTE
    until: dt.datetime = NOON + 90 * A_DAY


def result_of(code: str, profile: Profile, course: Course) -> str:
    asked = ASKED[code]
    said = tuple(Said(shown(code, word), "", at) for at, word in course.said)
    decided = tuple(
        Decided(code, shown(code, word), "", frozenset({profile.therapy}), allowed=True, at=at, until=course.until)
        for at, word in course.decided
    )
    nothing: frozenset[str] = frozenset()
    patient_facts = PatientFacts(
        Patient(birth_date=dt.date(1980, 1, 1)),
        course.now,
        (asked,),
        {code: said},
        decided,
        suspended=nothing,
        ordered=(),
        consents=nothing,
    )
    rows = findings(patient_facts, profile, on=course.now.date(), zone=KOLKATA)
    return "".join(NOTED if row.kind is FindingKind.NOTE else OPEN for row in rows)


def shown(code: str, word: str) -> str:
    """The answer that means "yes, there is something" in the words of its question, its opposite, or not sure."""
    question = QUESTIONS[code]
    if question.rule.trigger not in ("yes", "no"):
        return {"yes": "aspirin", "no": ""}[word]
    if word == "unsure":
        return "prefer_not" if question.answer_type == "yes_no_prefer_not" else "unsure"
    opposite = {"yes": "no", "no": "yes"}
    return word if question.rule.trigger == "yes" else opposite[word]


# --- what the data say, read a second time ----------------------------------------------------------------------------


def is_meant_for(code: str, profile: Profile) -> bool:
    rule = QUESTIONS[code].rule
    named = bool({"all", profile.therapy, *profile.groups} & set(rule.applies_to))
    return named and (not rule.applies_to_variants or profile.variant in rule.applies_to_variants)


def strength(code: str, profile: Profile) -> int:
    """0 where the answer does not matter, 1 a Vaidya decides, 2 no treatment while it applies, 3 a doctor first."""
    rule = QUESTIONS[code].rule
    own = OWN.get(rule.effect_overrides.get(profile.therapy, QUESTIONS[code].effect), 0)
    levels = [OF_LEVEL[profile.levels[term]] for term in rule.terms if term in profile.levels]
    return max([own if is_meant_for(code, profile) else 0, *levels])


def is_lasting(code: str) -> bool:
    return QUESTIONS[code].rule.scope == "until_physician_clears"


def is_emergency(code: str) -> bool:
    return QUESTIONS[code].urgency == "emergency_now"


def is_of_its_day(code: str, profile: Profile) -> bool:
    """A sign of the moment: about today, an emergency, of the last session only, or asked each time and a reason to
    stop."""
    stages = set(QUESTIONS[code].rule.asked_when)
    asked_each_time = "every_session" in stages
    return (
        not is_lasting(code)
        or is_emergency(code)
        or stages == {"every_session"}
        or (asked_each_time and strength(code, profile) >= 2)
    )


def profile(therapy: Any, variant: Any) -> Profile:
    against = therapy.contraindications.items()
    levels = {term: row.level for term, row in against if not row.variants or variant.code in row.variants}
    return Profile(therapy.code, variant.code, frozenset(therapy.groups), levels)


def asked_of_shape(shape: Any) -> Asked:
    said = {name: getattr(shape, name) for name in ("group", "effect", "urgency", "answer_type")}
    return asked_as(shape.code, rule=shape.rule.model_dump(), **said)


ASKED = {code: asked_of_shape(shape) for code, shape in QUESTIONS.items()}
SAYABLE = [
    code for code, row in QUESTIONS.items() if row.rule.trigger in ("yes", "no") or "any_text" in row.rule.trigger
]
"""All but the hour of the last meal and the score of pain, which count for their day and have no "no"."""


def cases() -> Iterator[tuple[str, Profile]]:
    """Each question with each variant of a therapy that its answer speaks against."""
    for code in SAYABLE:
        for therapy in THERAPIES:
            for variant in therapy.variants:
                if strength(code, row := profile(therapy, variant)):
                    yield code, row


CASES = list(cases())


def unlike(course: Course, expected: Callable[[str, Profile], str], cases: Any = CASES) -> list[tuple[str, str, str]]:
    """The cases whose result is another than expected."""
    return [
        (code, f"{row.therapy}/{row.variant}", result)
        for code, row in cases
        if (result := result_of(code, row, course)) != expected(code, row)
    ]


# --- the histories ----------------------------------------------------------------------------------------------------

YES = (NOON, "yes")
CLEARED = (NOON + A_MINUTE, "yes")


def test_there_is_something_to_test() -> None:
    emergencies = {code for code, _row in CASES if is_emergency(code)}
    assert len(CASES) > 500
    assert {"rf_chest_pain", "rf_saddle_numbness"} <= emergencies
    assert {code for code, row in CASES if is_of_its_day(code, row)} >= {
        "hv_swollen_leg",
        "bc_worse_last_time",
        "td_fever_now",
    }
    assert {code for code, row in CASES if not is_of_its_day(code, row)} >= {"gh_heart", "gh_medicines"}


def test_yes_is_open_and_no_is_nothing() -> None:
    assert unlike(Course((YES,)), lambda *_case: OPEN) == []
    assert unlike(Course(((NOON, "no"),)), lambda *_case: NOTHING) == []


def test_not_sure_is_open() -> None:
    """What somebody would rather tell the clinic is not judged: it is due, and staff ask it."""
    of_words = [(code, row) for code, row in CASES if QUESTIONS[code].rule.trigger in ("yes", "no")]
    sure = [(code, row) for code, row in of_words if QUESTIONS[code].answer_type != "yes_no_prefer_not"]
    meant = [(code, row) for code, row in sure if is_meant_for(code, row)]

    assert unlike(Course(((NOON, "unsure"),)), lambda *_case: OPEN, meant) == []


def test_what_nobody_decided_on_stays_open_when_denied_or_old() -> None:
    denied = Course((YES, (NOON + A_MINUTE, "no")))
    old = Course((YES,), now=NOON + 40 * A_DAY)

    def open_emergency_or_lasting(code: str, _row: Profile) -> str:
        return OPEN if is_lasting(code) else NOTHING

    assert unlike(denied, open_emergency_or_lasting) == []
    assert unlike(old, open_emergency_or_lasting) == []


def test_cleared_answer_is_covered_that_day_and_an_emergency_is_not() -> None:
    """No session starts on the day of an emergency, whatever was decided."""
    course = Course((YES,), (CLEARED,))

    assert unlike(course, lambda code, _row: OPEN if is_emergency(code) else NOTED) == []


def test_clearance_of_a_sign_of_the_moment_covers_that_day_only() -> None:
    """Told again the next day: a new finding. An illness that the Vaidya knows stays covered."""
    tomorrow = Course((YES, (NOON + A_DAY, "yes")), (CLEARED,), now=NOON + A_DAY + A_MINUTE)

    assert unlike(tomorrow, lambda code, row: OPEN if is_of_its_day(code, row) else NOTED) == []


def test_sign_of_the_moment_that_was_dealt_with_waits_for_nobody_the_next_day() -> None:
    """It is asked anew before the session."""
    tomorrow = Course((YES,), (CLEARED,), now=NOON + A_DAY)

    assert unlike(tomorrow, lambda code, row: NOTHING if is_of_its_day(code, row) else NOTED) == []


def test_clearance_ends_with_the_next_no() -> None:
    """Cleared, denied, and told again on day 20: a new finding, of whatever kind."""
    course = Course(
        (YES, (NOON + A_DAY, "no"), (NOON + 20 * A_DAY, "yes")), (CLEARED,), now=NOON + 20 * A_DAY + A_MINUTE
    )

    assert unlike(course, lambda *_case: OPEN) == []


def test_denied_after_it_was_cleared_is_nothing() -> None:
    course = Course((YES, (NOON + A_DAY, "no")), (CLEARED,), now=NOON + A_DAY + A_MINUTE)

    assert unlike(course, lambda *_case: NOTHING) == []


def test_worse_than_what_was_cleared_is_open() -> None:
    of_words = [(code, row) for code, row in CASES if QUESTIONS[code].rule.trigger in ("yes", "no")]
    course = Course(((NOON, "unsure"), (NOON + 2 * A_MINUTE, "yes")), ((NOON + A_MINUTE, "unsure"),))

    assert unlike(course, lambda *_case: OPEN, of_words) == []


def test_clearance_ends_with_the_order() -> None:
    """What is not of its day is open again, told anew or not."""
    ended = Course((YES,), (CLEARED,), now=NOON + 90 * A_DAY)
    again = Course((YES, (NOON + 90 * A_DAY, "yes")), (CLEARED,), now=NOON + 90 * A_DAY)

    assert unlike(ended, lambda code, row: NOTHING if is_of_its_day(code, row) else OPEN) == []
    assert unlike(again, lambda *_case: OPEN) == []


def test_what_was_told_meanwhile_and_decided_by_nobody_stays_open() -> None:
    """Milk was decided on; nuts were not, whatever is told next."""
    row = next(row for code, row in CASES if code == "gh_medicines")
    tell = {"milk": "aspirin", "nuts": "warfarin"}
    said = tuple(Said(tell[word], "", NOON + number * A_DAY) for number, word in enumerate(["milk", "nuts", "milk"]))
    decided = (
        Decided(
            "gh_medicines",
            "aspirin",
            "",
            frozenset({row.therapy}),
            allowed=True,
            at=NOON + A_MINUTE,
            until=NOON + 90 * A_DAY,
        ),
    )
    nothing: frozenset[str] = frozenset()
    patient_facts = PatientFacts(
        Patient(birth_date=dt.date(1980, 1, 1)),
        NOON + 2 * A_DAY,
        (ASKED["gh_medicines"],),
        {"gh_medicines": said},
        decided,
        suspended=nothing,
        ordered=(),
        consents=nothing,
    )

    rows = findings(patient_facts, row, on=patient_facts.now.date(), zone=KOLKATA)

    assert [(finding.kind, finding.value) for finding in rows] == [(FindingKind.ASK, "warfarin")]


def test_later_not_allowed_ends_what_was_allowed() -> None:
    """Two Vaidyas of two minds: the stricter, later one holds."""
    row = next(row for code, row in CASES if code == "gh_heart")

    def kinds(*allowed: bool) -> list[FindingKind]:
        decided = tuple(
            Decided(
                "gh_heart",
                "yes",
                "",
                frozenset({row.therapy}),
                allowed=each,
                at=NOON + number * A_MINUTE,
                until=NOON + 90 * A_DAY,
            )
            for number, each in enumerate(allowed, start=1)
        )
        nothing: frozenset[str] = frozenset()
        patient_facts = PatientFacts(
            Patient(birth_date=dt.date(1980, 1, 1)),
            NOON + A_DAY,
            (ASKED["gh_heart"],),
            {"gh_heart": (Said("yes", "", NOON),)},
            decided,
            suspended=nothing,
            ordered=(),
            consents=nothing,
        )
        return [finding.kind for finding in findings(patient_facts, row, on=patient_facts.now.date(), zone=KOLKATA)]

    assert kinds(True) == [FindingKind.NOTE]
    assert kinds(True, False) == [FindingKind.ASK]
    assert kinds(True, False, True) == [FindingKind.NOTE]


@pytest.mark.parametrize(("word", "acts"), [("yes", True), ("unsure", True), ("no", False)])
def test_emergency_of_the_day_acts_whatever_was_decided(word: str, *, acts: bool) -> None:
    def told(code: str, *, on: dt.date) -> bool:
        said, decided = (
            Said(word, "", NOON),
            Decided(code, word, "", frozenset({"abhyanga"}), allowed=True, at=NOON - A_MINUTE, until=NOON + 90 * A_DAY),
        )
        nothing: frozenset[str] = frozenset()
        patient_facts = PatientFacts(
            Patient(),
            NOON,
            (ASKED[code],),
            {code: (said,)},
            (decided,),
            suspended=nothing,
            ordered=(),
            consents=nothing,
        )
        return told_emergency(patient_facts, on=on, zone=KOLKATA)

    emergencies = [code for code in SAYABLE if is_emergency(code)]
    today = NOON.date()

    assert {told(code, on=today) for code in emergencies} == {acts}
    assert {told(code, on=today + A_DAY) for code in emergencies} == {False}
    assert not any(told(code, on=today) for code in SAYABLE if not is_emergency(code))
