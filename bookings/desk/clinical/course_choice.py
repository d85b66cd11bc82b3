"""A usual course on the page of a prescription: which ones can be chosen, and the rows that one fills."""

from collections.abc import Iterable, Mapping
from typing import Any

from bookings.rules.prescriptions import ITEMS, CourseLimits, usual_days_between
from therapies.models import Variant
from therapies.usual_courses import UsualCourse, usual_courses

from .prescription_forms import ItemsFormSet


def offered_courses(variants: Mapping[str, Variant]) -> list[UsualCourse]:
    """Those of which every therapy can be ordered here."""
    codes = {variant.therapy.code for variant in variants.values() if variant.is_default}
    return [course for course in usual_courses() if codes.issuperset(row.code for row in course.therapies)]


def course_rows(course: UsualCourse, variants: Mapping[str, Variant], bound: CourseLimits) -> list[dict[str, Any]]:
    """Its therapies as the formset shows them: spread alike, so that they can be given in one visit."""
    ordinary = {variant.therapy.code: variant for variant in variants.values() if variant.is_default}
    days = max(usual_days_between(ordinary[row.code].therapy, bound) for row in course.therapies)
    return [
        {"variant": str(ordinary[row.code].pk), "sessions": row.sessions, "days_between": days}
        for row in course.therapies
    ]


def rows_beside(written: Iterable[dict[str, Any]], added: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is written already, and then what is added and not among it; as many as a prescription has."""
    rows = list(written)
    chosen = {row["variant"] for row in rows}
    return [*rows, *(row for row in added if row["variant"] not in chosen)][:ITEMS]


def written_rows(items: ItemsFormSet) -> list[dict[str, Any]]:
    """The therapies of a page that was sent, as they were typed; those to be removed are left out."""
    rows = [{name: form[name].value() for name in form.fields} for form in items.forms]
    return [row for row in rows if row["variant"] and not row.pop("DELETE", None)]
