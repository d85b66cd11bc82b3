"""Abhyanga daily for seven days: the written order with its spacing carries it. Pure."""

import pytest

from bookings.rules.prescriptions import CourseLimits, Item, lacks_reason, with_reason
from therapies.frequency import Frequency
from therapies.models import Therapy, Variant

RULE = Frequency(
    code="fr_massage_cap",
    says="Fourth massage within 7 days",
    of=frozenset({"massage_family"}),
    most=3,
    days=7,
    rolling=True,
    may_be_lifted=True,
)
CAP = CourseLimits(
    (((frozenset({"massage_family"})), 3, 7, "fr_massage_cap"),), (), {}, liftable={"fr_massage_cap": RULE}
)


def ordered(*, sessions: int = 7, apart: int = 1, daily: bool = True, reason: str = "") -> Item:
    course = {"sessions_max": 21, "sessions_default": 7, "daily_by_order": daily}
    therapy = Therapy(code="abhyanga", groups=["massage_family"], facts={"course": course})
    return Item(Variant(therapy=therapy), sessions, apart, lifted_limits={"fr_massage_cap": reason} if reason else {})


@pytest.mark.parametrize(
    ("item", "lacks", "kept"),
    [
        (ordered(), False, "Daily course, as ordered"),
        (ordered(reason="weak back"), False, "weak back"),
        (ordered(daily=False), True, ""),
        (ordered(sessions=22), True, ""),  # longer than any usual course
        (ordered(sessions=3, apart=3), False, ""),  # within the cap
    ],
)
def test_daily_abhyanga_asks_for_no_typed_reason(item: Item, *, lacks: bool, kept: str) -> None:
    reason = with_reason(item, CAP).lifted_limits.get("fr_massage_cap", "")
    assert (lacks_reason(item, CAP), reason) == (lacks, kept)
