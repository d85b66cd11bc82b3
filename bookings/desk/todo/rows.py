"""Everything that waits at some clinics, in one query: each kind is a part of a union with the same columns."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.fields import BooleanField
from django.db.models.functions import Cast, Coalesce, Least
from django.db.models.lookups import Exact

from bookings.desk.staff.unserved import unserved
from bookings.facts.patient import LASTING
from bookings.models import (
    STILL_TO_COME,
    Assessment,
    Booking,
    Prescription,
    PrescriptionItem,
    Screening,
    ScreeningState,
    Status,
    Suspension,
    Visit,
)
from clinic.people.models import Membership, Role, RoleOffer
from clinic.wall import wall_date
from therapies.models import Needs, SafetyProposal

from .owners import Task, TaskKind
from .parts import QueryPart, part, today
from .prepared import task_rows
from .reviews import reviews

A_DAY = dt.timedelta(days=1)


def waiting(kinds: frozenset[TaskKind], clinics: Iterable[int], *, now: dt.datetime) -> list[Task]:
    """What waits at these clinics, whosever turn it is; what several rules ask of one patient once, as the earliest."""
    at = list(clinics)
    rows: dict[tuple[object, ...], Task] = {}
    for kind, *values in task_rows(_everything, kinds, at, now) if at else ():
        task = Task(TaskKind(kind), *values)
        key = (task.kind, task.patient, task.clinic, task.subject)
        if key not in rows or task.since < rows[key].since:
            rows[key] = task
    return list(rows.values())


def _everything(kinds: frozenset[TaskKind], at: list[int], now: dt.datetime) -> QuerySet[Any]:
    parts = [*_after_stops(at), *_of_bookings(at, now), *_of_prescriptions(at, now), _answers(at, now), _roles(at, now)]
    parts += _of_the_organisation(at)
    first, *others = [part.rows for part in parts if part.kind in kinds]
    return first.union(*others, all=True)


# --- after a stop -----------------------------------------------------------------------------------------------------


def _after_stops(at: list[int]) -> list[QueryPart]:
    here = Suspension.objects.filter(clinic__in=at)
    booked = Visit.objects.filter(patient=OuterRef("patient"), made_at__gt=OuterRef("lifted_at"))
    lifted = here.to_ring_about().filter(~Exists(booked))
    owner = F("booking__item__prescription__signed_by")
    who = {"patient": F("patient"), "clinic": F("clinic")}
    return [
        part(here.patient_facts(), TaskKind.SUSPENDED, since=F("at"), owner=owner, **who),
        part(lifted, TaskKind.LIFTED, since=F("lifted_at"), **who),
    ]


# --- the whole organisation -------------------------------------------------------------------------------------------


def _of_the_organisation(at: list[int]) -> list[QueryPart]:
    """Proposed changes of safety data, at each clinic of whoever asks: any Vaidya decides on them."""
    nobody = Cast(Value(None), BigIntegerField())
    rows = {"patient": nobody, "since": F("proposed_at"), "visit": F("public_id")}
    proposals = SafetyProposal.objects.open()
    return [part(proposals, TaskKind.SAFETY, clinic=Cast(Value(clinic), BigIntegerField()), **rows) for clinic in at]


# --- bookings ---------------------------------------------------------------------------------------------------------


def _of_bookings(at: list[int], now: dt.datetime) -> list[QueryPart]:
    here = Booking.objects.filter(visit__clinic__in=at)
    near = here.filter(starts_at__gt=now - A_DAY, starts_at__lt=now + A_DAY)
    today = near.filter(_is_today(now), status__in=[Status.BOOKED, Status.CHECKED_IN])
    asking = here.filter(status=Status.REQUESTED).exclude(screening=ScreeningState.WAITING)
    screenings = Screening.objects.filter(patient=OuterRef("visit__patient")).order_by("-at").values("at")[:1]
    who = {"patient": F("visit__patient"), "clinic": F("visit__clinic"), "visit": F("visit__public_id")}
    by_day = {"since": Least(F("starts_at"), Value(now)), "due": F("starts_at"), **who}
    unchecked = today.filter(variant__therapy__needs=Needs.DAY_CHECK, day_checked_at=None)
    return [
        part(
            _that_wait(now).filter(visit__clinic__in=at),
            TaskKind.DECIDE,
            since=Coalesce(Subquery(screenings), F("visit__made_at")),
            due=Coalesce(F("expires_at"), F("starts_at")),
            owner=F("item__prescription__signed_by"),
            **who,
        ),
        part(asking, TaskKind.REQUEST, since=F("visit__made_at"), due=F("expires_at"), **who),
        part(today.filter(screening=ScreeningState.DUE), TaskKind.QUESTIONS, **by_day),
        part(unchecked, TaskKind.DAY_CHECK, **by_day),
        part(unserved(at, now), TaskKind.UNSERVED, **by_day),
    ]


def _that_wait(now: dt.datetime) -> QuerySet[Booking]:
    """Sessions that wait for a decision, at any clinic, while there is still something to decide about them."""
    return Booking.objects.filter(screening=ScreeningState.WAITING, status__in=STILL_TO_COME, starts_at__gt=now - A_DAY)


def _is_today(now: dt.datetime) -> Q:
    """Starts on the clinic's date of that moment."""
    return Q(Exact(wall_date("visit__timezone", F("starts_at")), today("visit__timezone", now)))


