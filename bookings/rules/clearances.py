"""What may be lifted, with what proof and how long: one rule for a decision and for a signature. Pure."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clinic.reasons import why_no_reason
from clinic.wall import edge
from therapies.decision_limits import Span, span_of
from therapies.models import Question
from therapies.profiles import asked_of
from therapies.suitability import (
    EFFECTS,
    OWN_EXAMINATION,
    REPORT,
    Asked,
    CannotJudge,
    Effect,
    Profile,
    Value,
    effect_of,
    only_asks,
    proof_to_lift,
)

A_DAY = dt.timedelta(days=1)
RED_FLAG = "red_flag"
"""The group of the danger signs."""


@dataclass(frozen=True)
class Proof:
    """What the Vaidya has: a medical report that was reviewed; an examination of their own after the answer."""

    report_seen: bool = False
    own_examination: bool = False


def proof_needed(question: Question, value: object, therapies: Collection[str]) -> str:
    """What this answer needs before it is allowed for these therapies (codes): a report, an own examination, or "".

    What only asks for a Vaidya's decision needs the reason and no more; so does what blocks, unless its data say more.
    """
    if only_asks(value, question.group):
        return ""
    instead = question.data.get("effect_overrides", {})
    effect = max((EFFECTS.get(instead.get(code, question.effect), Effect.BLOCK) for code in therapies), default=None)
    proof = proof_to_lift(question.urgency, question.data.get("lifted_with", ""))
    if effect is Effect.REFER:
        return proof
    return REPORT if effect is Effect.BLOCK and proof == REPORT else ""


def why_not_clear(question: Question, value: object, therapies: Collection[str], *, reason: str, proof: Proof) -> str:
    """Whether this answer may be allowed: with a reason, and with the proof it needs; a report is always enough."""
    return why_no_reason(reason) or why_proof_missing(proof_needed(question, value, therapies), proof)


def why_proof_missing(needed: str, proof: Proof) -> str:
    """Whether this proof is the one needed."""
    if needed == REPORT and not proof.report_seen:
        return _("Treatment continues only after a medical report has been reviewed.")
    if needed == OWN_EXAMINATION and not (proof.own_examination or proof.report_seen):
        return _("First examine the patient and sign the examination, or review a medical report.")
    return ""


def why_not_by_telephone(question: Question, value: Value, profiles: Iterable[Profile], *, now: dt.datetime) -> str:
    """Whether a Vaidya may decide on this answer by telephone: an ordinary one, that only asks for a decision."""
    asked = asked_of(question)
    if question.group == RED_FLAG or question.urgency:
        return _("A danger sign is never decided by telephone.")
    try:
        effect = max((effect_of(asked, value, profile, now=now) for profile in profiles), default=Effect.NONE)
    except CannotJudge:
        effect = Effect.BLOCK
    return _("Only a Vaidya who sees the patient decides on this.") if effect > Effect.CONSULT else ""


def earliest(
    until: dt.datetime,
    question: Question,
    therapies: Iterable[str],
    profiles: Mapping[str, Iterable[Profile]],
    *,
    now: dt.datetime,
    zone: ZoneInfo,
) -> dt.datetime:
    """When a decision made now ends at the latest: for a sign of the moment with the clinic's day, else `until`."""
    of_a_day = is_of_a_day(asked_of(question), [row for code in therapies for row in profiles.get(code, ())])
    return min(until, edge(now.astimezone(zone).date() + A_DAY, 0, zone)) if of_a_day else until


def is_of_a_day(asked: Asked, profiles: Iterable[Profile]) -> bool:
    """Whether a decision on it holds for its day only, for each of these therapies."""
    return {span_of(asked, profile) for profile in profiles} == {Span.DAY}
