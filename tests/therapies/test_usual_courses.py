"""Courses that are ordered in one choice. Pure, on the shipped catalogue."""

import pytest
from django.utils.translation import override

from tests.shipped import CATALOGUE as SHIPPED
from therapies.usual_courses import UsualCourse, usual_course, usual_courses

EACH = pytest.mark.parametrize("course", usual_courses(), ids=lambda course: course.code)


@EACH
def test_course_names_therapies_that_a_vaidya_orders(course: UsualCourse) -> None:
    assert {SHIPPED.therapies[row.code].needs for row in course.therapies} == {"prescription"}


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
