"""When a Vaidya looks at a patient again, by the order's own day and by the rules of the catalogue.

A rule that the catalogue does not give in numbers asks for nothing.
"""

import datetime as dt
from typing import Any

from django.db.models import Count, DateTimeField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce

from bookings.models import Assessment, Booking, Prescription, SessionNote, Status
from therapies.models import Rule, TherapyKind

from .owners import TaskKind
from .parts import QueryPart, part, today

COURSE, MASSAGE, NO_BETTER = "fr_review_course", "fr_review_massage", "fr_no_improvement"
EACH = "jsonb_array_elements_text"
GIVEN = {"status": Status.COMPLETED, "variant__therapy__kind": TherapyKind.PROCEDURE}
SINCE_EXAMINED = {
    "visit__patient": OuterRef("patient"),
    "ended_at__gt": OuterRef("assessment__signed_at"),
}


def reviews(in_force: QuerySet[Prescription], now: dt.datetime, who: dict[str, Any]) -> list[QueryPart]:
    """What asks for another look at these prescriptions, until the patient was examined since they were signed."""
    examined = Assessment.objects.filter(patient=OuterRef("patient"), signed_at__gt=OuterRef("signed_at"))
    rows = in_force.filter(~Exists(examined))
    whose = who | {"owner": F("signed_by")}
    return [
        _on_its_day(rows, now, whose),
        _after_a_course(rows, whose),
        _after_massage(rows, now, whose),
        _no_better(rows, whose),
    ]


def _on_its_day(rows: QuerySet[Prescription], now: dt.datetime, whose: dict[str, Any]) -> QueryPart:
    come = rows.filter(review_on__isnull=False, review_on__lte=today("clinic__timezone", now))
    return part(come, TaskKind.REVIEW, since=Cast(F("review_on"), DateTimeField()), **whose)


def _after_a_course(rows: QuerySet[Prescription], whose: dict[str, Any]) -> QueryPart:
    """So many sessions were given since the patient was examined."""
    given = Booking.objects.filter(**GIVEN, **SINCE_EXAMINED)
    many = rows.annotate(given=_count(given)).filter(given__gte=_number(COURSE, "review_after_sessions"))
    return part(many, TaskKind.REVIEW, since=_of_last(given, "ended_at"), **whose)


def _after_massage(rows: QuerySet[Prescription], now: dt.datetime, whose: dict[str, Any]) -> QueryPart:
    """So many days ago the first massage was given since the patient was examined."""
    names = Rule.objects.filter(code=MASSAGE).values(name=Func(KeyTransform("applies_to", "data"), function=EACH))
    massage = Q(variant__therapy__groups__overlap=names) | Q(variant__therapy__code__in=names)
    given = Booking.objects.filter(massage, **GIVEN, **SINCE_EXAMINED)
    begun = rows.annotate(begun=Subquery(given.order_by("ended_at").values("ended_at")[:1]))
    due = _days_after(F("begun"), _number(MASSAGE, "review_after_days"))
    return part(begun.annotate(due=due).filter(due__lte=now), TaskKind.REVIEW, since=F("due"), **whose)


def _no_better(rows: QuerySet[Prescription], whose: dict[str, Any]) -> QueryPart:
    """After so many sessions, or so many days of them, the pain before a session is what the examination found.

    Compared is the pain with which the patient came last: what a session eases for an hour says nothing of the course.
    Where the examination wrote none down, the pain before the first session stands for it. Who never had pain, or whose
    pain nobody wrote down, is seen at the review.
    """
    given = Booking.objects.filter(**GIVEN, **SINCE_EXAMINED)
    felt = Coalesce("pain_before", "pain_after")
    notes = SessionNote.objects.alias(felt=felt).filter(
        felt__isnull=False,
        **{f"booking__{name}": value for name, value in (GIVEN | SINCE_EXAMINED).items()},
    )
    last, first = notes.order_by("-booking__ended_at"), notes.order_by("booking__ended_at")
    dated = rows.annotate(
        came_with=Coalesce("assessment__pain", Subquery(first.values(pain=felt)[:1])),
        has=Subquery(last.values(pain=felt)[:1]),
    ).filter(has__gt=0, has__gte=F("came_with"))
    told_at = Subquery(last.values("booking__ended_at")[:1])
    begun = Subquery(given.order_by("ended_at").values("ended_at")[:1])
    long = _days_after(begun, _number(NO_BETTER, "after_days"))
    timed = dated.annotate(given=_count(given), told_at=told_at, long=long)
    enough = Q(given__gte=_number(NO_BETTER, "after_sessions")) | Q(told_at__gte=F("long"))
    return part(timed.filter(enough), TaskKind.NO_BETTER, since=F("told_at"), **whose)


def _count(given: QuerySet[Booking]) -> Coalesce:
    return Coalesce(Subquery(given.values("visit__patient").annotate(count=Count("pk")).values("count")), 0)


def _of_last(given: QuerySet[Booking], name: str) -> Subquery:
    return Subquery(given.order_by("-ended_at").values(name)[:1])


def _number(code: str, name: str) -> Subquery:
    """A number of a rule; NULL, which nothing reaches, where the catalogue does not give it."""
    number = Cast(KeyTextTransform(name, "data"), IntegerField())
    return Subquery(Rule.objects.filter(code=code).values(number=number)[:1])


def _days_after(moment: Any, days: Subquery) -> Func:
    """So many times 24 hours after a moment."""
    return Func(
        moment,
        days,
        template="%(expressions)s)",
        arg_joiner=" + make_interval(days => ",
        output_field=DateTimeField(),
    )
