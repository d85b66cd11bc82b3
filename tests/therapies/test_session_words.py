"""What therapists keep to and patients read of a therapy fits what is done in it: on the shipped data, pure."""

import pytest

from tests.therapies.shipped_profiles import SHIPPED
from therapies.session_rules import GivenTherapy, kept_to

THERAPIES = list(SHIPPED.therapies.values())
RULES = [
    (rule.code, rule.rule.model_dump() if hasattr(rule.rule, "model_dump") else rule.rule) for rule in SHIPPED.rules
]
ONLY_WITH = {"tube": "nadi_sweda_apparatus"}
"""A word of a rule, and the equipment without which it makes no sense."""


def rules_of(code: str) -> str:
    therapy = SHIPPED.therapies[code]
    return " ".join(kept_to(RULES, GivenTherapy(code, "default", frozenset(therapy.groups)))).lower()


@pytest.mark.parametrize("code", SHIPPED.therapies)
def test_rule_of_a_session_speaks_only_of_what_the_therapy_uses(code: str) -> None:
    equipment = SHIPPED.therapies[code].facts.model_dump().get("equipment", [])

    words = rules_of(code)

    assert [word for word, needed in ONLY_WITH.items() if word in words and needed not in equipment] == []
    assert ("warm the back" in words) is (code in ("back_pain_massage", "home_self_massage"))


@pytest.mark.parametrize("code", SHIPPED.therapies)
def test_warmth_is_tested_wherever_something_warm_touches_the_patient(code: str) -> None:
    therapy = SHIPPED.therapies[code]
    steps = {step.code for variant in therapy.variants for step in variant.steps or ()}
    is_warm = bool({"oil_application", "oil_pool", "fomentation"} & steps) or {
        "oil_temperature_checked",
        "warm_light_oil_massage_first",
        "steam_first",
    } & {*therapy.preparation}

    assert not is_warm or "test the temperature" in rules_of(code)
