"""A usual course on the page of a prescription: which ones can be chosen, and the rows that one fills."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bookings.rules.prescriptions import ITEMS, CourseLimits, usual_days_between
from therapies.models import Variant
from therapies.usual_courses import UsualCourse, UsualTherapy, usual_courses

from .prescription_forms import ItemsFormSet


def offered_courses(variants: Mapping[str, Variant], bound: CourseLimits) -> list[UsualCourse]:
    """Those of which every therapy, in the form that the course names, and every schedule can be ordered here."""
    return [course for course in usual_courses() if all(_is_offered(row, variants, bound) for row in course.therapies)]


def _is_offered(row: UsualTherapy, variants: Mapping[str, Variant], bound: CourseLimits) -> bool:
    return _form_of(row, variants) is not None and (not row.schedule or row.schedule in bound.totals)


def _form_of(row: UsualTherapy, variants: Mapping[str, Variant]) -> Variant | None:
    """The form of the therapy that is ordered; None where it is not offered."""
    forms = (variant for variant in variants.values() if variant.therapy.code == row.code)
    return next((form for form in forms if (form.code == row.variant if row.variant else form.is_default)), None)


def course_rows(course: UsualCourse, variants: Mapping[str, Variant], bound: CourseLimits) -> list[dict[str, Any]]:
    """Its therapies as the formset shows them; those without a spacing alike, so that they can be given in one visit.

    Every therapy must be offered here.
    """
    pairs = [(row, form) for row in course.therapies if (form := _form_of(row, variants)) is not None]
    usual = max(usual_days_between(form.therapy, bound) for _row, form in pairs)
    return [
        {
            "variant": str(form.pk),
            "sessions": row.sessions,
            "days_between": row.days_between or usual,
            "first_day": row.first_day,
            "schedule": row.schedule,
        }
        for row, form in pairs
    ]


@dataclass(frozen=True)
class ChosenCourse:
    """What a press on a course did, by names: nothing is added to what is written in silence."""

    name: str
    added: tuple[str, ...]
    written: tuple[str, ...]
    no_room: tuple[str, ...]


def chosen_course(
    course: UsualCourse,
    written: Iterable[dict[str, Any]],
    added: Iterable[dict[str, Any]],
    variants: Mapping[str, Variant],
) -> ChosenCourse:
    """`written`: the rows before the press; `added`: those of the course."""
    before, rows = list(written), list(added)
    shown = {str(row["variant"]) for row in rows_beside(before, rows)}
    had = {str(row["variant"]) for row in before}
    new = [str(row["variant"]) for row in rows if str(row["variant"]) not in had]

    def named(keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(str(variants[key]) for key in keys if key in variants)

    return ChosenCourse(
        str(course),
        added=named(key for key in new if key in shown),
        written=named(str(row["variant"]) for row in before),
        no_room=named(key for key in new if key not in shown),
    )


def rows_beside(written: Iterable[dict[str, Any]], added: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is written already, and then what is added and not among it; as many as a prescription has."""
    rows = list(written)
    chosen = {row["variant"] for row in rows}
    return [*rows, *(row for row in added if row["variant"] not in chosen)][:ITEMS]


def written_rows(items: ItemsFormSet) -> list[dict[str, Any]]:
    """The therapies of a page that was sent, as they were typed; those to be removed are left out."""
    rows = [{name: form[name].value() for name in form.fields} for form in items.forms]
    return [row for row in rows if row["variant"] and not row.pop("DELETE", None)]
