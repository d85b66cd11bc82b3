"""What the catalogue's rules forbid, read a second time: from the data as it stands, pair by pair and day by day.

It shares nothing with the code under test but the rows.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from therapies.models import Rule, Variant

ONE = dt.timedelta(days=1)


@dataclass(frozen=True)
class Given:
    """A therapy on the clinic's clock; `beyond`: ordered beyond the limits; `grade`: how much it has cleansed."""

    variant: Variant
    at: dt.datetime
    beyond: bool = False
    grade: str = ""

    @property
    def day(self) -> dt.date:
        return self.at.date()

    def is_one_of(self, words: object) -> bool:
        asked = {words} if isinstance(words, str) else {*words}  # type: ignore[misc]
        therapy = self.variant.therapy
        mine = {therapy.code, self.variant.code, f"{therapy.code}_{self.variant.code}", *therapy.groups, "all"}
        if "shodhana_family" in therapy.groups:
            mine.add("any_shodhana")
        return bool(mine & asked)

    def steps_before_the_treatment(self) -> list[str]:
        found = []
        for step in sorted(self.variant.steps.all(), key=lambda step: step.offset):
            if step.patient_present:
                if step.code == "hands_on":
                    break
                found.append(step.code)
        return found

    def all_steps(self) -> list[str]:
        return [step.code for step in self.variant.steps.all() if step.patient_present]


def forbids(rules: Sequence[Rule], visit_parts: Sequence[Given], had: Sequence[Given]) -> bool:
    """Whether some hard rule speaks against a visit of these legs, for somebody who has had (or booked) the others."""
    for number, mine in enumerate(visit_parts):
        if mine.variant.therapy.kind == "consultation":
            continue
        before = [
            visit_part for visit_part in visit_parts[:number] if visit_part.variant.therapy.kind != "consultation"
        ]
        for rule in rules:
            if mine.beyond and is_liftable(rule):
                continue
            if rule.is_hard and "held_by" not in rule.data and breaks(rule, mine, [*had, *before], before):
                return True
    return False


def is_liftable(rule: Rule) -> bool:
    """Whether a Vaidya may lift it in writing."""
    return bool(rule.data.get("lifted_by") == "vaidya")


def breaks(rule: Rule, mine: Given, others: Sequence[Given], before: Sequence[Given]) -> bool:
    data = rule.data
    if rule.kind == "sequence" and "first" in data:
        return mine.is_one_of(data["applies_to"]) and not _came_first(data["first"], mine, others, before)
    if rule.kind == "sequence":
        return _too_close(mine, others, data["later"], data["earlier"], data["within_days"])
    if rule.kind == "gap":
        wrong = {"between": _wrong_gap, "days_after": _in_days_after, "length": _wrong_length}
        return wrong[data["kind"]](data, mine, others)
    if rule.kind == "same_day":
        return _wrong_day(data, mine, others)
    assert "max_sessions" in data or "each_of" in data, f"{rule.code}: the oracle does not know this rule"
    return _again_today(data, mine, others) if "each_of" in data else _too_often(data, mine, others)


def _wrong_gap(data: dict[str, object], mine: Given, others: Sequence[Given]) -> bool:
    if _too_close(mine, others, data["after"], data["before"], int(str(data.get("min_days", 0)))):
        return True
    most = data.get("max_days")
    needed = most is not None and mine.is_one_of(data["before"])
    return needed and not _within(mine, others, data["after"], 0, int(str(most)))


def _in_days_after(data: dict[str, object], mine: Given, others: Sequence[Given]) -> bool:
    """From the next day on, for the days of the grade; for the most days where there is none."""
    by_grade: dict[str, int] = data["days_by_grade"]  # type: ignore[assignment]
    for other in others:
        for a, b in ((mine, other), (other, mine)):
            if a.is_one_of(data["after"]) and b.is_one_of(data["before"]):
                days = by_grade[a.grade] if a.grade else max(by_grade.values())
                if b.day in [a.day + n * ONE for n in range(1, days + 1)]:
                    return True
    return False


def _within(mine: Given, others: Sequence[Given], words: object, least: int, most: int) -> bool:
    dates = [mine.day - n * ONE for n in range(least, most + 1)]
    return any(other.day in dates for other in others if other.is_one_of(words))


def _too_close(mine: Given, others: Sequence[Given], first: object, second: object, days: int) -> bool:
    """Whether a pair with `mine` in it, the first of one kind and the second of the other, is too near."""
    for other in others:
        for a, b in ((mine, other), (other, mine)):
            if a.is_one_of(first) and b.is_one_of(second) and a.day <= b.day < a.day + days * ONE:
                return True
    return False


