"""Everything that waits at some clinics, in one query: each kind is a part of a union with the same columns."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateField,
    DateTimeField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Least
from django.db.models.lookups import Exact

from bookings.models import (
    STILL_TO_COME,
    Assessment,
    Booking,
    Clearance,
    Prescription,
    PrescriptionItem,
    Screening,
    ScreeningState,
    Status,
    Suspension,
    Visit,
)
from therapies.models import Kind as TherapyKind
from therapies.models import Needs, Rule

from .owners import LIMIT, Kind, Task

A_DAY = dt.timedelta(days=1)
REVIEW_RULE = "fr_review_course"
LATELY = dt.timedelta(days=7)
"""How long the desk is told that a pause was lifted, unless the patient booked meanwhile (a clinic default)."""
COLUMNS = ("t_kind", "t_patient", "t_clinic", "t_owner", "t_since", "t_due", "t_visit")


def waiting(clinics: Iterable[int], *, now: dt.datetime) -> list[Task]:
    """What waits at these clinics, whosever turn it is."""
    at = list(clinics)
    parts = [*_after_stops(at, now), *_of_bookings(at, now), *_of_prescriptions(at, now), _answers(at)]
    rows = parts[0].union(*parts[1:], all=True)
    return [Task(Kind(row[0]), *row[1:]) for row in rows]


def _part(rows: QuerySet[Any], kind: Kind, **columns: Any) -> QuerySet[Any]:
    """These rows as tasks. Columns: patient, clinic, since, due; owner and visit where there is one."""
    nobody = {"owner": Cast(Value(None), BigIntegerField()), "visit": Cast(Value(None), UUIDField())}
    said = nobody | {"due": _later(columns["since"])} | columns
    named = {f"t_{name}": value for name, value in said.items()}
    kind_of = Value(kind.value, CharField())
    return rows.order_by().annotate(t_kind=kind_of, **named).values_list(*COLUMNS)


def _later(since: Any) -> Func:
    return Func(since, Value(LIMIT), template="%(expressions)s", arg_joiner=" + ", output_field=DateTimeField())


def _today(zone: str, now: dt.datetime) -> Cast:
    """The date of a clinic at that moment; `zone` is the path to its time zone."""
    wall = Func(F(zone), Value(now), function="timezone", output_field=DateTimeField())
    return Cast(wall, DateField())


# --- after a stop -----------------------------------------------------------------------------------------------------


def _after_stops(at: list[int], now: dt.datetime) -> list[QuerySet[Any]]:
    here = Suspension.objects.filter(clinic__in=at)
    booked = Visit.objects.filter(patient=OuterRef("patient"), made_at__gt=OuterRef("lifted_at"))
    lifted = here.filter(~Exists(booked), lifted_at__gt=now - LATELY)
    owner = F("booking__item__prescription__signed_by")
    who = {"patient": F("patient"), "clinic": F("clinic")}
    return [
        _part(here.standing(), Kind.SUSPENDED, since=F("at"), owner=owner, **who),
        _part(lifted, Kind.LIFTED, since=F("lifted_at"), **who),
    ]


# --- bookings ---------------------------------------------------------------------------------------------------------


def _of_bookings(at: list[int], now: dt.datetime) -> list[QuerySet[Any]]:
    here = Booking.objects.filter(visit__clinic__in=at)
    waiting_ones = here.filter(screening=ScreeningState.WAITING, status__in=STILL_TO_COME, starts_at__gt=now - A_DAY)
    near = here.filter(starts_at__gt=now - A_DAY, starts_at__lt=now + A_DAY)
    today = near.filter(_is_today(now), status__in=[Status.BOOKED, Status.CHECKED_IN])
    asking = here.filter(status=Status.REQUESTED, expires_at__gt=now).exclude(screening=ScreeningState.WAITING)
    asked = Screening.objects.filter(patient=OuterRef("visit__patient")).order_by("-at").values("at")[:1]
    who = {"patient": F("visit__patient"), "clinic": F("visit__clinic"), "visit": F("visit__public_id")}
    by_day = {"since": Least(F("starts_at"), Value(now)), "due": F("starts_at"), **who}
    unchecked = today.filter(variant__therapy__needs=Needs.DAY_CHECK, day_checked_at=None)
    return [
        _part(
            waiting_ones.exclude(status=Status.REQUESTED, expires_at__lte=now),
            Kind.DECIDE,
            since=Coalesce(Subquery(asked), F("visit__made_at")),
            due=Coalesce(F("expires_at"), F("starts_at")),
            owner=F("item__prescription__signed_by"),
            **who,
        ),
        _part(asking, Kind.REQUEST, since=F("visit__made_at"), due=F("expires_at"), **who),
        _part(today.filter(screening=ScreeningState.DUE), Kind.QUESTIONS, **by_day),
        _part(unchecked, Kind.DAY_CHECK, **by_day),
    ]


def _is_today(now: dt.datetime) -> Q:
    """Starts on the clinic's date of that moment."""
    wall = Func(F("visit__timezone"), F("starts_at"), function="timezone", output_field=DateTimeField())
    return Q(Exact(Cast(wall, DateField()), _today("visit__timezone", now)))


