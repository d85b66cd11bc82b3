"""Everything that waits at some clinics, in one query: each kind is a part of a union with the same columns."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.fields import BooleanField
from django.db.models.functions import Cast, Coalesce, Least
from django.db.models.lookups import Exact

from bookings.desk.staff.unserved import unserved
from bookings.models import (
    STILL_TO_COME,
    Assessment,
    Booking,
    Channel,
    Clearance,
    EmergencyOpening,
    MeasuredEffect,
    Measurement,
    MeasurementDecision,
    Message,
    MessageKind,
    Prescription,
    PrescriptionItem,
    Screening,
    ScreeningState,
    State,
    Status,
    Suspension,
    Visit,
)
from clinic.compiled_query import MOMENT, CompiledQuery, ids_to_be
from clinic.people.models import Membership, Role, RoleOffer
from clinic.people.records import RecordsOf, person_at
from clinic.wall import wall_date
from therapies.decision_limits import LASTING
from therapies.models import Needs, SafetyProposal

from .doubles import doubles
from .enquiries import enquiries
from .owners import Task, TaskKind
from .parts import A_DAY, part, prescriptions_in_force, today
from .reviews import REVIEWS, review_tasks
from .visits_to_close import OF_VISIT, from_paper, left_open, without_note
from .watches import only_unwatched, watched


def waiting(kinds: Collection[TaskKind], clinics: Iterable[int], *, now: dt.datetime) -> list[Task]:
    """All open tasks of these kinds at these clinics, whoever owns them.

    When several rules raise the same task for a patient, the earliest is kept.
    """
    rows: dict[tuple[object, ...], Task] = {}
    for task in _raised(kinds, list(clinics), now):
        key = (task.kind, task.patient, task.clinic, task.subject)
        if key not in rows or task.since < rows[key].since:
            rows[key] = task
    return list(rows.values())


def _raised(kinds: Collection[TaskKind], at: list[int], now: dt.datetime) -> Iterator[Task]:
    if not at:
        return
    query = _union(frozenset(kinds), len(at))
    raised = (Task(TaskKind(kind), *columns) for kind, *columns in (query.rows(ids=at, now=now) if query else ()))
    yield from only_unwatched(raised, at, now)
    if not REVIEWS.isdisjoint(kinds):
        yield from (task for task in review_tasks(at, now) if task.kind in kinds)


@lru_cache(maxsize=256)
def _union(kinds: frozenset[TaskKind], clinics: int) -> CompiledQuery | None:
    """The one query of these kinds at so many clinics; None where none of them is asked of it."""
    parts = [rows for kind in RULES if kind in kinds for rows in RULES[kind](ids_to_be(clinics), MOMENT)]
    return CompiledQuery.of(parts[0].union(*parts[1:], all=True)) if parts else None


# --- after a stop -----------------------------------------------------------------------------------------------------

OF_PATIENT = {"patient": person_at("patient"), "clinic": F("clinic")}


def _suspended(at: list[int], _now: dt.datetime) -> list[QuerySet[Any]]:
    paused = Suspension.objects.filter(clinic__in=at).active()
    owner = F("booking__item__prescription__signed_by")
    return [part(paused, TaskKind.SUSPENDED, since=F("at"), owner=owner, **OF_PATIENT)]


def _lifted(at: list[int], _now: dt.datetime) -> list[QuerySet[Any]]:
    booked = Visit.objects.filter(patient__in=RecordsOf(OuterRef("patient")), made_at__gt=OuterRef("lifted_at"))
    lifted = Suspension.objects.filter(clinic__in=at).to_ring_about().filter(~Exists(booked))
    return [part(lifted, TaskKind.LIFTED, since=F("lifted_at"), **OF_PATIENT)]


# --- measured values --------------------------------------------------------------------------------------------------


OF_MEASURED = {
    "patient": F("booking__visit__patient"),
    "clinic": F("booking__visit__clinic"),
    "visit": F("booking__visit__public_id"),
}


def _urgent(at: list[int], _now: dt.datetime) -> list[QuerySet[Any]]:
    """Due at once, for everybody there: readings that call the Vaidya, and danger signs still to be called about."""
    stops = _undecided_readings(at).filter(effect=MeasuredEffect.STOP)
    calls = Message.objects.filter(clinic__in=at, kind=MessageKind.CALL_BACK, state=State.DUE, channel=Channel.CALL)
    who = Coalesce("patient", "visit__patient")
    of_call = {"patient": who, "clinic": F("clinic"), "visit": F("visit__public_id")}
    return [
        part(stops, TaskKind.URGENT, since=F("at"), due=F("at"), **OF_MEASURED),
        part(calls, TaskKind.URGENT, since=F("made_at"), due=F("made_at"), **of_call),
    ]


def _readings(at: list[int], now: dt.datetime) -> list[QuerySet[Any]]:
    """What only asks for a look, until the session begins."""
    later = Measurement.objects.filter(booking=OuterRef("booking"), at__gt=OuterRef("at"))
    waiting = {"effect": MeasuredEffect.ASK, "booking__status": Status.CHECKED_IN, "booking__day_checked_at": None}
    asks = _undecided_readings(at).filter(**waiting, at__gt=now - A_DAY).filter(~Exists(later))
    return [part(asks, TaskKind.READINGS, since=F("at"), **OF_MEASURED)]


def _undecided_readings(at: list[int]) -> QuerySet[Measurement]:
    decided = MeasurementDecision.objects.filter(booking=OuterRef("booking"), at__gte=OuterRef("at"))
    return Measurement.objects.filter(booking__visit__clinic__in=at).filter(~Exists(decided))


# --- bookings ---------------------------------------------------------------------------------------------------------


def _to_decide(at: list[int], now: dt.datetime) -> list[QuerySet[Any]]:
    screenings = (
        Screening.objects.filter(patient__in=RecordsOf(OuterRef("visit__patient"))).order_by("-at").values("at")[:1]
    )
    return [
        part(
            _that_wait(now).filter(visit__clinic__in=at),
            TaskKind.DECIDE,
            since=Coalesce(Subquery(screenings), F("visit__made_at")),
            due=Coalesce(F("expires_at"), F("starts_at")),
            owner=F("item__prescription__signed_by"),
            **OF_VISIT,
        )
    ]


def _that_wait(now: dt.datetime) -> QuerySet[Booking]:
    """Sessions that wait for a decision, at any clinic, while there is still something to decide about them."""
    return Booking.objects.filter(screening=ScreeningState.WAITING, status__in=STILL_TO_COME, starts_at__gt=now - A_DAY)


def _requests(at: list[int], _now: dt.datetime) -> list[QuerySet[Any]]:
    rows = Booking.objects.filter(visit__clinic__in=at, status=Status.REQUESTED)
    open_requests = rows.exclude(screening=ScreeningState.WAITING)
    return [part(open_requests, TaskKind.REQUEST, since=F("visit__made_at"), due=F("expires_at"), **OF_VISIT)]


def _questions(at: list[int], now: dt.datetime) -> list[QuerySet[Any]]:
    return [_by_day(_of_today(at, now).filter(screening=ScreeningState.DUE), TaskKind.QUESTIONS, now)]


def _day_checks(at: list[int], now: dt.datetime) -> list[QuerySet[Any]]:
    unchecked = _of_today(at, now).filter(variant__therapy__needs=Needs.DAY_CHECK, day_checked_at=None)
    return [_by_day(unchecked, TaskKind.DAY_CHECK, now)]


def _unserved(at: list[int], now: dt.datetime) -> list[QuerySet[Any]]:
    return [_by_day(unserved(at, now), TaskKind.UNSERVED, now)]


def _watched(at: list[int], now: dt.datetime) -> list[QuerySet[Any]]:
    """All who will be watched: for whom too few are on duty is not a question for SQL."""
    return [_by_day(watched(at, now), TaskKind.UNWATCHED, now)]


def _by_day(rows: QuerySet[Booking], kind: TaskKind, now: dt.datetime) -> QuerySet[Any]:
    """Due when the session starts."""
    return part(rows, kind, since=Least(F("starts_at"), Value(now)), due=F("starts_at"), **OF_VISIT)


def _of_today(at: list[int], now: dt.datetime) -> QuerySet[Booking]:
    """Sessions to come that start on the clinic's date of that moment."""
    near = Booking.objects.filter(visit__clinic__in=at, starts_at__gt=now - A_DAY, starts_at__lt=now + A_DAY)
    same_date = Exact(wall_date("visit__timezone", F("starts_at")), today("visit__timezone", now))
    return near.filter(Q(same_date), status__in=[Status.BOOKED, Status.CHECKED_IN])