# --- roles ------------------------------------------------------------------------------------------------------------


def _roles(at: list[int], now: dt.datetime) -> QueryPart:
    """Clinical roles that no Vaidya has confirmed: here, and at clinics that have no Vaidya of their own."""
    vaidyas = Membership.objects.holding_at(now, Role.VAIDYA).filter(clinic=OuterRef("clinic"), user__is_active=True)
    rows = RoleOffer.objects.to_confirm(now).filter(Q(clinic__in=at) | ~Exists(vaidyas))
    nobody = Cast(Value(None), BigIntegerField())
    return part(rows, TaskKind.ROLE, since=F("made_at"), patient=nobody, clinic=F("clinic"), visit=F("public_id"))


# --- prescriptions, drafts, answers -----------------------------------------------------------------------------------


def _of_prescriptions(at: list[int], now: dt.datetime) -> list[QueryPart]:
    in_force = Prescription.objects.filter(clinic__in=at).in_force((now - A_DAY).date())
    in_force = in_force.filter(valid_until__gte=today("clinic__timezone", now))
    who = {"patient": F("patient"), "clinic": F("clinic")}
    drafts = Prescription.objects.filter(clinic__in=at).unsigned().filter(assessment__signed_at__isnull=False)
    examined = Assessment.objects.filter(clinic__in=at, signed_at=None)
    return [
        part(_unbooked(in_force, now), TaskKind.TO_BOOK, since=F("signed_at"), **who),
        part(examined, TaskKind.UNSIGNED, since=F("made_at"), owner=F("by"), **who),
        part(drafts, TaskKind.UNSIGNED, since=F("made_at"), owner=F("by"), **who),
        *reviews(in_force, now, who),
    ]


def _unbooked(in_force: QuerySet[Prescription], now: dt.datetime) -> QuerySet[Prescription]:
    """Sessions are left and none is ahead. A patient whose treatments are paused waits for the Vaidya, not the desk."""
    booked = Booking.objects.of_orders()
    used = booked.filter(item=OuterRef("pk")).values("item").annotate(count=Count("pk")).values("count")
    items = PrescriptionItem.objects.filter(prescription=OuterRef("pk"))
    left = items.annotate(used=Coalesce(Subquery(used), 0)).filter(sessions__gt=F("used"))
    ahead = booked.filter(item__prescription=OuterRef("pk"), ends_at__gt=now)
    paused = Suspension.objects.patient_facts().filter(patient=OuterRef("patient"))
    return in_force.filter(Exists(left), ~Exists(ahead), ~Exists(paused))


UNDECIDED = """
EXISTS (
  SELECT FROM jsonb_array_elements(bookings_screening.findings) finding
   WHERE finding ->> 'scope' = %s AND NOT EXISTS (
     SELECT FROM bookings_clearance decided JOIN therapies_question question ON question.id = decided.question_id
      WHERE decided.patient_id = bookings_screening.patient_id AND decided.at >= bookings_screening.at
        AND question.code = finding ->> 'question'))
"""
"""One of the lasting findings was decided by nobody: a decision on another answer is none on this one."""


def _answers(at: list[int], now: dt.datetime) -> QueryPart:
    """Something was told that nobody has decided on, and no visit waits for it."""
    examined = Assessment.objects.filter(patient=OuterRef("patient"), signed_at__gte=OuterRef("at"))
    waits = _that_wait(now).filter(visit__patient=OuterRef("patient"))
    screenings = Screening.objects.filter(clinic__in=at, findings__contains=[{"scope": LASTING}])
    undecided = RawSQL(UNDECIDED, [LASTING], output_field=BooleanField())  # noqa: S611 - no word of it is anybody's
    rows = screenings.filter(~Exists(examined), ~Exists(waits), undecided)
    return part(rows, TaskKind.ANSWERS, since=F("at"), patient=F("patient"), clinic=F("clinic"))
