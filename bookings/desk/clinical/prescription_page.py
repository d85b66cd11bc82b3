"""The page of a prescription that is being written: its forms, filled from the draft or from what it replaces."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from bookings.errors import refuse_if
from bookings.facts import record as record_facts
from bookings.facts.alert_rows import told_allergies
from bookings.facts.record_access import RecordAccess
from bookings.models import Assessment, Prescription, Suited
from bookings.rules import assessments as assessment_rules
from bookings.rules import prescriptions as prescription_rules
from clinic.people.models import User
from clinic.premises.models import Clinic
from therapies.usual_courses import UsualCourse

from . import lookups
from .course_choice import ChosenCourse, chosen_course, course_rows, offered_courses, rows_beside, written_rows
from .prescription_forms import ItemsFormSet, Ordering, PrescriptionForm, initial_items, items_formset


@dataclass
class Page:
    """`draft` is one's own unsigned prescription on the examination, if there is one. Call `fill` before the rest."""

    assessment: Assessment
    draft: Prescription | None
    clinic: Clinic
    record: RecordAccess
    ordering: Ordering
    last: dt.date
    initial: dict[str, Any]
    rows: list[dict[str, Any]]
    form: PrescriptionForm = field(init=False)
    items: ItemsFormSet = field(init=False)
    chosen: ChosenCourse | None = None

    @property
    def courses(self) -> list[UsualCourse]:
        """What can be ordered in one choice."""
        return offered_courses(self.ordering.variants, self.ordering.bound)

    def fill(self, data: Any) -> None:
        """Make the forms, with what was posted or with what is there; a chosen course is filled in, and then read."""
        on, patient = self.ordering.on, self.assessment.patient
        in_force = lookups.in_force(patient, on, self.record)
        self.form = PrescriptionForm(data, initial=self.initial, in_force=in_force, today=on, last=self.last)
        self.items = items_formset(data, self.ordering, self.rows)
        course = next((row for row in self.courses if data and row.code == data.get("course")), None)
        if course is not None:
            self._choose(course)

    def _choose(self, course: UsualCourse) -> None:
        """Show its therapies below those that are written already; what is typed stays, and nothing is kept yet."""
        written = {name: self.form[name].value() for name in self.form.fields}
        words = {name: written[name] or getattr(course, name) for name in ("aim", "advice")}
        added = course_rows(course, self.ordering.variants, self.ordering.bound)
        before = written_rows(self.items)
        self.chosen = chosen_course(course, before, added, self.ordering.variants)
        self.initial, self.rows = written | words, rows_beside(before, added)
        self.fill(None)

    def is_valid(self) -> bool:
        """Both are looked at, so that all that is wrong is said at once."""
        return all([self.form.is_valid(), self.items.is_valid()])

    @property
    def has_errors(self) -> bool:
        return bool(self.form.errors or any(self.items.errors) or self.items.non_form_errors())


def page_for(
    assessment: Assessment,
    *,
    by: User,
    clinic: Clinic,
    record: RecordAccess,
    replaces: uuid.UUID | None,
    now: dt.datetime,
) -> Page:
    """Raises PolicyRefused when nothing can be ordered on this examination."""
    draft = record_facts.draft_order(assessment, by)
    if not assessment.is_signed:
        refuse_if(assessment_rules.why_not_change(assessment, by=by))
    clinic = draft.clinic if draft else clinic
    in_force = lookups.in_force(assessment.patient, clinic.today(now), record)
    old = _replaced(assessment, draft, replaces, in_force)
    last = lookups.last_day(assessment)
    shown = draft or old
    initial = {
        "aim": shown.aim if shown else "",
        "advice": shown.advice if shown else "",
        "valid_until": draft.valid_until if draft else last,
        "review_on": draft.review_on if draft else None,
        "replaces": old.public_id if old else None,
    }
    rows = _rows(draft, old, now)
    ordering = _ordering(assessment, rows, clinic.today(now))
    return Page(assessment, draft, clinic, record, ordering, last, initial, rows)


def _replaced(
    assessment: Assessment, draft: Prescription | None, asked: uuid.UUID | None, rows: QuerySet[Prescription]
) -> Prescription | None:
    """In whose place it stands: as the draft or the address says, else what the examination's old version ordered."""
    if draft is not None:
        return draft.replaces
    if asked:
        return rows.filter(public_id=asked).first()
    return rows.filter(assessment=assessment.replaces_id).first() if assessment.replaces_id else None


def _rows(draft: Prescription | None, old: Prescription | None, now: dt.datetime) -> list[dict[str, Any]]:
    """The draft's items; else those of the replaced one, with the sessions that were not given yet."""
    if draft is not None:
        return initial_items(draft.items.order_by("position"))
    if old is None:
        return []
    read = record_facts.prescriptions_of(old.patient, drafts=False).get(pk=old.pk)
    orders = record_facts.prescription_summary(read, now=now).orders
    remaining = {order.item.pk: order.item.sessions - order.given for order in orders}
    return initial_items([order.item for order in orders if remaining[order.item.pk] > 0], remaining)


def _ordering(assessment: Assessment, rows: list[dict[str, Any]], on: dt.date) -> Ordering:
    """What may be chosen: what is offered, and what the draft has, so that nothing is left out unseen."""
    kept = lookups.variants_among([int(row["variant"]) for row in rows])
    unsuited = {row.therapy_id for row in assessment.suitabilities.all() if row.level == Suited.NOT_SUITED}
    variants = {str(variant.pk): variant for variant in [*lookups.prescribable(), *kept]}
    return Ordering(
        assessment.patient,
        on,
        frozenset(unsuited),
        prescription_rules.course_limits(),
        variants,
        tuple(told_allergies(assessment.patient)),
    )
