"""The forms that the data of a rule may have. Each is checked to the last key, and makes its rule."""

from typing import Annotated, Literal, TypedDict

from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from therapies.frequency import DaysAfter, Frequency, Gap, Length
from therapies.order import Need, NotAfter, NotDuring, Order
from therapies.rules import REACH, BookingRule


def _codes(value: object) -> object:
    """A code alone is a list of one."""
    if isinstance(value, str):
        return frozenset([value])
    return frozenset(value) if isinstance(value, list) and all(isinstance(code, str) for code in value) else value


Codes = Annotated[frozenset[str], BeforeValidator(_codes)]
Names = Annotated[Codes, Field(min_length=1)]
Days = Annotated[int, Field(ge=0, le=REACH)]
Span = Annotated[int, Field(ge=1, le=REACH)]
Count = Annotated[int, Field(ge=1, le=99)]
Hours = Annotated[int, Field(ge=1, le=24 * REACH)]
Numbers = dict[str, int | str]
GRADES: tuple[Literal["avara", "madhyama", "pravara"], ...] = ("avara", "madhyama", "pravara")
"""How much a purification has cleansed, from least to most."""


class Common(TypedDict):
    """What every rule has."""

    code: str
    says: str
    sources: tuple[str, ...]
    is_hard: bool
    may_be_lifted: bool


class Override(BaseModel):
    """As `lifted_by` was written earlier."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    allowed: bool
    by: Literal["vaidya"]
    needs: Literal["written_order_with_reason"]


class Form(BaseModel):
    """`says` is the sentence by language; `rule` and `note` are for the reader of the catalogue.

    `lifted_by`: who may lift it for one order, a Vaidya in writing with a reason for this rule alone, or nobody.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    says: dict[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], str]
    rule: str = ""
    note: str = ""
    lifted_by: Literal["vaidya", "nobody"] | None = None
    override: Override | None = None

    @property
    def may_be_lifted(self) -> bool:
        """Whether a Vaidya may lift it."""
        if self.lifted_by is not None:
            return self.lifted_by == "vaidya"
        return self.override is not None and self.override.allowed

    def numbers(self) -> Numbers:
        """What the sentence may name in braces."""
        return {}

    def made(self, common: Common) -> BookingRule:
        raise NotImplementedError


class NeedForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    of: Names
    steps: Codes = frozenset()
    days: Days = 0


class First(Form):
    """Others come first: in the same visit, where a step will do, or so many days before at most."""

    order: list[str]
    applies_to: Names
    first: Annotated[list[NeedForm], Field(min_length=1)]

    def numbers(self) -> Numbers:
        return {"days": max(need.days for need in self.first)}

    def made(self, common: Common) -> BookingRule:
        needs = tuple(Need(need.of, need.steps, need.days) for need in self.first)
        return Order(of=self.applies_to, first=needs, **common)


class OneFirst(Form):
    """When both are planned, one comes first: not within so many days after the other."""

    order: list[str]
    applies_to: Names
    earlier: Names
    later: Names
    within_days: Span

    def numbers(self) -> Numbers:
        return {"days": self.within_days}

    def made(self, common: Common) -> BookingRule:
        return Gap(after=self.later, before=self.earlier, min_days=self.within_days, **common)


class Between(Form):
    kind: Literal["between"]
    after: Names
    before: Names
    min_days: Days = 0
    max_days: Days | None = None
    default_days: Days | None = None
    floor_days: Days | None = None
    min_hours: Hours | None = None
    recommended_hours: Hours | None = None

    def numbers(self) -> Numbers:
        return {"min_days": self.min_days, "max_days": self.max_days or 0, "hours": self.min_hours or 0}

    def made(self, common: Common) -> BookingRule:
        least, most, hours = self.min_days, self.max_days, self.min_hours or 0
        return Gap(after=self.after, before=self.before, min_days=least, max_days=most, min_hours=hours, **common)


class ByGrade(Form):
    """The days after, by how much the purification has cleansed; the longest while nobody has written that down."""

    kind: Literal["days_after"]
    after: Names
    before: Names
    days_by_grade: dict[Literal["avara", "madhyama", "pravara"], Span]

    @model_validator(mode="after")
    def _all_grades(self) -> "ByGrade":
        if len(self.days_by_grade) < len(GRADES):
            raise ValueError("days_by_grade: says the days of each grade")
        return self

    def numbers(self) -> Numbers:
        return {**{grade: self.days_by_grade[grade] for grade in GRADES}, "days": max(self.days_by_grade.values())}

    def made(self, common: Common) -> BookingRule:
        days = frozenset[tuple[str, int]](self.days_by_grade.items())
        longest = max(self.days_by_grade.values())
        return DaysAfter(after=self.after, before=self.before, longest=longest, by_grade=days, **common)


