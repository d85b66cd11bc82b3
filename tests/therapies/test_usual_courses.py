"""Courses that are ordered in one choice. Pure, on the shipped catalogue."""

import datetime as dt

import pytest
from django.utils.translation import override

from bookings.facts.orders import LETTERS_OF_A_SCHEDULE
from tests.shipped import CATALOGUE as SHIPPED
from therapies.pairs import booking_rules
from therapies.rulebook import names_of
from therapies.rules import Session, judge_rules
from therapies.usual_courses import UsualCourse, UsualTherapy, usual_course, usual_courses

HARD_RULES = [rule for rule in booking_rules(SHIPPED) if rule.is_hard]
SCHEDULES = {rule.code: rule.rule for rule in SHIPPED.rules if rule.kind == "schedule"}
FIRST = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
EACH = pytest.mark.parametrize("course", usual_courses(), ids=lambda course: course.code)


@EACH
def test_course_names_therapies_that_a_vaidya_orders(course: UsualCourse) -> None:
    needs = {SHIPPED.therapies[row.code].needs for row in course.therapies}

    assert needs - {"prescription", "day_check"} == set()


@EACH
def test_course_has_all_its_words_in_both_languages_and_its_sources(course: UsualCourse) -> None:
    words = (course.names, course.aims, course.advices)

    assert [sorted(row) for row in words] == [["en", "hi"]] * 3
    assert {*course.sources} <= {"clinic_default", *SHIPPED.sources}


def test_course_is_said_in_the_readers_language() -> None:
    course = usual_course("kati_basti_with_steam")
    assert course is not None

    with override("hi"):
        assert (str(course), course.aim) == ("कटि बस्ति और भाप का सेंक, 7 दिन", "कमर का दर्द और जकड़न कम हो")
    with override("en"):
        assert str(course) == "Kati Basti with local steam, 7 days"


def test_code_of_no_course_is_none() -> None:
    assert usual_course("dream") is None


@EACH
def test_course_names_forms_and_schedules_that_the_catalogue_has(course: UsualCourse) -> None:
    for row in course.therapies:
        therapy = SHIPPED.therapies[row.code]
        assert row.variant in {"", *(variant.code for variant in therapy.variants)}
        schedules = therapy.facts.course.schedules if therapy.facts.course else []
        assert row.schedule in {"", *schedules}
        if row.schedule:
            assert row.sessions == SCHEDULES[row.schedule]["total"]


def form_on(row: UsualTherapy, number: int) -> str:
    """The code of the variant of a session: by its schedule, else as the course names it."""
    if row.schedule:
        return LETTERS_OF_A_SCHEDULE[SCHEDULES[row.schedule]["sequence"][number]]
    return row.variant or next(form.code for form in SHIPPED.therapies[row.code].variants if form.default)


def visits_of(course: UsualCourse) -> list[list[Session]]:
    """The sessions of each day of the course, one after the other, as written orders that may exceed a weekly cap."""
    visits: dict[int, list[Session]] = {}
    for row in course.therapies:
        therapy = SHIPPED.therapies[row.code]
        for number, day in enumerate(row.days):
            form = next(each for each in therapy.variants if each.code == form_on(row, number))
            steps = tuple(step.code for step in sorted(form.steps, key=lambda step: step.offset) if step.patient)
            visit = visits.setdefault(day, [])
            start = FIRST + dt.timedelta(days=day, hours=len(visit))
            names = names_of(therapy.code, therapy.groups, form.code)
            visit.append(Session(names, start, steps, tuple(visit), frozenset(["fr_massage_cap"])))
    return [visits[day] for day in sorted(visits)]


@pytest.mark.parametrize(
    "course", [course for course in usual_courses() if all(row.days_between for row in course.therapies)], ids=str
)
def test_days_of_a_course_keep_to_the_hard_rules_of_the_catalogue(course: UsualCourse) -> None:
    """Each visit of the course beside the others, judged by the shipped rules as a booking is; caps are the order's."""
    visits = visits_of(course)

    broken = {
        ruling.code
        for number, visit in enumerate(visits)
        for ruling in judge_rules(HARD_RULES, visit, [part for other in visits[:number] for part in other])
    }

    assert broken == set()