def _came_first(needs: list[dict[str, object]], mine: Given, others: Sequence[Given], before: Sequence[Given]) -> bool:
    """Each need in its turn, by a part of the visit before this one or by a step before the treatment."""
    line: list[tuple[Given | None, list[str]]] = [(visit_part, visit_part.all_steps()) for visit_part in before]
    line += [(None, [step]) for step in mine.steps_before_the_treatment()]
    place = 0
    for need in needs:
        if need.get("days"):
            if not _within(mine, others, need["of"], 1, int(str(need["days"]))):
                return False
            continue
        steps = set(need.get("steps", []))  # type: ignore[call-overload]
        fits = [
            n
            for n, (visit_part, codes) in enumerate(line)
            if n >= place and ((visit_part is not None and visit_part.is_one_of(need["of"])) or steps & set(codes))
        ]
        if not fits:
            return False
        place = fits[0]
    return True


def _wrong_length(data: dict[str, object], mine: Given, others: Sequence[Given]) -> bool:
    dates = {other.day for other in others if other.is_one_of(data["therapy"])}
    if mine.is_one_of(data["therapy"]):
        length, back, on = 1, mine.day - ONE, mine.day + ONE
        while back in dates:
            length, back = length + 1, back - ONE
        while on in dates:
            length, on = length + 1, on + ONE
        return length > int(str(data["max_days"]))
    if mine.is_one_of(data["before"]):
        recent = [day for day in dates if mine.day - 14 * ONE <= day < mine.day]
        length, day = 0, max(recent, default=mine.day)
        while day in dates:
            length, day = length + 1, day - ONE
        return bool(recent) and length < int(str(data["min_days"]))
    return False


def _wrong_day(data: dict[str, object], mine: Given, others: Sequence[Given]) -> bool:
    today = [other for other in others if other.day == mine.day]
    if "forbid_after" in data:
        pairs = [(mine, other) for other in today] + [(other, mine) for other in today]
        return any(a.is_one_of(data["forbid_after"]) and b.is_one_of(data["target"]) and a.at <= b.at for a, b in pairs)
    if "max_per_day" in data:
        counted = [other for other in today if other.is_one_of(data["target"])]
        return mine.is_one_of(data["target"]) and len(counted) + 1 > int(str(data["max_per_day"]))
    return any(
        _in_course(str(code), data, mine, others)
        for code in data["forbid_during_course_of"]  # type: ignore[attr-defined]
    )


def _in_course(code: str, data: dict[str, object], mine: Given, others: Sequence[Given]) -> bool:
    """Walks out from each date of the target to both sides, to see whether the course goes on around it."""
    everything = [*others, mine]
    course = {each.day for each in everything if each.is_one_of(code)}
    targets = [mine] if mine.is_one_of(data["target"]) else [o for o in others if o.is_one_of(data["target"])]
    if not mine.is_one_of(data["target"]) and not mine.is_one_of(code):
        return False
    apart = int(str(data["break_days"]))
    for target in targets:
        before, after = (
            max((d for d in course if d <= target.day), default=None),
            min((d for d in course if d >= target.day), default=None),
        )
        if before is None or after is None or (after - before).days > apart:
            continue
        if mine.is_one_of(data["target"]) or _joined(course, target.day, mine.day, apart):
            return True
    return False


def _joined(course: set[dt.date], one: dt.date, other: dt.date, apart: int) -> bool:
    """Whether no break of the course lies between two dates."""
    low, high = min(one, other), max(one, other)
    below = max((d for d in course if d <= low), default=low)
    above = min((d for d in course if d >= high), default=high)
    dates = [*sorted(d for d in course if below <= d <= high), above]
    return all((b - a).days <= apart for a, b in pairwise(dates))


def _again_today(data: dict[str, object], mine: Given, others: Sequence[Given]) -> bool:
    """Each of these therapies by itself."""
    own = [code for code in data["each_of"] if mine.is_one_of(code)]  # type: ignore[attr-defined]
    today = [other for other in others if other.day == mine.day]
    return any(sum(other.is_one_of(code) for other in today) + 1 > int(str(data["max_per_day"])) for code in own)


def _too_often(data: dict[str, object], mine: Given, others: Sequence[Given]) -> bool:
    liftable = data.get("lifted_by") == "vaidya"
    if not mine.is_one_of(data["applies_to"]) or (liftable and mine.beyond):
        return False
    counted = [o for o in others if o.is_one_of(data["applies_to"]) and not (liftable and o.beyond)]
    most, days = int(str(data["max_sessions"])), int(str(data["window_days"]))
    if data["window"] == "calendar_day":
        return sum(other.day == mine.day for other in counted) + 1 > most
    walls = [each.at.replace(tzinfo=None) for each in [*counted, mine]]
    own = mine.at.replace(tzinfo=None)
    length = dt.timedelta(days=days)
    return any(sum(a <= b < a + length for b in walls) > most and a <= own < a + length for a in walls)
