"""For whom a therapy is safe, as pure judgement: therapy + answers + clearances → findings. Asks no database, no clock.

The levels rest on the catalogue's sources; the mapping of levels to effects, what "not sure" counts as and that the
strongest effect wins are the conventions of the catalogue's safety data (clinic defaults, to be confirmed by a Vaidya).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _


class Effect(IntEnum):
    """Stronger is greater; the strongest wins."""

    NONE = 0
    NOTE = 1
    CONSULT = 2
    BLOCK = 3
    REFER = 4


class FindingKind(StrEnum):
    """`STOP`: not booked, not started. `ASK`: a Vaidya decides first. `NOTE`: nothing to decide, shown to the crew."""

    STOP = "stop"
    ASK = "ask"
    NOTE = "note"


EFFECTS = {
    "inform_crew": Effect.NOTE,
    "needs_consultation_first": Effect.CONSULT,
    "block_massage": Effect.BLOCK,
    "urgent_referral": Effect.REFER,
}
LEVELS = {"relative": Effect.CONSULT, "defer": Effect.BLOCK, "absolute": Effect.BLOCK}
SAID = {"no": 0, "prefer_not": 1, "unsure": 1, "yes": 2}
EMERGENCY_NOW, SAME_DAY_DOCTOR = "emergency_now", "same_day_doctor"
"""How soon a doctor should look; anything else is within days."""
UNSURE = frozenset({"unsure", "prefer_not"})
OWN_EXAMINATION, REPORT = "own_examination", "report"
"""What a Vaidya must have before a sign is lifted: their own examination, or the report of a medical doctor."""

Scope = Literal["until_physician_clears", "this_session"]
Value = str | int | dt.datetime


class CannotJudge(ValueError):
    """A rule that this code cannot evaluate, or an answer that does not fit its question: it blocks, and says so."""

    @property
    def words(self) -> str:
        """For whoever treats; the fault itself, for whoever mends the rule, is in the words of the program."""
        words = _("A rule of the clinic cannot be evaluated, so it stops the treatment. Ask the Vaidya. (%(fault)s)")
        return words % {"fault": self}


@dataclass(frozen=True)
class Profile:
    """What is judged: a variant of a therapy. `levels` maps contraindication terms to absolute, relative or defer.

    Ages are in whole years, `hours_after_meal` in hours; None where the catalogue sets no limit.
    """

    therapy: str
    variant: str
    groups: frozenset[str]
    levels: Mapping[str, str]
    minimum_age: int | None = None
    maximum_age: int | None = None
    hours_after_meal: int | None = None


@dataclass(frozen=True)
class Asked:
    """A question as the catalogue has it. `overrides` replace the effect for single therapies.

    `stages`: when it is asked. `known_from`: what in the record answers it, so that nobody is asked. `lasts_days`: how
    many days an answer about today still counts, 0 for the same day only. `lifted_with`: the proof that a Vaidya needs
    to lift it. `asked_of_ages`: first and last year of the ages that are asked, none for everybody. `replaced_by`: the
    questions that ask this now; it is asked no more, and what was answered still counts. `asked_since`: when an
    upgrade of the catalogue brought it, or other words for it (aware).
    """

    code: str
    group: str
    effect: str
    trigger: object
    scope: Scope
    applies_to: frozenset[str]
    applies_to_variants: frozenset[str]
    terms: tuple[str, ...]
    overrides: Mapping[str, str]
    urgency: str
    reason: str | Promise
    answer_type: str = "yes_no_unsure"
    stages: frozenset[str] = frozenset()
    by_staff: bool = False
    known_from: str = ""
    not_asked_of: frozenset[str] = frozenset()
    lasts_days: int = 0
    lifted_with: str = OWN_EXAMINATION
    asked_of_ages: tuple[tuple[int, int], ...] = ()
    replaced_by: tuple[str, ...] = ()
    asked_since: dt.datetime | None = None

    def is_asked_at(self, age: int | None) -> bool:
        """Whether somebody of this age (years) is asked; whose age is not on record is asked everything."""
        return age is None or not self.asked_of_ages or any(low <= age <= high for low, high in self.asked_of_ages)


@dataclass(frozen=True)
class ClearedAnswer:
    """A Vaidya's written decision on one answer: holds for these therapies until that moment (aware)."""

    question: str
    value: Value
    therapies: frozenset[str]
    until: dt.datetime


@dataclass(frozen=True)
class Finding:
    """What an answer means for a therapy. `reason` is for staff; `urgency` says how soon a doctor should look."""

    kind: FindingKind
    effect: Effect
    question: str
    value: Value
    scope: Scope
    urgency: str
    reason: str


def proof_to_lift(urgency: str, named: str = "") -> str:
    """What a Vaidya needs to lift a sign: what the question names, else a report where a doctor must look the same day.

    For the rest their own examination: most people with a sign have nothing serious (Harding 2005, Henschke 2009).
    """
    return named or (REPORT if urgency in (EMERGENCY_NOW, SAME_DAY_DOCTOR) else OWN_EXAMINATION)


def applies(question: Asked, profile: Profile) -> bool:
    """Whether the question is meant for this therapy and variant."""
    names = {"all", profile.therapy, *profile.groups}
    variants = question.applies_to_variants
    return bool(names & question.applies_to) and (not variants or profile.variant in variants)


