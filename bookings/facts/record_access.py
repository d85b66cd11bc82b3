"""May this member read this patient's clinical record now, of which clinics, and if not, what opens it.

The one place that answers it; every page that shows a record asks it through `desk.record_access.permissions`.

- Vaidyas and nurses read the patients of their clinic.
- Therapists and attendants read whom they treat: today, tomorrow, or within the last 30 days. Where the clinic does not
  schedule their role, nobody knows whom they treat, so they read whoever has a visit there today.
- A press with a ready reason opens any other patient of the clinic until the end of the clinic's day. Nobody approves
  it; managers see the list.
- What another clinic of ours wrote opens by the patient's consent, given once, or by that press. What care needs at
  once (what to keep to, open answers, pauses) is no part of this: it is shown to whoever treats.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from bookings.models import HOLDS_TIME, Booking, RecordOpening, RecordSharing, Status, Visit
from clinic.people.models import Membership, Patient, Role, User
from clinic.people.records import RecordsOf
from clinic.premises.models import Clinic
from clinic.wall import edge

Rows = TypeVar("Rows", bound=QuerySet[Any])

TREATS = (Role.VAIDYA, Role.THERAPIST, Role.NURSE, Role.ATTENDANT)
"""Who reads and writes records at all; the front desk and managers do not."""
READS_CLINIC = frozenset({Role.VAIDYA, Role.NURSE})
DAYS_AFTER = 30
"""How long after a treatment whoever gave it still reads the record (a clinic default, unsourced)."""
GIVEN = (Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED, Status.STOPPED)


@dataclass(frozen=True)
class RecordAccess:
    """What a member may read of one record now.

    `clinics`: those whose rows are readable; None: of every clinic. `opened_for` is the reason of the press by which it
    is open, as a code; empty where none was needed. `elsewhere`: whether the patient comes to clinics whose rows stay
    closed.
    """

    is_open: bool
    clinics: frozenset[int] | None = frozenset()
    opened_for: str = ""
    elsewhere: bool = False

    def covers(self, clinic: int) -> bool:
        """Whether rows of this clinic are readable."""
        return self.is_open and (self.clinics is None or clinic in self.clinics)

    def of(self, rows: Rows, field: str = "clinic") -> Rows:
        """Those of the rows that are readable; `field` leads to their clinic."""
        if not self.is_open:
            return rows.none()
        return rows if self.clinics is None else rows.filter(**{f"{field}__in": self.clinics})


@dataclass(frozen=True)
class _Held:
    """A role of the asker at a clinic, and what the database says of the patient there."""

    clinic: Clinic
    role: str
    known: bool
    shared: bool
    opened_for: str
    elsewhere: bool


def access_of(*, user: User, patient: Patient, now: dt.datetime) -> RecordAccess:
    """What this account may read of this record at this moment. One query; two where it depends on whom they treat."""
    held = _held(user, patient, now)
    rows = [row for row in held if row.known]
    opened_for = next((row.opened_for for row in rows if row.opened_for), "")
    may = any(row.role in READS_CLINIC for row in rows) or _treats(user, patient, rows, now)
    if not may and not opened_for:
        return RecordAccess(is_open=False)
    if opened_for or any(row.shared for row in rows):
        return RecordAccess(is_open=True, clinics=None, opened_for="" if may and not _adds(rows) else opened_for)
    clinics = frozenset(row.clinic.pk for row in held)
    return RecordAccess(is_open=True, clinics=clinics, elsewhere=any(row.elsewhere for row in rows))


def _adds(known: Iterable[_Held]) -> bool:
    """Whether an opening shows more than role and consent do."""
    return any(row.elsewhere for row in known) and not any(row.shared for row in known)


def _held(user: User, patient: Patient, now: dt.datetime) -> list[_Held]:
    here = Patient.clinics.through.objects.filter(patient=patient, clinic=OuterRef("clinic"))
    memberships = Membership.objects.holding_at(now, *TREATS).filter(user=user)
    others = Patient.clinics.through.objects.filter(patient=patient).exclude(clinic__in=memberships.values("clinic"))
    openings = RecordOpening.objects.in_force(now).filter(user=user, patient__in=RecordsOf(patient))
    rows = memberships.select_related("clinic").annotate(
        known=Exists(here),
        shared=Exists(
            RecordSharing.objects.in_force().filter(patient__in=RecordsOf(patient), clinic=OuterRef("clinic"))
        ),
        opened_for=Subquery(openings.order_by("-at").values("reason")[:1]),
        elsewhere=Exists(others),
    )
    return [
        _Held(row.clinic, row.role, row.known, row.shared, row.opened_for or "", row.elsewhere)  # type: ignore[attr-defined]
        for row in rows
    ]


def _treats(user: User, patient: Patient, known: Iterable[_Held], now: dt.datetime) -> bool:
    """Whether they serve, or served, the patient at one of these clinics."""
    either = Q()
    for row in known:
        either |= _served_at(row.clinic, user, now)
        if row.role in row.clinic.unscheduled_roles:
            either |= _here_today(row.clinic, now)
    if not either:
        return False
    return Booking.objects.filter(either, visit__patient=patient).exists()


def _served_at(clinic: Clinic, user: User, now: dt.datetime) -> Q:
    """Bookings that this account serves or took over: today and tomorrow all that hold time, before what was given."""
    today = clinic.today(now)
    midnight, later = edge(today, 0, clinic.zone), edge(today + dt.timedelta(days=2), 0, clinic.zone)
    earlier = edge(today - dt.timedelta(days=DAYS_AFTER), 0, clinic.zone)
    when = Q(starts_at__gte=midnight) | Q(starts_at__gte=earlier, status__in=GIVEN)
    crew = Q(occupancies__resource__practitioner__user=user, occupancies__part__startswith="crew:")
    return Q(when, crew | Q(hand_overs__to=user), visit__clinic=clinic, starts_at__lt=later)


def _here_today(clinic: Clinic, now: dt.datetime) -> Q:
    today = clinic.today(now)
    start, end = edge(today, 0, clinic.zone), edge(today + dt.timedelta(days=1), 0, clinic.zone)
    return Q(visit__clinic=clinic, starts_at__gte=start, starts_at__lt=end, status__in=HOLDS_TIME)


def patients_read_on_day(
    *, user: User, clinic: Clinic, visits: Iterable[Visit], now: dt.datetime, roles: Collection[str] | None = None
) -> list[Patient]:
    """Whose records this account may read among these visits here, on whatever day they are, by its roles here.

    A press with a reason opens single pages, not a list. Reads the visits' bookings and patients, as prefetched.
    `roles`: what the account is here, where that was read already.
    """
    if roles is None:
        here = user.memberships.holding_at(now, *TREATS).filter(clinic=clinic)
        roles = list(here.values_list("role", flat=True))
    roles = {*roles} & {*TREATS}
    if not roles:
        return []
    reads_all = bool(roles & READS_CLINIC)
    is_unscheduled = bool(roles & {*clinic.unscheduled_roles})
    rows = {
        visit.patient.pk: visit.patient
        for visit in visits
        for booking in visit.bookings.all()
        if visit.patient
        and (
            reads_all
            or (_serves(user, booking) and _is_near(booking, clinic, now))
            or (is_unscheduled and _is_today(booking, clinic, now))
        )
    }
    return list(rows.values())


def _serves(user: User, booking: Booking) -> bool:
    crew = [row.resource for row in booking.occupancies.all() if row.part.startswith("crew:") and row.resource]
    people = [resource.practitioner for resource in crew if hasattr(resource, "practitioner")]
    return any(person.user_id == user.pk for person in people)


def _is_near(booking: Booking, clinic: Clinic, now: dt.datetime) -> bool:
    """The days of `_served_at`."""
    away = (booking.starts_at.astimezone(clinic.zone).date() - clinic.today(now)).days
    return away in (0, 1) or (-DAYS_AFTER <= away < 0 and booking.status in GIVEN)


def _is_today(booking: Booking, clinic: Clinic, now: dt.datetime) -> bool:
    return booking.status in HOLDS_TIME and booking.starts_at.astimezone(clinic.zone).date() == clinic.today(now)
