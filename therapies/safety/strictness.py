"""Does a change of safety data make it stricter? Pure: two copies of a row in, the answer out.

A change tightens only where every value that differs is known to be stricter. Everything else loosens: a weaker value,
one in another direction, and whatever cannot be judged, such as other words of a question.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from therapies.rule_forms import FORMS

Row = Mapping[str, Any]
Judge = Callable[[Any, Any], bool]
"""Whether the second value is stricter than the first, from which it differs."""

ALL = "all"


def tightens(kind: str, before: Row | None, after: Row | None, row: Row | None = None) -> bool:
    """Whether a change of one row is stricter in each value.

    `kind` is the model's name. `before` and `after` hold the values that change; None before: the row is new, None
    after: it goes. `row` has what else the row says, such as the kind of a rule.
    """
    if before is None:
        return kind in ADDED
    if after is None:
        return False
    changed = [name for name in {*before, *after} if before.get(name) != after.get(name)]
    judges = JUDGES[kind]
    return bool(changed) and all(
        name in judges and judges[name](before.get(name), after.get(name), row or {}) for name in changed
    )


# --- values -----------------------------------------------------------------------------------------------------------


def switched_on(before: Any, after: Any) -> bool:
    return before is False and after is True


def switched_off(before: Any, after: Any) -> bool:
    return before is True and after is False


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def higher(before: Any, after: Any) -> bool:
    """A higher number, or a first one where there was no limit."""
    return _is_number(after) and (before is None or (_is_number(before) and after > before))


def lower(before: Any, after: Any) -> bool:
    return _is_number(after) and (before is None or (_is_number(before) and after < before))


def in_order(*codes: str) -> Judge:
    """Of codes from the weakest to the strictest, one further on."""

    def judge(before: Any, after: Any) -> bool:
        return before in codes and after in codes and codes.index(after) > codes.index(before)

    return judge


def _codes(value: Any) -> frozenset[str] | None:
    """A set of codes; a code alone is a set of one; None where it is something else."""
    if value is None:
        return frozenset()
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, Sequence) or not all(isinstance(code, str) for code in listed):
        return None
    return frozenset(listed)


def more(before: Any, after: Any) -> bool:
    """All that was named, and more; `all` is everything."""
    old, new = _codes(before), _codes(after)
    return old is not None and new is not None and old != new and (old < new or ALL in new)


def fewer(before: Any, after: Any) -> bool:
    return more(after, before)


def no_longer_only(before: Any, after: Any) -> bool:
    """A list that restricts: none named means all, so that an empty one is the widest."""
    old, new = _codes(before), _codes(after)
    if not old or new is None:
        return False
    return not new or old < new


# --- structured data --------------------------------------------------------------------------------------------------

EFFECTS = in_order("inform_crew", "needs_consultation_first", "block_massage", "urgent_referral")


def _stronger_effects(before: Any, after: Any) -> bool:
    """Effects for single therapies: the same therapies, none weaker."""
    if not isinstance(before, dict) or not isinstance(after, dict) or before.keys() != after.keys():
        return False
    return all(before[name] == after[name] or EFFECTS(before[name], after[name]) for name in before)


def _fires_earlier(before: Any, after: Any) -> bool:
    """`{"at_least": 7}` → `{"at_least": 5}`: more answers count."""
    names = [list(value) if isinstance(value, dict) else None for value in (before, after)]
    return names == [["at_least"], ["at_least"]] and lower(before["at_least"], after["at_least"])


def _may_no_longer_be_lifted(before: Any, after: Any) -> bool:
    if not isinstance(before, dict) or not before.get("allowed"):
        return False
    return after is None or (isinstance(after, dict) and after.get("allowed") is False)


def _longer_for_each(before: Any, after: Any) -> bool:
    """Days by grade: the same grades, none with fewer days."""
    if not isinstance(before, dict) or not isinstance(after, dict) or before.keys() != after.keys():
        return False
    return all(before[name] == after[name] or higher(before[name], after[name]) for name in before)


def data_of(judges: Mapping[str, Judge]) -> Judge:
    """Every name of the data that differs is one that can be judged, and is stricter."""

    def judge(before: Any, after: Any) -> bool:
        if not isinstance(before, dict) or not isinstance(after, dict):
            return False
        changed = [name for name in {*before, *after} if before.get(name) != after.get(name)]
        return all(name in judges and judges[name](before.get(name), after.get(name)) for name in changed)

    return judge


QUESTION_DATA = data_of(
    {
        "asked_when": more,
        "applies_to": more,
        "applies_to_variants": no_longer_only,
        "effect_overrides": _stronger_effects,
        "terms": more,
        "scope": in_order("this_session", "until_physician_clears"),
        "not_asked_of": fewer,
        "lasts_days": lower,
        "lifted_with": in_order("own_examination", "report"),
        "replaced_by": fewer,
        "trigger": _fires_earlier,
    }
)
# Not `after` and `therapy`: where a rule asks for something to have come first, naming more of it makes it easier.
RULE_DATA = data_of(
    {
        "max_sessions": lower,
        "usual_sessions": lower,
        "max_per_day": lower,
        "max_days": lower,
        "min_days": higher,
        "min_hours": higher,
        "min_hours_between_starts": higher,
        "within_days": higher,
        "window_days": higher,
        "applies_to": more,
        "each_of": more,
        "days_by_grade": _longer_for_each,
        "target": more,
        "before": more,
        "forbid_after": more,
        "forbid_during_course_of": more,
        "earlier": more,
        "later": more,
        "override": _may_no_longer_be_lifted,
        "lifted_by": lambda before, after: (before, after) == ("vaidya", "nobody"),
    }
)


def _by_itself(judge: Judge) -> Callable[[Any, Any, Row], bool]:
    return lambda before, after, _row: judge(before, after)


def _of_rule(before: Any, after: Any, row: Row) -> bool:
    """Only rules that bookings are held against have a form whose numbers are known."""
    return row.get("kind") in FORMS and "held_by" not in (after or {}) and RULE_DATA(before, after)


JUDGES: dict[str, dict[str, Callable[[Any, Any, Row], bool]]] = {
    "question": {
        "is_active": _by_itself(switched_on),
        "effect": _by_itself(EFFECTS),
        "urgency": _by_itself(in_order("", "within_days", "same_day_doctor", "emergency_now")),
        "data": _by_itself(QUESTION_DATA),
    },
    "rule": {"is_hard": _by_itself(switched_on), "data": _of_rule},
    "contraindication": {
        "level": _by_itself(in_order("relative", "defer", "absolute")),
        "variants": _by_itself(no_longer_only),
    },
    "term": {},
    "therapy": {
        "same_gender": _by_itself(switched_on),
        "needs": _by_itself(in_order("nothing", "assessment", "prescription", "day_check")),
        "consent": _by_itself(in_order("", "standard", "procedure_specific")),
        "minimum_age": _by_itself(higher),
        "maximum_age": _by_itself(lower),
        "age_is_absolute": _by_itself(switched_on),
        "hours_after_meal": _by_itself(higher),
        "whole_day": _by_itself(switched_on),
        "is_active": _by_itself(switched_off),
    },
    "variant": {"window_from": _by_itself(higher), "window_to": _by_itself(lower)},
}
"""By model and field. A field that is not here cannot be judged."""
ADDED = frozenset({"contraindication", "term"})
"""New rows of these only ever add a reason against something."""
