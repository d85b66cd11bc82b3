"""The limits that an order lifts, in words."""

from django.utils.translation import gettext as _

from bookings.models import PrescriptionItem
from therapies.models import Rule
from therapies.rulebook import rule_or_block
from therapies.rules import AGE_LIMIT, COURSE_LENGTH


def own_limits() -> dict[str, str]:
    """Limits of a therapy's own entry that a Vaidya may lift, by their codes."""
    return {AGE_LIMIT: _("The age limits of this treatment"), COURSE_LENGTH: _("The longest course of this treatment")}


def lifted_limits(item: PrescriptionItem) -> list[tuple[str, str]]:
    """Each limit that the order lifts, in words, with the Vaidya's reason for it."""
    own = own_limits()
    codes = [code for code in item.lifted_limits if code not in own]
    words = own | {rule.code: _words(rule) for rule in Rule.objects.filter(code__in=codes)} if codes else own
    together = [(_("Frequency, length and age"), item.override_reason)] if item.override_reason else []
    return together + [(words.get(code, code), reason) for code, reason in item.lifted_limits.items()]


def _words(rule: Rule) -> str:
    made = rule_or_block(rule.code, kind=rule.kind, is_hard=rule.is_hard, data=rule.data, sources=rule.sources)
    return made.says if made else rule.code