class LengthOf(Form):
    """`before` are those that may only follow once the course is long enough."""

    kind: Literal["length"]
    therapy: Names
    before: Names
    min_days: Count
    max_days: Annotated[int, Field(ge=1, le=REACH // 2)]

    def numbers(self) -> Numbers:
        return {"min_days": self.min_days, "max_days": self.max_days}

    def made(self, common: Common) -> BookingRule:
        least, most = self.min_days, self.max_days
        return Length(of=self.therapy, before=self.before, min_days=least, max_days=most, **common)


class ForbidAfter(Form):
    forbid_after: Names
    target: Names

    def made(self, common: Common) -> BookingRule:
        return NotAfter(forbid=self.forbid_after, target=self.target, **common)


class ForbidDuring(Form):
    """Sessions up to `break_days` apart are one course."""

    forbid_during_course_of: Names
    target: Names
    break_days: Annotated[int, Field(ge=1, le=14)]

    def made(self, common: Common) -> BookingRule:
        courses = tuple(sorted(self.forbid_during_course_of))
        return NotDuring(courses=courses, target=self.target, break_days=self.break_days, **common)


class PerDay(Form):
    max_per_day: Count
    target: Names

    def numbers(self) -> Numbers:
        return {"most": self.max_per_day, "nth": nth(self.max_per_day + 1)}

    def made(self, common: Common) -> BookingRule:
        return Frequency(of=self.target, most=self.max_per_day, days=1, rolling=False, **common)


class Most(Form):
    """`window` rolling: any stretch of that many days to the minute; calendar_day: one date."""

    applies_to: Names
    max_sessions: Count
    window_days: Span
    window: Literal["rolling", "calendar_day"]

    def numbers(self) -> Numbers:
        return {"most": self.max_sessions, "days": self.window_days, "nth": nth(self.max_sessions + 1)}

    def made(self, common: Common) -> BookingRule:
        most, rolling = self.max_sessions, self.window == "rolling"
        return Frequency(of=self.applies_to, most=most, days=self.window_days, rolling=rolling, **common)


class MostOfEach(Form):
    """Of each of these therapies so many on one date."""

    each_of: Names
    max_per_day: Count

    def numbers(self) -> Numbers:
        return {"most": self.max_per_day, "nth": nth(self.max_per_day + 1)}

    def made(self, common: Common) -> BookingRule:
        return Frequency(of=self.each_of, most=self.max_per_day, days=1, rolling=False, each=True, **common)


class Usual(Form):
    applies_to: Names
    usual_sessions: Count
    window_days: Span

    def numbers(self) -> Numbers:
        return {"most": self.usual_sessions, "days": self.window_days, "nth": nth(self.usual_sessions + 1)}

    def made(self, common: Common) -> BookingRule:
        return Frequency(of=self.applies_to, most=self.usual_sessions, days=self.window_days, rolling=True, **common)


class Spacing(Form):
    applies_to: Names
    min_hours_between_starts: Hours
    recommended_hours: Hours | None = None

    def numbers(self) -> Numbers:
        return {"hours": self.min_hours_between_starts}

    def made(self, common: Common) -> BookingRule:
        hours = self.min_hours_between_starts
        return Gap(after=self.applies_to, before=self.applies_to, min_hours=hours, **common)


# By the rule's kind, then by a key of its data; a gap says its form outright.
FORMS: dict[str, dict[str, type[Form]]] = {
    "sequence": {"first": First, "within_days": OneFirst},
    "gap": {"between": Between, "days_after": ByGrade, "length": LengthOf},
    "same_day": {"forbid_after": ForbidAfter, "max_per_day": PerDay, "forbid_during_course_of": ForbidDuring},
    "frequency": {
        "each_of": MostOfEach,
        "max_sessions": Most,
        "usual_sessions": Usual,
        "min_hours_between_starts": Spacing,
    },
}


def nth(number: int) -> str:
    """Which one it would be, as a word."""
    words = [_("First"), _("Second"), _("Third"), _("Fourth"), _("Fifth"), _("Sixth"), _("Seventh"), _("Eighth")]
    return words[number - 1] if number <= len(words) else f"{number}."
