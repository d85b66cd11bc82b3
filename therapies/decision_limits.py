"""How long a Vaidya's decision on an answer may hold, by the kind of sign, and what always acts at once. Pure.

That a sign of the moment is allowed for its day only, and that a decision ends when the patient denies the sign, are
careful practice without a source (clinic defaults).
"""

from enum import StrEnum

from therapies.suitability import EFFECTS, EMERGENCY_NOW, LEVELS, SAID, UNSURE, Asked, Effect, Profile, Value, applies

LASTING = "until_physician_clears"
"""The scope of an answer that stays until a Vaidya has decided."""
EVERY_SESSION = "every_session"


class Span(StrEnum):
    """`DAY`: no longer than the sessions of the day of the decision. `ORDER`: as long as the order."""

    DAY = "day"
    ORDER = "order"


def span_of(question: Asked, profile: Profile) -> Span:
    """The longest that a decision on this question holds for this therapy.

    A day: an answer about today, an emergency, and what is asked before every session and is of that session only or
    stops the therapy. Anything else, such as an illness that the Vaidya knows, as long as the order.
    """
    if question.scope != LASTING or question.urgency == EMERGENCY_NOW:
        return Span.DAY
    if EVERY_SESSION not in question.stages:
        return Span.ORDER
    only_of_the_session = question.stages == {EVERY_SESSION}
    return Span.DAY if only_of_the_session or strongest(question, profile) >= Effect.BLOCK else Span.ORDER


def strongest(question: Asked, profile: Profile) -> Effect:
    """The most that an answer to it can mean for this therapy; a block where its effect is unknown."""
    named = question.overrides.get(profile.therapy, question.effect)
    own = EFFECTS.get(named, Effect.BLOCK) if applies(question, profile) else Effect.NONE
    return max([own, *(LEVELS[profile.levels[term]] for term in question.terms if term in profile.levels)])


def denies(question: Asked, value: Value) -> bool:
    """Whether the answer says that the sign is not there: a decision made before does not cover a later one."""
    if question.trigger in ("yes", "no"):
        return value in SAID and value not in (question.trigger, *UNSURE)
    return value == ""


def acts_at_once(question: Asked, value: Value) -> bool:
    """Whether this answer sends to a hospital now, whatever was decided before; "not sure" counts in full."""
    return question.urgency == EMERGENCY_NOW and not denies(question, value)
