"""Which questions are put to whom, and in which groups: pure. Asks no database, no clock."""

import datetime as dt
import hashlib
import itertools
import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from therapies.suitability import EMERGENCY_NOW, Asked, Profile, concerns

RED_FLAG, TODAY = "red_flag", "today"
BOOKING, FIRST_VISIT, DAY = "booking", "first_visit", "every_session"
HISTORY = frozenset({BOOKING, FIRST_VISIT})
LINES_A_PAGE, LINES_SHARED = 12, 8
"""The longest page of a history, and up to how many lines short groups stand on one, each with a "none of these" of
its own (clinic default)."""
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

    `is_screen`: nothing else stands on its page, so that "none of these" is the button that goes on.
    """

    code: str
    shared: tuple[Asked, ...]
    alone: tuple[Asked, ...]
    is_screen: bool = False

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
    of these" answers them. The rest comes by parts of the body. On the day news and the body of today are two screens.
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
    return [(QuestionGroup(RED_FLAG, (), tuple(part)),) for part in (*_parts(urgent), *_parts(others))]


def _in_groups(again: list[Asked], rest: list[Asked]) -> list[Page]:
    """The groups of the catalogue in its order: a long one on several pages, short neighbours on one."""
    groups = [(RED_FLAG, again)] if again else []
    codes = dict.fromkeys(question.group for question in rest)
    groups += [(code, [question for question in rest if question.group == code]) for code in codes]
    result: list[list[tuple[str, Sequence[Asked]]]] = []
    for part in [(code, part) for code, questions in groups for part in _parts(questions)]:
        shares = result and sum(len(questions) for _code, questions in [*result[-1], part]) <= LINES_SHARED
        if shares:
            result[-1].append(part)
        else:
            result.append([part])
    return [tuple(_whole(code, part, is_screen=len(page) == 1) for code, part in page) for page in result]


def _parts(questions: Sequence[Asked]) -> Iterator[Sequence[Asked]]:
    """As few pages as hold them, as long as each other."""
    number = math.ceil(len(questions) / LINES_A_PAGE)
    ends = [len(questions) * end // number for end in range(number + 1)] if number else []
    return (questions[start:end] for start, end in itertools.pairwise(ends))


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
