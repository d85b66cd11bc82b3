"""What a Vaidya must have seen before an answer may be cleared: one rule for a decision and for a signature."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from therapies.models import Question
from therapies.suitability import EFFECTS, Effect, only_asks


def needs_report(question: Question, value: object, therapies: Collection[str]) -> bool:
    """Whether it sends to a doctor, for one of these therapies (codes): the safety data lifts that after a report."""
    if only_asks(value, question.group):
        return False
    instead = question.data.get("effect_overrides", {})
    return any(EFFECTS.get(instead.get(code, question.effect)) is Effect.REFER for code in therapies)


def why_not_clear(
    question: Question, value: object, therapies: Collection[str], *, reason: str, report_seen: bool
) -> str:
    """Whether this answer may be allowed: with a reason, and after a medical report where it sends to a doctor."""
    if not reason.strip():
        return _("Please give a reason.")
    if needs_report(question, value, therapies) and not report_seen:
        return _("Treatment continues only after a medical report has been reviewed.")
    return ""
