"""When a Vaidya looks at a patient again, by the order's own day and by the rules of the catalogue.

One query reads what the rules compare, of each order in force; which rule asks is decided here. A rule that the
catalogue does not give in numbers asks for nothing.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from bookings.models import Assessment, Booking, SessionNote, Status
from clinic.compiled_query import MOMENT, CompiledQuery, ids_to_be
from clinic.people.records import RecordsOf
from therapies.models import Rule, TherapyKind

from .owners import LIMIT, Task, TaskKind
from .parts import prescriptions_in_force, today

REVIEWS = frozenset({TaskKind.REVIEW, TaskKind.NO_BETTER})
COURSE, MASSAGE, NO_BETTER = "fr_review_course", "fr_review_massage", "fr_no_improvement"
GIVEN = {"status": Status.COMPLETED, "variant__therapy__kind": TherapyKind.PROCEDURE}
SINCE_EXAMINED = {
    "visit__patient__in": RecordsOf(OuterRef("patient")),
    "ended_at__gt": OuterRef("assessment__signed_at"),
}


class OrderRow(NamedTuple):
    """What the rules compare of an order; the moments are of treatments given since the examination."""

    patient: int
    clinic: int
    signed_by: int
    review_on: dt.date | None
    here_today: dt.date
    given: int
    first_given_at: dt.datetime | None
    last_given_at: dt.datetime | None
    massaged_at: dt.datetime | None
    came_with: int | None
    pain: int | None
    pain_at: dt.datetime | None


Reason = tuple[TaskKind, dt.datetime]
"""What asks for another look, and since when."""


def review_tasks(clinics: list[int], now: dt.datetime) -> list[Task]:
    """What asks for another look at these clinics' orders, until the patient was examined since they were signed."""
    rules = {code: json.loads(data) for code, data in _rules().rows(now=now)}
    query = _orders(len(clinics), massages=tuple(rules.get(MASSAGE, {}).get("applies_to", ())))
    orders = (OrderRow(*row) for row in query.rows(ids=clinics, now=now))
    return [
        Task(kind, row.patient, row.clinic, row.signed_by, since, since + LIMIT)
        for row in orders
        for kind, since in _reasons(row, rules, now)
    ]


@cache
def _rules() -> CompiledQuery:
    rows = Rule.objects.filter(code__in=(COURSE, MASSAGE, NO_BETTER)).order_by()
    return CompiledQuery.of(rows.values_list("code", "data"))


@lru_cache(maxsize=64)
def _orders(clinics: int, *, massages: tuple[str, ...]) -> CompiledQuery:
    """The orders in force of so many clinics, each with what was given and felt since the examination."""
    examined = Assessment.objects.filter(
        patient__in=RecordsOf(OuterRef("patient")), signed_at__gt=OuterRef("signed_at")
    )
    given = Booking.objects.filter(**GIVEN, **SINCE_EXAMINED)
    massage = Q(variant__therapy__groups__overlap=list(massages)) | Q(variant__therapy__code__in=list(massages))
    felt = Coalesce("pain_before", "pain_after")
    of_given = {f"booking__{name}": value for name, value in (GIVEN | SINCE_EXAMINED).items()}
    notes = SessionNote.objects.alias(felt=felt).filter(felt__isnull=False, **of_given)
    first, last = notes.order_by("booking__ended_at"), notes.order_by("-booking__ended_at")
    count = Subquery(given.values("visit__patient").annotate(count=Count("pk")).values("count"))
    columns = {
        "here_today": today("clinic__timezone", MOMENT),
        "given": Coalesce(count, 0),
        "first_given_at": Subquery(given.order_by("ended_at").values("ended_at")[:1]),
        "last_given_at": Subquery(given.order_by("-ended_at").values("ended_at")[:1]),
        "massaged_at": Subquery(given.filter(massage).order_by("ended_at").values("ended_at")[:1]),
        "came_with": Coalesce("assessment__pain", Subquery(first.values(pain=felt)[:1])),
        "pain": Subquery(last.values(pain=felt)[:1]),
        "pain_at": Subquery(last.values("booking__ended_at")[:1]),
    }
    in_force = prescriptions_in_force(ids_to_be(clinics), MOMENT)
    rows = in_force.filter(~Exists(examined)).order_by().annotate(**columns)
    return CompiledQuery.of(rows.values_list(*OrderRow._fields))


def _reasons(row: OrderRow, rules: Mapping[str, Mapping[str, Any]], now: dt.datetime) -> Iterator[Reason]:
    """The order's own day; so many sessions; so many days after the first massage; pain that does not go down."""
    if row.review_on and row.review_on <= row.here_today:
        yield TaskKind.REVIEW, dt.datetime.combine(row.review_on, dt.time(), tzinfo=dt.UTC)
    sessions = rules.get(COURSE, {}).get("review_after_sessions")
    if sessions and row.last_given_at and row.given >= sessions:
        yield TaskKind.REVIEW, row.last_given_at
    days = rules.get(MASSAGE, {}).get("review_after_days")
    if days and row.massaged_at and row.massaged_at + dt.timedelta(days=days) <= now:
        yield TaskKind.REVIEW, row.massaged_at + dt.timedelta(days=days)
    if row.pain_at and _is_no_better(row, rules.get(NO_BETTER, {})):
        yield TaskKind.NO_BETTER, row.pain_at


def _is_no_better(row: OrderRow, rule: Mapping[str, Any]) -> bool:
    """After so many sessions, or so many days of them, the pain before a session is what the examination found.

    Compared is the pain with which the patient came last: what a session eases for an hour says nothing of the course.
    Where the examination wrote none down, the pain before the first session stands for it. Who never had pain, or whose
    pain nobody wrote down, is seen at the review.
    """
    if not row.pain or not row.pain_at or not row.first_given_at or row.pain < (row.came_with or 0):
        return False
    sessions, days = rule.get("after_sessions"), rule.get("after_days")
    if sessions and row.given >= sessions:
        return True
    return bool(days) and row.pain_at >= row.first_given_at + dt.timedelta(days=days or 0)
