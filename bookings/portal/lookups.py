"""What a visitor or a patient may find: every question about people starts at the account that asks."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Min, Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from bookings.facts import record as record_facts
from bookings.models import STILL_TO_COME, Consent, ConsentPaper, RecordOpening, RecordSharing, Screening, Visit
from bookings.models.visit import VisitQuerySet
from bookings.portal.visit_rows import visit_held_by, visit_seen_by, visit_to_book
from clinic.people.models import Access, Patient, Read, User
from clinic.people.models.access import Relation, Width
from clinic.people.models.patient import PatientQuerySet
from clinic.people.records import RecordIds, RecordsOf
from clinic.premises.models import Clinic
from therapies.models import Practitioner, Qualification, Question, Step, Therapy, Variant

A_YEAR = dt.timedelta(days=365)

# --- what is offered --------------------------------------------------------------------------------------------------


def open_clinics() -> QuerySet[Clinic]:
    return Clinic.objects.filter(is_active=True)


def offered_variants() -> QuerySet[Variant]:
    """The consultations that patients book, in the clinic's order."""
    rows = Variant.objects.filter(therapy__in=Therapy.objects.consultations(), is_default=True)
    steps = Prefetch("steps", Step.objects.prefetch_related("crews"))
    return rows.select_related("therapy").prefetch_related(steps).order_by("therapy__position", "therapy__code")


def consulting(on: dt.date, horizon_days: int = 60) -> QuerySet[Practitioner]:
    """Whoever gives consultations on that day or soon after."""
    qualified = Qualification.objects.in_force(on, on + dt.timedelta(days=horizon_days))
    consultants = qualified.filter(therapy__in=Therapy.objects.consultations())
    return Practitioner.objects.in_service(on).filter(pk__in=consultants.values("practitioner"))


def clinic_of_answers(patient: Patient) -> Clinic | None:
    """The clinic to which this person answered health questions last."""
    row = (
        Screening.objects.filter(patient__in=RecordsOf(patient)).select_related("clinic").order_by("-at", "-pk").first()
    )
    return row.clinic if row else None


def emergency_signs() -> list[str]:
    """The red flags, in the reader's language."""
    return [question.sign for question in Question.objects.emergency_signs()]


def variant_in_full(pk: int) -> Variant:
    """A variant with all that pages show of it."""
    return Variant.objects.select_related("therapy").prefetch_related("therapy__texts", "steps__crews").get(pk=pk)


# --- people and visits of an account ----------------------------------------------------------------------------------


def people_of(user: User, now: dt.datetime) -> PatientQuerySet:
    """Whom this account acts for."""
    return Patient.objects.of(user, now.date()).order_by("given_name", "family_name", "pk")


def people_in_full(user: User, now: dt.datetime) -> PatientQuerySet:
    """Those whose details this account may see and change: not the ones it only sees appointments of."""
    wide = Access.objects.in_force(now.date()).filter(user=user, width=Width.FULL)
    return Patient.objects.going_on().filter(pk__in=wide.values("patient")).order_by("given_name", "family_name", "pk")


def person_or_404(user: User, public_id: uuid.UUID, now: dt.datetime) -> Patient:
    return get_object_or_404(people_in_full(user, now).named(public_id))


def somebody_or_404(user: User, public_id: uuid.UUID, now: dt.datetime) -> Patient:
    """Somebody this account acts for, in whatever width."""
    return get_object_or_404(people_of(user, now).named(public_id))


def first_own_account(patient: Any, now: dt.datetime) -> QuerySet[Access]:
    """The account that was the patient's own before all others, one or none; `patient` may be an OuterRef."""
    own = Access.objects.in_force(now.date()).filter(patient=patient, relation=Relation.SELF)
    return own.order_by("starts_on", "pk")[:1]


def reads_of(patient: Patient, viewer: User, now: dt.datetime) -> QuerySet[Read]:
    """What others than the viewer and the patient's first own account opened of the patient in the portal within a
    year, newest first."""
    rows = Read.objects.filter(patients__overlap=RecordIds(patient), door__startswith="portal:", at__gt=now - A_YEAR)
    own = first_own_account(patient, now).values_list("user", flat=True)
    return rows.exclude(user__in=[viewer.pk, *own]).select_related("user").order_by("-at", "-pk")


def openings_of(patient: Patient, now: dt.datetime) -> QuerySet[RecordOpening]:
    """Who of the staff opened the patient's record with a reason within a year, newest first."""
    rows = RecordOpening.objects.filter(patient__in=RecordsOf(patient), at__gt=now - A_YEAR)
    return rows.select_related("user", "clinic").order_by("-at", "-pk")


