"""Which questions are put to whom, and in which groups: pure. Asks no database, no clock."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from therapies.suitability import Asked, Profile, concerns

RED_FLAG = "red_flag"
BOOKING, FIRST_VISIT, DAY = "booking", "first_visit", "every_session"
RED_FLAGS_A_PAGE = 8
SEXES = {
    "man": "man",
    "male": "man",
    "m": "man",
    "boy": "man",
    "पुरुष": "man",
    "woman": "woman",
    "female": "woman",
    "f": "woman",
    "girl": "woman",
    "महिला": "woman",
    "स्त्री": "woman",
}
"""Patients say in their own words what they are. Whatever is not among these leaves nothing out."""
YES_OR_NO = frozenset({"yes_no_unsure", "yes_no_prefer_not"})


@dataclass(frozen=True)
class QuestionGroup:
    """Questions of one page. `shared`: those that one "none of these" answers; `alone`: each has its own answer."""

    code: str
    shared: tuple[Asked, ...]
    alone: tuple[Asked, ...]

    @property
    def questions(self) -> tuple[Asked, ...]:
        return self.shared + self.alone

    @property
    def answers(self) -> int:
        """How many things somebody with nothing to tell has to answer."""
        return len(self.alone) + bool(self.shared)


def asked(
    questions: Iterable[Asked],
    profiles: Sequence[Profile],
    stage: str,
    *,
    gender: str = "",
    age: int | None = None,
    staff: bool = False,
) -> list[Asked]:
    """The questions of a stage that matter for one of these therapies; what the record knows is left out.

    `gender` is the patient's own word, `age` in years of the record; `staff`: also what staff answer.
    """
    return [
        question
        for question in questions
        if stage in question.stages
        and not question.known_from
        and not question.replaced_by
        and question.is_asked_at(age)
        and SEXES.get(gender.strip().casefold()) not in question.not_asked_of
        and (staff or not question.by_staff)
        and any(concerns(question, profile) for profile in profiles)
    ]


def due(wanted: Iterable[Asked], answered: Mapping[str, dt.datetime], *, since: dt.datetime) -> list[Asked]:
    """Those that were never answered, or not since that moment (aware)."""
    return [question for question in wanted if question.code not in answered or answered[question.code] < since]


def _is_shared(question: Asked) -> bool:
    """Whether "none of these" can answer it: a plain question that looks for a yes."""
    return question.answer_type in YES_OR_NO and question.trigger == "yes"


def pages_before_booking(questions: Sequence[Asked]) -> list[QuestionGroup]:
    """Red flags one by one, the rest in short groups: one group a page."""
    flags = [question for question in questions if question.group == RED_FLAG]
    parts = [flags[start : start + RED_FLAGS_A_PAGE] for start in range(0, len(flags), RED_FLAGS_A_PAGE)]
    pages = [QuestionGroup(RED_FLAG, (), tuple(part)) for part in parts]
    rest = [question for question in questions if question.group != RED_FLAG]
    return pages + [_group(code, rest) for code in dict.fromkeys(question.group for question in rest)]


def pages_on_the_day(questions: Sequence[Asked]) -> list[QuestionGroup]:
    """At most two screens: the red flags and what may be new since last time; then the body today."""
    new = [question for question in questions if question.group not in (RED_FLAG, "today")]
    flags = [question for question in questions if question.group == RED_FLAG]
    today = [question for question in questions if question.group == "today"]
    rows = [_whole(RED_FLAG, flags), _whole("new", new), _whole("today", today)]
    return [group for group in rows if group.questions]


def screens(groups: Sequence[QuestionGroup]) -> list[tuple[QuestionGroup, ...]]:
    """The groups of the day on two screens: danger and news first, the body today second."""
    first = tuple(group for group in groups if group.code != "today")
    second = tuple(group for group in groups if group.code == "today")
    return [screen for screen in (first, second) if screen]


def _group(code: str, questions: Sequence[Asked]) -> QuestionGroup:
    return _whole(code, [question for question in questions if question.group == code])


def _whole(code: str, questions: Sequence[Asked]) -> QuestionGroup:
    return QuestionGroup(
        code,
        tuple(question for question in questions if _is_shared(question)),
        tuple(question for question in questions if not _is_shared(question)),
    )


def questions_version(questions: Iterable[Asked]) -> str:
    """A short name of exactly these questions with their rules: another one when any of them changed."""
    rows = [repr((q.code, q.trigger, q.answer_type, q.effect, q.scope, q.lasts_days)) for q in questions]
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()[:16]