# --- prescriptions and drafts -----------------------------------------------------------------------------------------


def _to_book(at: list[int], now: dt.datetime) -> list[QuerySet[Any]]:
    return [part(_unbooked(prescriptions_in_force(at, now), now), TaskKind.TO_BOOK, since=F("signed_at"), **OF_PATIENT)]


def _unsigned(at: list[int], _now: dt.datetime) -> list[QuerySet[Any]]:
    examined = Assessment.objects.filter(clinic__in=at, signed_at=None)
    drafts = Prescription.objects.filter(clinic__in=at).unsigned().filter(assessment__signed_at__isnull=False)
    return [
        part(rows, TaskKind.UNSIGNED, since=F("made_at"), owner=F("by"), **OF_PATIENT) for rows in (examined, drafts)
    ]


def _unbooked(in_force: QuerySet[Prescription], now: dt.datetime) -> QuerySet[Prescription]:
    """Sessions are left and none is ahead. A patient whose treatments are paused waits for the Vaidya, not the desk."""
    booked = Booking.objects.of_orders()
    used = booked.filter(item=OuterRef("pk")).values("item").annotate(count=Count("pk")).values("count")
    items = PrescriptionItem.objects.filter(prescription=OuterRef("pk"))
    left = items.annotate(used=Coalesce(Subquery(used), 0)).filter(sessions__gt=F("used"))
    ahead = booked.going_on(now).filter(item__prescription=OuterRef("pk"))
    paused = Suspension.objects.active().filter(patient__in=RecordsOf(OuterRef("patient")))
    return in_force.filter(Exists(left), ~Exists(ahead), ~Exists(paused))