def concerns(question: Asked, profile: Profile) -> bool:
    """Whether an answer can matter for this therapy: the question is meant for it, or names a term against it."""
    return applies(question, profile) or any(term in profile.levels for term in question.terms)


def fired(question: Asked, value: Value, profile: Profile, *, now: dt.datetime) -> bool:
    """Whether the answer is the one that the question looks for. Raises CannotJudge for what it does not understand."""
    trigger = question.trigger
    if trigger in ("yes", "no"):
        if value not in SAID:
            raise CannotJudge(f"{question.code}: {value!r} is not yes, no or not sure")
        return value == trigger
    if isinstance(trigger, Mapping) and len(trigger) == 1:
        ((name, limit),) = trigger.items()
        if name == "any_text" and isinstance(value, str):
            return bool(value.strip()) is bool(limit)
        if name == "at_least" and isinstance(value, int) and isinstance(limit, int):
            return value >= limit
        if name == "outside" and limit == "age_limits_of_therapy" and isinstance(value, int):
            return _outside_age(value, profile)
        if name == "less_than_hours" and limit == "min_hours_after_meal_of_therapy" and isinstance(value, dt.datetime):
            return now - value < dt.timedelta(hours=profile.hours_after_meal or 0)
    raise CannotJudge(f"{question.code}: the rule {trigger!r} cannot be evaluated for the answer {value!r}")


def _outside_age(age: int, profile: Profile) -> bool:
    too_young = profile.minimum_age is not None and age < profile.minimum_age
    return too_young or (profile.maximum_age is not None and age > profile.maximum_age)


def effect_of(question: Asked, value: Value, profile: Profile, *, now: dt.datetime) -> Effect:
    """How strongly the answer speaks against the therapy: the stronger of the question's and of the terms' levels.

    "Not sure" asks for a Vaidya wherever "yes" would ask or stop, and counts in full among red flags.
    """
    is_open = value in UNSURE and not isinstance(question.trigger, Mapping)
    if not is_open and not fired(question, value, profile, now=now):
        return Effect.NONE
    own = _own(question, profile) if applies(question, profile) else Effect.NONE
    full = max([own, *(LEVELS[profile.levels[term]] for term in question.terms if term in profile.levels)])
    return min(full, Effect.CONSULT) if is_open and only_asks(value, question.group) else full


def only_asks(value: object, group: str) -> bool:
    """Whether it says no more than "not sure": a Vaidya decides then, but red flags count in full."""
    return isinstance(value, str) and value in UNSURE and group != "red_flag"


def _own(question: Asked, profile: Profile) -> Effect:
    name = question.overrides.get(profile.therapy, question.effect)
    if name not in EFFECTS:
        raise CannotJudge(f"{question.code}: {name!r} is no known effect")
    return EFFECTS[name]


def is_worse(question: Asked, value: Value, than: Value) -> bool:
    """Whether an answer says more than the one that was cleared; another text always does, and none never.

    Towards the answer that fires: for a question that looks for "no", "no" is worse than "not sure".
    """
    if isinstance(value, str) and isinstance(than, str) and value in SAID and than in SAID:
        step = SAID[value] - SAID[than]
        return step < 0 if question.trigger == "no" else step > 0
    if isinstance(value, int) and isinstance(than, int):
        return value > than
    return value not in (than, "")


def is_cleared(
    question: Asked, value: Value, profile: Profile, given: Iterable[ClearedAnswer], *, now: dt.datetime
) -> bool:
    """Whether a Vaidya decided on this answer, or on a worse one, for this therapy, and the decision still holds."""
    return any(
        decision.question == question.code
        and profile.therapy in decision.therapies
        and now < decision.until
        and not is_worse(question, value, decision.value)
        for decision in given
    )


def judge(
    profile: Profile,
    questions: Iterable[Asked],
    answers: Mapping[str, Value],
    *,
    clearances: Iterable[ClearedAnswer] = (),
    now: dt.datetime,
) -> list[Finding]:
    """The findings of these answers for one therapy, the strongest first; unanswered questions find nothing.

    A rule that cannot be evaluated is a finding that blocks and says so: never a silent pass.
    """
    decisions = list(clearances)
    findings = [
        finding
        for question in questions
        if question.code in answers
        and (finding := _finding(question, answers[question.code], profile, decisions, now=now)) is not None
    ]
    return sorted(findings, key=lambda finding: (finding.kind == FindingKind.NOTE, -finding.effect, finding.question))


def _finding(
    question: Asked, value: Value, profile: Profile, decisions: list[ClearedAnswer], *, now: dt.datetime
) -> Finding | None:
    reason = str(question.reason)
    try:
        effect = effect_of(question, value, profile, now=now)
    except CannotJudge as fault:
        effect, reason = Effect.BLOCK, fault.words
    if effect is Effect.NONE:
        return None
    if effect is Effect.NOTE or is_cleared(question, value, profile, decisions, now=now):
        kind = FindingKind.NOTE
    else:
        kind = FindingKind.ASK if effect is Effect.CONSULT else FindingKind.STOP
    urgency = question.urgency if effect is Effect.REFER else ""
    return Finding(kind, effect, question.code, value, question.scope, urgency, reason)
