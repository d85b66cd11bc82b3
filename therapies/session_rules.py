"""What to keep to during a session, and the signs that end it: the catalogue's rules in the words of the session.

Pure: takes rules as the catalogue has them (code and data), asks no database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from therapies.models.words import in_reader_language

ALL, FAMILY = "all", "family"
EXAMINATION, REASON = "examination", "reason"
"""What a pause asks for before it is lifted: a new signed examination, or a sentence."""
Coded = tuple[str, Mapping[str, Any]]
"""A rule of the catalogue: its code and what it says."""


class Action(StrEnum):
    """What a sign asks for. One that the code does not know is a stop: the safe reading."""

    STOP = "stop_session"
    END = "end_normally"
    PAUSE = "pause_and_fix"
    CALL = "call_vaidya"


# What follows after these closes every therapy, not only the family of the one that was stopped.
CLOSES_EVERYTHING = frozenset({"emergency_service", "urgent_referral"})
EMERGENCY = "emergency_service"


PAIN_ROSE = "pain_rose"
"""The sign of a pause after a session with more pain after it than before."""
PAIN_RISE, PAIN_HIGH = 2, 7
"""A rise: by two points, which patients call important (Farrar 2001), or up to 7 (clinic default)."""


def has_pain_risen(before: int | None, after: int | None) -> bool:
    """Whether pain (0 to 10) rose by two or more, or to 7 or above; a rise from nobody knows what counts from there."""
    if after is None:
        return False
    if before is None:
        return after >= PAIN_HIGH
    return after - before >= PAIN_RISE or (after > before and after >= PAIN_HIGH)


@dataclass(frozen=True)
class GivenTherapy:
    """What is given in a session: a variant of a therapy and its groups."""

    therapy: str
    variant: str
    groups: frozenset[str]


@dataclass(frozen=True)
class Sign:
    """A sign to look for. `words` are in the reader's language; `then` is what follows, `incident` a WHO term.

    `pauses`: the whole body unless the rule says "family"; `lifted_by`: what a Vaidya needs to lift that pause.
    """

    code: str
    words: str
    action: Action
    then: str
    suspends: bool
    incident: str
    note: str
    pauses: str = ALL
    lifted_by: str = ""

    @property
    def is_emergency(self) -> bool:
        return self.then == EMERGENCY

    def suspended(self, given: GivenTherapy) -> list[str]:
        """What may not go on after it: everything, for a sign belongs to the body; or the family of the therapy only.

        A rule that does not say which means everything.
        """
        if not self.suspends:
            return []
        if self.pauses != FAMILY or self.then in CLOSES_EVERYTHING:
            return [ALL]
        return sorted(given.groups) or [given.therapy]


def rule_applies(data: Mapping[str, Any], given: GivenTherapy) -> bool:
    """Whether a rule is meant for what is given."""
    variants = data.get("applies_to_variants", [])
    named = {ALL, given.therapy, *given.groups} & {*data.get("applies_to", [ALL])}
    return bool(named) and (not variants or given.variant in variants)


def kept_to(rules: Iterable[Coded], given: GivenTherapy) -> list[str]:
    """What to keep to during this session, in words."""
    return [words_of(data, "rule") for _code, data in rules if "rule" in data and rule_applies(data, given)]


def signs(rules: Iterable[Coded], given: GivenTherapy) -> list[Sign]:
    """The signs to look for during this session: what is an emergency first, then what ends it, then the rest."""
    rows = [_sign(code, data) for code, data in rules if "sign" in data and rule_applies(data, given)]
    return sorted(rows, key=lambda sign: (not sign.is_emergency, sign.action is not Action.STOP))


def _sign(code: str, data: Mapping[str, Any]) -> Sign:
    rows, action = {action.value for action in Action}, data.get("action", "")
    return Sign(
        code=code,
        words=words_of(data, "sign"),
        action=Action(action) if action in rows else Action.STOP,
        then=data.get("then", ""),
        suspends=bool(data.get("blocks_next_session", True)),
        incident=data.get("incident_code", ""),
        note=words_of(data, "note"),
        pauses=data.get("pauses", ALL),
        lifted_by=data.get("lifted_by", ""),
    )


def words_of(data: Mapping[str, Any], name: str) -> str:
    """A sentence of the rule with a capital, in the reader's language where `words` has it by language."""
    by_language = data.get("words", {}).get(name, {})
    text = in_reader_language(by_language, data.get(name, ""))
    return text[:1].upper() + text[1:]
