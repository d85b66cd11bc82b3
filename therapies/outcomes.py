"""Which ready reasons may allow an answer, by the kind of its sign: data of the catalogue. Pure."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from therapies.catalogue.reader import HOME
from therapies.decision_limits import LASTING
from therapies.models import Question

OWN = "own"
"""Words of one's own: possible for every sign."""
DANGER, DAY, LASTS = "danger", "day", "lasting"
RED_FLAG = "red_flag"
CURED = "cured"


@cache
def _catalogue() -> Mapping[str, Any]:
    rows: dict[str, Any] = yaml.safe_load((HOME / "decision_outcomes.yaml").read_text(encoding="utf-8"))
    return rows


def sign_kind(question: Question) -> str:
    """The kind of a sign, as `decision_outcomes.yaml` names it."""
    if question.group == RED_FLAG or question.urgency:
        return DANGER
    if question.data.get("scope") != LASTING:
        return DAY
    alert = (question.data.get("alert") or {}).get("kind", "")
    return alert if alert in _catalogue()["kinds"] else LASTS


def outcomes_of(question: Question) -> tuple[str, ...]:
    """The codes of the ready reasons that this sign may have, in their order; own words come last."""
    codes = _catalogue()["kinds"][sign_kind(question)]
    never = question.code in _catalogue()["never_cured"]
    return (*(code for code in codes if not (never and code == CURED)), OWN)
