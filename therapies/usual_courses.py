"""Courses that a Vaidya orders in one choice: which therapies, how often. `catalogue/usual_courses.yaml` has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import yaml

from therapies.catalogue.reader import HOME
from therapies.models.words import in_reader_language


@dataclass(frozen=True)
class UsualTherapy:
    """One therapy of a course, by its code; `variant` "" is its ordinary form.

    `first_day` is the day of the course on which it begins, 1 the first. `days_between` counts from one session to the
    next, 0: as is usual for the therapies of the course. `schedule` says which form comes on which day.
    """

    code: str
    sessions: int
    variant: str = ""
    first_day: int = 1
    days_between: int = 0
    schedule: str = ""

    @property
    def days(self) -> range:
        """The days of the course on which it is given, where its spacing is named."""
        apart = self.days_between or 1
        return range(self.first_day, self.first_day + self.sessions * apart, apart)


@dataclass(frozen=True)
class UsualCourse:
    """What is ordered together. Names, aim and advice are kept by language."""

    code: str
    names: Mapping[str, str]
    therapies: tuple[UsualTherapy, ...]
    aims: Mapping[str, str]
    advices: Mapping[str, str]
    sources: tuple[str, ...]

    def __str__(self) -> str:
        return in_reader_language(self.names)

    @property
    def aim(self) -> str:
        return in_reader_language(self.aims)

    @property
    def advice(self) -> str:
        return in_reader_language(self.advices)


@cache
def usual_courses() -> tuple[UsualCourse, ...]:
    """In the order of the file."""
    rows = yaml.safe_load((HOME / "usual_courses.yaml").read_text(encoding="utf-8"))
    return tuple(
        UsualCourse(
            code=row["code"],
            names=row["names"],
            therapies=tuple(UsualTherapy(**therapy) for therapy in row["therapies"]),
            aims=row["aim"],
            advices=row["advice"],
            sources=tuple(row["sources"]),
        )
        for row in rows
    )


def usual_course(code: str) -> UsualCourse | None:
    """The course with this code, if there is one."""
    return next((course for course in usual_courses() if course.code == code), None)