# --- answers, roles, safety data --------------------------------------------------------------------------------------

UNDECIDED = """
EXISTS (
  SELECT FROM jsonb_array_elements(bookings_screening.findings) finding
   WHERE finding ->> 'scope' = %s AND NOT EXISTS (
     SELECT FROM bookings_clearance decided JOIN therapies_question question ON question.id = decided.question_id
      WHERE decided.patient_id = ANY(people_records_of(bookings_screening.patient_id))
        AND decided.at >= bookings_screening.at AND decided.written_by_id IS NULL
        AND question.code = finding ->> 'question'))
"""
"""One of the lasting findings was decided by nobody: a decision on another answer is none on this one."""


def _answers(at: list[int], now: dt.datetime) -> list[QuerySet[Any]]:
    """Something was told that nobody has decided on, and no visit waits for it."""
    examined = Assessment.objects.filter(patient__in=RecordsOf(OuterRef("patient")), signed_at__gte=OuterRef("at"))
    waits = _that_wait(now).filter(visit__patient__in=RecordsOf(OuterRef("patient")))
    screenings = Screening.objects.filter(clinic__in=at, findings__contains=[{"scope": LASTING}])
    undecided = RawSQL(UNDECIDED, [LASTING], output_field=BooleanField())  # noqa: S611 - no word of it is anybody's
    rows = screenings.filter(~Exists(examined), ~Exists(waits), undecided)
    return [part(rows, TaskKind.ANSWERS, since=F("at"), **OF_PATIENT)]


def _by_telephone(at: list[int], now: dt.datetime) -> list[QuerySet[Any]]:
    """What was written down from the telephone today and its Vaidya has not confirmed; each patient once."""
    rows = Clearance.objects.by_telephone().filter(clinic__in=at, at__gt=now - A_DAY, until__gt=now)
    return [part(rows, TaskKind.CONFIRM, since=F("at"), due=F("until"), owner=F("by"), **OF_PATIENT)]


def _roles(at: list[int], now: dt.datetime) -> list[QuerySet[Any]]:
    """Clinical roles that no Vaidya has confirmed: here, and at clinics that have no Vaidya of their own."""
    vaidyas = Membership.objects.holding_at(now, Role.VAIDYA).filter(clinic=OuterRef("clinic"), user__is_active=True)
    rows = RoleOffer.objects.to_confirm(now).filter(Q(clinic__in=at) | ~Exists(vaidyas))
    columns = {"patient": _nobody(), "clinic": F("clinic"), "visit": F("public_id")}
    return [part(rows, TaskKind.ROLE, since=F("made_at"), **columns)]


def _safety(at: list[int], _now: dt.datetime) -> list[QuerySet[Any]]:
    """Proposed changes of safety data, at each clinic of whoever asks: any Vaidya decides on them."""
    columns = {"patient": _nobody(), "since": F("proposed_at"), "visit": F("public_id")}
    proposals = SafetyProposal.objects.open()
    return [part(proposals, TaskKind.SAFETY, clinic=Cast(Value(clinic), BigIntegerField()), **columns) for clinic in at]


def _unexplained(at: list[int], _now: dt.datetime) -> list[QuerySet[Any]]:
    """Emergency cards that were opened and nobody has said why."""
    rows = EmergencyOpening.objects.filter(clinic__in=at).unexplained()
    return [part(rows, TaskKind.EXPLAIN, since=F("at"), owner=F("user"), visit=F("public_id"), **OF_PATIENT)]


def _nobody() -> Cast:
    return Cast(Value(None), BigIntegerField())


RULES: dict[TaskKind, Callable[[list[int], dt.datetime], list[QuerySet[Any]]]] = {
    TaskKind.URGENT: _urgent,
    TaskKind.UNSERVED: _unserved,
    TaskKind.UNWATCHED: _watched,
    TaskKind.LEFT_OPEN: left_open,
    TaskKind.NOTE: without_note,
    TaskKind.READINGS: _readings,
    TaskKind.SUSPENDED: _suspended,
    TaskKind.DECIDE: _to_decide,
    TaskKind.CONFIRM: _by_telephone,
    TaskKind.ANSWERS: _answers,
    TaskKind.PAPER: from_paper,
    TaskKind.DAY_CHECK: _day_checks,
    TaskKind.QUESTIONS: _questions,
    TaskKind.REQUEST: _requests,
    TaskKind.ENQUIRY: enquiries,
    TaskKind.LIFTED: _lifted,
    TaskKind.UNSIGNED: _unsigned,
    TaskKind.TO_BOOK: _to_book,
    TaskKind.ROLE: _roles,
    TaskKind.SAFETY: _safety,
    TaskKind.EXPLAIN: _unexplained,
    TaskKind.TWIN: doubles,
}
"""What raises each kind: parts of one union, at these clinics (ids) and at this moment. Reviews are a query apart."""