# --- prescriptions, drafts, answers -----------------------------------------------------------------------------------


def _of_prescriptions(at: list[int], now: dt.datetime) -> list[QuerySet[Any]]:
    in_force = Prescription.objects.filter(clinic__in=at).in_force((now - A_DAY).date())
    in_force = in_force.filter(valid_until__gte=_today("clinic__timezone", now))
    who = {"patient": F("patient"), "clinic": F("clinic")}
    drafts = Prescription.objects.filter(clinic__in=at).unsigned().filter(assessment__signed_at__isnull=False)
    examined = Assessment.objects.filter(clinic__in=at, signed_at=None)
    return [
        _part(_unbooked(in_force, now), Kind.TO_BOOK, since=F("signed_at"), **who),
        _part(examined, Kind.UNSIGNED, since=F("made_at"), owner=F("by"), **who),
        _part(drafts, Kind.UNSIGNED, since=F("made_at"), owner=F("by"), **who),
        *_reviews(in_force, now, who),
    ]


def _unbooked(in_force: QuerySet[Prescription], now: dt.datetime) -> QuerySet[Prescription]:
    """Sessions are left and none is ahead. A patient whose treatments are paused waits for the Vaidya, not the desk."""
    booked = Booking.objects.of_orders().exclude(status=Status.REQUESTED, expires_at__lte=now)
    used = booked.filter(item=OuterRef("pk")).values("item").annotate(count=Count("pk")).values("count")
    items = PrescriptionItem.objects.filter(prescription=OuterRef("pk"))
    left = items.annotate(used=Coalesce(Subquery(used), 0)).filter(sessions__gt=F("used"))
    ahead = booked.filter(item__prescription=OuterRef("pk"), ends_at__gt=now)
    paused = Suspension.objects.standing().filter(patient=OuterRef("patient"))
    return in_force.filter(Exists(left), ~Exists(ahead), ~Exists(paused))


def _reviews(in_force: QuerySet[Prescription], now: dt.datetime, who: dict[str, Any]) -> list[QuerySet[Any]]:
    """The day of the review has come, or so many sessions were given since the patient was examined."""
    examined = Assessment.objects.filter(patient=OuterRef("patient"), signed_at__gt=OuterRef("signed_at"))
    open_still = in_force.filter(~Exists(examined))
    whose = who | {"owner": F("signed_by")}
    on_its_day = Q(review_on__isnull=False, review_on__lte=_today("clinic__timezone", now))
    given = Booking.objects.filter(
        visit__patient=OuterRef("patient"),
        status=Status.COMPLETED,
        variant__therapy__kind=TherapyKind.PROCEDURE,
        ended_at__gt=OuterRef("assessment__signed_at"),
    )
    count = given.values("visit__patient").annotate(count=Count("pk")).values("count")
    last = given.order_by("-ended_at").values("ended_at")[:1]
    many = open_still.exclude(on_its_day).annotate(given=Coalesce(Subquery(count), 0))
    return [
        _part(open_still.filter(on_its_day), Kind.REVIEW, since=Cast(F("review_on"), DateTimeField()), **whose),
        _part(many.filter(given__gte=_sessions_before_a_review()), Kind.REVIEW, since=Subquery(last), **whose),
    ]


def _sessions_before_a_review() -> Subquery:
    """After how many sessions a Vaidya looks again, as the catalogue has it; where it does not say, never by number."""
    said = Rule.objects.filter(code=REVIEW_RULE).annotate(
        after=Cast(KeyTextTransform("review_after_sessions", "data"), IntegerField())
    )
    return Subquery(said.values("after")[:1])


def _answers(at: list[int]) -> QuerySet[Any]:
    """Something was told that nobody has decided on, and no visit waits for it: the newest of each patient."""
    told = Q(findings__contains=[{"scope": "until_physician_clears"}])
    newer = Screening.objects.filter(told, patient=OuterRef("patient"), at__gt=OuterRef("at"))
    decided = Clearance.objects.filter(patient=OuterRef("patient"), at__gte=OuterRef("at"))
    examined = Assessment.objects.filter(patient=OuterRef("patient"), signed_at__gte=OuterRef("at"))
    waits = Booking.objects.filter(
        visit__patient=OuterRef("patient"), screening=ScreeningState.WAITING, status__in=STILL_TO_COME
    )
    rows = Screening.objects.filter(told, clinic__in=at).filter(
        ~Exists(newer), ~Exists(decided), ~Exists(examined), ~Exists(waits)
    )
    return _part(rows, Kind.ANSWERS, since=F("at"), patient=F("patient"), clinic=F("clinic"))