def accesses_shown_to(user: User, patient: Patient, now: dt.datetime) -> list[Access]:
    """Who acts for somebody this account acts for; who sees appointments only finds their own alone."""
    accesses = patient.accesses.in_force(now.date()).select_related("user")
    rows = list(accesses.annotate(joined_at=Min("events__pgh_created_at")).order_by("starts_on", "pk"))
    sees_all = any(row.user_id == user.pk and row.width == Width.FULL for row in rows)
    return rows if sees_all else [row for row in rows if row.user_id == user.pk]


def zone_of_patient(patient: Patient) -> str:
    """The time zone of the clinic that knows the patient longest."""
    zone = (
        patient.clinics.through.objects.filter(patient=patient)
        .order_by("pk")
        .values_list("clinic__timezone", flat=True)
    )
    return zone.first() or "UTC"


def sharings_of(patient: Patient) -> QuerySet[RecordSharing]:
    """The clinics that may read what our other clinics wrote."""
    return (
        RecordSharing.objects.in_force()
        .filter(patient__in=RecordsOf(patient))
        .select_related("clinic")
        .order_by("noted_at")
    )


def sharing_or_404(patient: Patient, pk: int) -> RecordSharing:
    """One of those of somebody who was found already."""
    return get_object_or_404(sharings_of(patient), pk=pk)


def among_or_404(accesses: list[Access], pk: int) -> Access:
    """One of those shown; another's is as unknown as a missing one."""
    for access in accesses:
        if access.pk == pk:
            return access
    raise Http404


def consent_or_404(patient: Patient, pk: int) -> Consent:
    """A consent of somebody who was found already."""
    return get_object_or_404(record_facts.consents_of(patient), pk=pk)


def paper_or_404(patient: Patient, pk: int) -> ConsentPaper:
    """Its photo."""
    return get_object_or_404(ConsentPaper, consent__patient__in=RecordsOf(patient), consent=pk)


def visits_of(user: User, now: dt.datetime) -> VisitQuerySet:
    """The visits of everybody this account acts for."""
    return Visit.objects.of(user, now.date())


def visit_or_404(user: User, public_id: uuid.UUID, now: dt.datetime) -> Visit:
    """A visit of somebody this account acts for, with its bookings and who serves."""
    visit = visit_seen_by(user.pk, public_id, now)
    if visit is None:
        raise Http404
    return visit


def is_seen_in_full(visit: Visit) -> bool:
    """Whether whoever found this visit by `visit_or_404` sees the whole record, or appointments only."""
    return bool(visit.seen_in_full)  # type: ignore[attr-defined]


def own_visit(user: User, public_id: Any, now: dt.datetime) -> Visit | None:
    """The same without a 404: None for another's and for a missing one."""
    if not public_id:
        return None
    return visits_of(user, now).confirmed().filter(public_id=public_id).first()


def own_visit_at(user: User, start: dt.datetime, now: dt.datetime) -> Visit | None:
    """A visit of somebody this account acts for that begins at this moment and still lies ahead."""
    begins = {"bookings__starts_at": start, "bookings__status__in": STILL_TO_COME}
    return visits_of(user, now).confirmed().filter(**begins).first()


def visits_named(user: User, numbers: Iterable[uuid.UUID], now: dt.datetime) -> QuerySet[Visit]:
    """Those of these visits that the account may see, earliest first."""
    return visits_of(user, now).filter(public_id__in={*numbers}).with_everything().order_by("arrives_at", "pk")


# --- holds of a browser session ---------------------------------------------------------------------------------------


def held_visit(holder: str, public_id: Any) -> Visit | None:
    """The time that this browser session held under this id, lapsed or not, while it has no patient."""
    return visit_held_by(holder, uuid.UUID(str(public_id))) if public_id else None


def held_to_book(holder: str, public_id: Any) -> Visit | None:
    """The same with no more than what is asked of it before it is booked: the action reads all else under its locks."""
    if not public_id:
        return None
    return visit_to_book(holder, uuid.UUID(str(public_id)))


def fulfils_orders(visit: Visit) -> bool:
    """Whether the time that `held_to_book` found is one of prescribed sessions."""
    return bool(visit.of_sessions)  # type: ignore[attr-defined]


def held_id(holder: str, public_id: Any) -> int | None:
    """Its number alone, where only the time matters."""
    if not public_id:
        return None
    return Visit.objects.filter(holder=holder, patient=None, public_id=public_id).values_list("pk", flat=True).first()
