"""Who may lift a rule is said by the rule itself. Pure."""

import datetime as dt

import pytest

from tests.therapies.shipped_profiles import SHIPPED
from therapies.catalogue.shapes import RuleShape
from therapies.frequency import Frequency
from therapies.rulebook import KINDS, rule_of
from therapies.rules import Session, judge_rules

HARD = [rule for rule in SHIPPED.rules if rule.kind in KINDS and rule.hard and "held_by" not in rule.rule]
AT = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize("rule", HARD, ids=lambda rule: rule.code)
def test_each_hard_rule_says_who_may_lift_it(rule: RuleShape) -> None:
    """The head of the file said that a written order lifts hard rules; only the cap of massages could be lifted."""
    made = rule_of(rule.code, kind=rule.kind, is_hard=True, data=rule.rule, sources=rule.sources)

    assert made is not None
    assert {"vaidya": True, "nobody": False}[str(rule.rule["lifted_by"])] is made.may_be_lifted


def test_some_are_lifted_and_what_protects_a_body_after_purification_by_nobody() -> None:
    lifted = {rule.code for rule in HARD if rule.rule["lifted_by"] == "vaidya"}

    assert len(HARD) > len(lifted) > 1
    assert not lifted & {
        "gap_samsarjana_heat_and_massage",
        "gap_samsarjana_purification",
        "gap_leech_rest",
        "seq_vamana",
    }


@pytest.mark.parametrize(
    ("lifted", "liftable", "broken"),
    [
        ({"cap"}, True, []),
        ({"age_limit"}, True, ["cap"]),  # a reason for another limit
        ({"cap"}, False, ["cap"]),  # nobody may lift it, whatever an order says
        (set(), True, ["cap"]),
    ],
)
def test_order_lifts_the_rules_that_it_names_and_no_other(
    lifted: set[str], broken: list[str], *, liftable: bool
) -> None:
    of, names = frozenset({"massage"}), frozenset({"massage"})
    cap = Frequency(code="cap", says="Second massage", of=of, most=1, days=1, rolling=False, may_be_lifted=liftable)

    rulings = judge_rules([cap], [Session(names, AT, lifted=frozenset(lifted))], [Session(names, AT)])

    assert [ruling.code for ruling in rulings] == broken
