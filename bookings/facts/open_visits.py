"""What is open of a patient and of an account: the facts that the limits of booking online judge by."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from bookings.models import Assessment, Booking, History, Status, Visit
from clinic.compiled_query import MOMENT, CompiledQuery, ids_to_be
from clinic.people.days import first_day
from clinic.people.models import Patient, User
from clinic.people.records import RecordsOf
from clinic.premises.models import Clinic
from therapies.models import TherapyKind

OPEN = (Status.REQUESTED, Status.BOOKED, Status.CHECKED_IN, Status.IN_PROGRESS)
CAME = (Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED, Status.STOPPED)
A_DAY = dt.timedelta(days=1)


NOBODY = 0
"""No row has this number."""


class OpenRow(NamedTuple):
    """A booking as the query below returns it, in the order of `COLUMNS`."""

    visit_id: int
    public_id: uuid.UUID
    patient_id: int | None
    therapy_id: int
    kind: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    timezone: str
    status: str
    item_id: int | None
    booked_here: bool


COLUMNS = (
    "visit_id",
    "visit__public_id",
    "visit__patient_id",
    "variant__therapy_id",
    "variant__therapy__kind",
    "starts_at",
    "ends_at",
    "visit__timezone",
    "status",
    "item_id",
    "booked_here",
)


@dataclass(frozen=True)
class OpenVisit:
    """One booking of a visit. `ordered`: a Vaidya's order covers it; `booked_here`: this account booked it online."""

    visit_id: int
    public_id: uuid.UUID
    patient_id: int | None
    therapy_id: int
    starts_at: dt.datetime
    zone: ZoneInfo
    is_open: bool
    is_consultation: bool
    ordered: bool
    booked_here: bool

    @property
    def on(self) -> dt.date:
        """The clinic's date of it."""
        return self.starts_at.astimezone(self.zone).date()


@dataclass(frozen=True)
class OnlineFacts:
    """`visits` earliest first; `came` are those who have been here, `anybody_came` one of the account's people."""

    visits: tuple[OpenVisit, ...]
    came: frozenset[int]
    anybody_came: bool


def open_visits_of(
    people: Iterable[Patient], *, account: User | None, clinic: Clinic, now: dt.datetime, follow_up: bool = False
) -> OnlineFacts:
    """What is open of these people, and of whomever the account booked for; what was earlier today too.

    Who has been here is read where it matters: for a follow-up, or where the account has as much open as a new one may.
    """
    person_ids = frozenset(person.pk for person in people)
    visits = tuple(_rows(person_ids, account, now))
    booked_here = {visit.visit_id for visit in visits if visit.booked_here and visit.is_open}
    matters = follow_up or len(booked_here) >= clinic.online_visits_at_first
    came = _came(person_ids, account, now) if matters else frozenset()
    return OnlineFacts(visits, came & person_ids, bool(came))


def _rows(asked: frozenset[int], account: User | None, now: dt.datetime) -> list[OpenVisit]:
    """`booked_here`: the account booked it online, whether or not it still acts for the patient."""
    ids = sorted(asked) or [NOBODY]
    rows = _compiled(len(ids)).rows(ids=[*ids, account.pk if account else NOBODY], now=now)
    return [_visit(OpenRow(*row), now) for row in rows]


@cache
def _compiled(people: int) -> CompiledQuery:
    """For so many people and one account.

    A union, because each half has its index: for "of these people, or booked by them" in one condition PostgreSQL
    reads every visit and every booking to come, however few are theirs.
    """
    *asked, account = ids_to_be(people + 1)
    acts = History.objects.filter(by=account, verb="book", detail__desk=False)
    around = Visit.objects.filter(arrives_at__gt=MOMENT - 2 * A_DAY)
    own, by_account = around.filter(patient__in=asked), around.filter(pk__in=acts.values("visit"))
    theirs = own.values("pk").union(by_account.values("pk"))
    rows = Booking.objects.filter(visit__in=theirs, ends_at__gt=MOMENT - A_DAY, status__in=sorted({*OPEN, *CAME}))
    rows = rows.annotate(booked_here=Exists(acts.filter(visit=OuterRef("visit"))))
    return CompiledQuery.of(rows.order_by("starts_at", "pk").values_list(*COLUMNS))


def _came(asked: frozenset[int], account: User | None, now: dt.datetime) -> frozenset[int]:
    """Who of these people, and of those whom the account acts for, has been here."""
    people = Patient.objects.filter(pk__in=asked)
    if account is not None:
        people |= Patient.objects.filter(pk__in=Patient.objects.of(account, first_day(now)).values("pk"))
    visited = Booking.objects.filter(visit__patient=OuterRef("pk"), status__in=CAME)
    examined = Assessment.objects.filter(patient__in=RecordsOf(OuterRef("pk")), signed_at__isnull=False)
    return frozenset(people.filter(Exists(visited) | Exists(examined)).values_list("pk", flat=True))


def _visit(row: OpenRow, now: dt.datetime) -> OpenVisit:
    zone = ZoneInfo(row.timezone)
    return OpenVisit(
        visit_id=row.visit_id,
        public_id=row.public_id,
        patient_id=row.patient_id,
        therapy_id=row.therapy_id,
        starts_at=row.starts_at,
        zone=zone,
        is_open=row.status in OPEN and row.ends_at.astimezone(zone).date() >= now.astimezone(zone).date(),
        is_consultation=row.kind == TherapyKind.CONSULTATION,
        ordered=row.item_id is not None,
        booked_here=row.booked_here,
    )
