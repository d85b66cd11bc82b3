"""Which limits a Vaidya may lift on an order, in writing and one by one."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from clinic.reasons import why_no_reason
from therapies.models import Rule, Variant
from therapies.rulebook import KINDS, names_of, rule_or_block
from therapies.rules import AGE_LIMIT, COURSE_LENGTH, BookingRule


def liftable_rule(rule: Rule) -> BookingRule | None:
    """The rule, where a Vaidya may lift it."""
    if not rule.is_hard or rule.kind not in KINDS:
        return None
    made = rule_or_block(rule.code, kind=rule.kind, is_hard=True, data=rule.data, sources=rule.sources)
    return made if made is not None and made.may_be_lifted else None


def may_lift(code: str, liftable: Mapping[str, BookingRule]) -> bool:
    """Whether a written reason lifts that limit for some treatment; `liftable` are the rules by their codes."""
    return code in liftable or code in (AGE_LIMIT, COURSE_LENGTH)


def why_not_lift_limit(code: str, reason: str, variant: Variant, liftable: Mapping[str, BookingRule]) -> str:
    """Whether an order of this variant may lift the limit of that code for this reason. An absolute limit never."""
    if not may_lift(code, liftable):
        return _("Nobody may lift this limit.")
    if code == AGE_LIMIT and variant.has_absolute_ages:
        return _("Nobody may lift the age limits of this treatment.")
    rule, therapy = liftable.get(code), variant.therapy
    if rule is not None and not rule.binds(names_of(therapy.code, therapy.groups, variant.treatment)):
        return _("This limit does not concern this treatment.")
    return why_no_reason(reason)
