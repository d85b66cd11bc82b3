"""Which answer to a question counts, and whether a Vaidya's decision covers it. Pure.

A decision covers the same answer or a milder one, until its end, and no longer than its kind of sign allows
(`therapies.decision_limits`); the next "no" ends it. An answer that nobody has decided on stays, whatever is said
later.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bookings.facts.health_answers import Decided, Said, kept_form
from therapies.decision_limits import EVERY_SESSION, LASTING, Span, acts_at_once, denies, span_of
from therapies.suitability import Asked, Profile, is_worse


@dataclass(frozen=True)
class Moment:
    """When it is judged, and for which day of the clinic with this zone."""

    now: dt.datetime
    on: dt.date
    zone: ZoneInfo

    def day_of(self, at: dt.datetime) -> dt.date:
        """The clinic's date."""
        return at.astimezone(self.zone).date()


@dataclass(frozen=True)
class CountedAnswer:
    """The answer that counts. `by`: the decision that covers it; `decided`: a Vaidya has decided on it.

    An emergency that was decided is still not covered on its day: it acts, and waits for nobody.
    """

    said: Said
    by: Decided | None = None
    decided: bool = False


def counted(
    question: Asked, answers: Sequence[Said], decisions: Iterable[Decided], profile: Profile, moment: Moment
) -> CountedAnswer | None:
    """What counts of these answers (the oldest first) for this therapy; None where nothing does."""
    if not answers:
        return None
    rows = _in_force(question, decisions, profile, moment)
    last = max((row.at for row in rows), default=None)
    of_the_day = [
        each for each in answers if acts_at_once(question, each.value) and moment.day_of(each.at) == moment.on
    ]
    if of_the_day:
        return CountedAnswer(of_the_day[-1], decided=last is not None and last >= of_the_day[-1].at)
    of_a_day = span_of(question, profile) is Span.DAY
    is_asked_anew = of_a_day and EVERY_SESSION in question.stages
    if is_asked_anew and last is not None and last >= answers[-1].at and moment.day_of(last) != moment.on:
        return None  # a Vaidya has dealt with all that was said
    candidates = _candidates(question, answers, last, moment)
    cover = _Cover(question, answers, rows, moment, of_a_day=of_a_day)
    uncovered = [each for each in candidates if not denies(question, each.value) and cover.of(each) is None]
    if not uncovered:
        by = cover.of(candidates[-1]) if candidates else None
        return CountedAnswer(candidates[-1], by, decided=by is not None) if candidates else None
    worst = uncovered[-1]
    for each in uncovered:
        if is_worse(question, each.value, worst.value):
            worst = each
    return CountedAnswer(worst)


def _in_force(question: Asked, decisions: Iterable[Decided], profile: Profile, moment: Moment) -> list[Decided]:
    """What allows, of this question and therapy: a later "not allowed" ends all that was allowed before.

    What was written down from the telephone counts for the sessions of its day; then it is as if nobody had decided.
    """
    rows = [
        row
        for row in decisions
        if row.question == question.code
        and profile.therapy in row.therapies
        and (not row.provisional or moment.day_of(row.at) == moment.on)
    ]
    refused = max((number for number, row in enumerate(rows) if not row.allowed), default=-1)
    return rows[refused + 1 :]


def _candidates(question: Asked, answers: Sequence[Said], last: dt.datetime | None, moment: Moment) -> list[Said]:
    """About today the newest, for its days; of a lasting sign all since the last decision, or else the newest."""
    newest = answers[-1]
    if question.scope != LASTING:
        age = moment.on - moment.day_of(newest.at)
        return [newest] if age <= dt.timedelta(days=question.lasts_days) else []
    return [each for each in answers if last is None or each.at > last] or [newest]


@dataclass(frozen=True)
class _Cover:
    """The decisions on a question for a therapy, and whether one of them covers an answer."""

    question: Asked
    answers: Sequence[Said]
    rows: Sequence[Decided]
    moment: Moment
    of_a_day: bool

    def of(self, answer: Said) -> Decided | None:
        return next((row for row in self.rows if self._covers(row, answer)), None)

    def _covers(self, row: Decided, answer: Said) -> bool:
        if row.text != answer.text or is_worse(self.question, answer.value, row.value) or self.moment.now >= row.until:
            return False
        if answer.at <= row.at:
            return True
        if self.of_a_day and self.moment.day_of(answer.at) != self.moment.day_of(row.at):
            return False
        between = (each for each in self.answers if row.at < each.at < answer.at)
        return not any(denies(self.question, each.value) for each in between)


def answered_at(answers: Iterable[Said], value: object, text: str) -> dt.datetime | None:
    """When this was said last, in the form in which answers are kept; None where it was not."""
    return max((row.at for row in answers if (kept_form(row.value), row.text) == (value, text)), default=None)


def state_print(code: str, answers: Iterable[Said], decisions: Iterable[Decided]) -> str:
    """What was last said and decided on a question (code): another answer or decision gives another print."""
    said = max((row.at for row in answers), default=None)
    decided = [(row.at, row.allowed) for row in decisions if row.question == code]
    return hashlib.sha256(repr((said, decided)).encode()).hexdigest()[:16]
