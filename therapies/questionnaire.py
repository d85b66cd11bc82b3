"""Which questions are put to whom, and in which groups: pure. Asks no database, no clock."""

import datetime as dt
import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from therapies.suitability import EMERGENCY_NOW, Asked, Profile, concerns

Row = TypeVar("Row")
BOTH = "+"
"""Between the codes of groups that stand together."""
RED_FLAG, TODAY = "red_flag", "today"
BOOKING, FIRST_VISIT, DAY = "booking", "first_visit", "every_session"
HISTORY = frozenset({BOOKING, FIRST_VISIT})
FLAGS_A_PAGE, GROUPS_A_PAGE, MOST_GROUPS = 10, 3, 6
"""The longest pages of a history, and the most groups with one "none of these" beside the danger signs (clinic
default)."""
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
PREFER_NOT = "prefer_not"
"""Somebody tells the clinic rather than a page: no answer yet, so that it is asked in person."""
BODY = Profile("", "", frozenset(), {})
"""What answers are judged for while nothing is ordered: whatever is meant for every therapy."""
YES_OR_NO = frozenset({"yes_no_unsure", "yes_no_prefer_not", "yes_no_text"})


@dataclass(frozen=True)
class QuestionGroup:
    """Questions of one page. `shared`: those that one "none of these" answers; `alone`: each has its own answer.

    `is_screen`: one of the two short screens of the day, on which nothing else stands.
    """

    code: str
    shared: tuple[Asked, ...]
    alone: tuple[Asked, ...]
    is_screen: bool = False

    @property
    def codes(self) -> list[str]:
        """The groups of the catalogue that stand together here."""
        return self.code.split(BOTH)

    @property
    def questions(self) -> tuple[Asked, ...]:
        return self.shared + self.alone

    @property
    def answers(self) -> int:
        """How many things somebody with nothing to tell has to answer."""
        return len(self.alone) + bool(self.shared)


Page = tuple[QuestionGroup, ...]


def history_of_body(questions: Iterable[Asked], *, gender: str = "", age: int | None = None) -> list[Asked]:
    """What is asked of every body once, whatever is given: it lasts, and the record does not know it.

    `gender` is the patient's own word, `age` in whole years.
    """
    return [question for question in questions if is_history(question) and _can_say(question, gender, age)]


def emergency_signs(questions: Iterable[Asked], *, gender: str = "", age: int | None = None) -> list[Asked]:
    """The part of it that is asked before a consultation: signs with which nobody should wait for one."""
    return [
        question for question in history_of_body(questions, gender=gender, age=age) if question.urgency == EMERGENCY_NOW
    ]


def is_history(question: Asked) -> bool:
    """Whether its answer lasts longer than a day and is asked before or at the first visit."""
    lasts = question.scope == "until_physician_clears" or question.lasts_days > 0
    return lasts and bool(HISTORY & question.stages) and not question.known_from and not question.by_staff


def asked_today(
    questions: Iterable[Asked],
    profiles: Sequence[Profile],
    *,
    gender: str = "",
    age: int | None = None,
    staff: bool = False,
) -> list[Asked]:
    """The questions of the day that matter for one of these therapies; `staff`: also what staff answer."""
    return [
        question
        for question in questions
        if DAY in question.stages
        and not question.known_from
        and _can_say(question, gender, age)
        and (staff or not question.by_staff)
        and any(concerns(question, profile) for profile in profiles)
    ]


def _can_say(question: Asked, gender: str, age: int | None) -> bool:
    """Whether it is still asked, and the answer is open for this body."""
    of_others = SEXES.get(gender.strip().casefold()) in question.not_asked_of
    return not question.replaced_by and not of_others and question.is_asked_at(age)


def due(wanted: Iterable[Asked], answered: Mapping[str, dt.datetime], *, since: dt.datetime) -> list[Asked]:
    """Those that were never answered, or not since that moment (aware)."""
    return [question for question in wanted if question.code not in answered or answered[question.code] < since]


def pages(questions: Sequence[Asked], *, answered: Container[str], today: bool = False) -> list[Page]:
    """The pages of these questions. `answered`: the codes of those that were answered at any time.

    Danger signs stand one by one the first time, those that need help at once before all others; said again, one "none
    of these" answers them. The rest is in short groups. On the day news and the body of today are two short screens.
    """
    flags = [question for question in questions if question.group == RED_FLAG]
    again = [question for question in flags if question.code in answered]
    rest = [question for question in questions if question.group != RED_FLAG]
    first = _one_by_one([question for question in flags if question.code not in answered])
    if not today:
        return first + _in_groups(again, rest)
    never = [q for q in rest if q.group != TODAY and is_history(q) and q.code not in answered]
    new = [question for question in rest if question.group != TODAY and question not in never]
    body = [question for question in rest if question.group == TODAY]
    screens = [(_whole(code, part, is_screen=True),) for code, part in (("new", again + new), (TODAY, body)) if part]
    return first + _in_groups([], never) + screens


def _one_by_one(flags: list[Asked]) -> list[Page]:
    urgent = [question for question in flags if question.urgency == EMERGENCY_NOW]
    others = [question for question in flags if question.urgency != EMERGENCY_NOW]
    parts = [*_parts(urgent, FLAGS_A_PAGE), *_parts(others, FLAGS_A_PAGE)]
    return [(QuestionGroup(RED_FLAG, (), tuple(part)),) for part in parts]


def _in_groups(again: list[Asked], rest: list[Asked]) -> list[Page]:
    """The groups of the catalogue in its order; the shortest neighbours stand together until there are few enough."""
    named = [(RED_FLAG, again)] if again else []
    codes = dict.fromkeys(question.group for question in rest)
    named += [(code, [question for question in rest if question.group == code]) for code in codes]
    while len(named) > MOST_GROUPS:
        at = min(range(len(named) - 1), key=lambda number: len(named[number][1]) + len(named[number + 1][1]))
        (first, some), (second, more) = named[at : at + 2]
        named[at : at + 2] = [(f"{first}{BOTH}{second}", some + more)]
    groups = [_whole(code, part) for code, part in named]
    return [tuple(part) for part in _parts(groups, GROUPS_A_PAGE)]


def _parts(rows: Sequence[Row], size: int) -> list[Sequence[Row]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _is_shared(question: Asked) -> bool:
    """Whether "none of these" can answer it: a question that looks for a yes."""
    return question.answer_type in YES_OR_NO and question.trigger == "yes"


def _whole(code: str, questions: Sequence[Asked], *, is_screen: bool = False) -> QuestionGroup:
    return QuestionGroup(
        code,
        tuple(question for question in questions if _is_shared(question)),
        tuple(question for question in questions if not _is_shared(question)),
        is_screen,
    )


def questions_version(questions: Iterable[Asked]) -> str:
    """A short name of exactly these questions with their rules: another one when any of them changed."""
    rows = [repr((q.code, q.trigger, q.answer_type, q.effect, q.scope, q.lasts_days, *_since(q))) for q in questions]
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()[:16]


def _since(question: Asked) -> tuple[float, ...]:
    """When it came or got other words, where an upgrade did that: who saw the old words answers again."""
    return (question.asked_since.timestamp(),) if question.asked_since else ()
