"""What those who treat may look up: patients of their clinics, and of these what is signed, or still one's draft."""

import datetime as dt
import uuid

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from bookings.desk import offers
from bookings.desk.addresses import uuid_in
from bookings.desk.request import ClinicalRequest, StaffRequest
from bookings.errors import PolicyRefused
from bookings.facts import record as record_facts
from bookings.facts.catalogue_numbers import ASSESSMENT_DAYS
from bookings.facts.record_access import RecordAccess
from bookings.models import Assessment, Consent, ConsentPaper, Prescription, Visit
from clinic.fields import number_of
from clinic.people.models import Membership, Patient, Role, User
from clinic.people.records import RecordsOf
from clinic.premises.models import Clinic
from therapies.consent_texts import OWN_CONSENT
from therapies.models import Needs, Practitioner, Therapy, TherapyKind, Variant


def is_vaidya(user: User, now: dt.datetime) -> bool:
    """Vaidyas see drafts; others only what is signed."""
    return user.clinics_at(now, Role.VAIDYA).exists()


def assessments(request: ClinicalRequest, *, drafts: bool) -> QuerySet[Assessment]:
    """As far as the asker reads this record."""
    return request.record.of(record_facts.assessments_of(request.patient, drafts=drafts))


def prescriptions(request: ClinicalRequest, *, drafts: bool, on: Assessment | None = None) -> QuerySet[Prescription]:
    """As far as the asker reads this record; `on`: only those that rest on this examination."""
    return request.record.of(record_facts.prescriptions_of(request.patient, drafts=drafts, on=on))


def consents(request: ClinicalRequest) -> QuerySet[Consent]:
    """As far as the asker reads this record."""
    return request.record.of(record_facts.consents_of(request.patient))


def assessment_or_404(request: ClinicalRequest, public_id: uuid.UUID, *, drafts: bool) -> Assessment:
    return get_object_or_404(assessments(request, drafts=drafts), public_id=public_id)


def prescription_or_404(request: ClinicalRequest, public_id: uuid.UUID, *, drafts: bool) -> Prescription:
    return get_object_or_404(prescriptions(request, drafts=drafts), public_id=public_id)


def consent_or_404(request: ClinicalRequest, pk: int) -> Consent:
    return get_object_or_404(consents(request), pk=pk)


def paper_or_404(request: ClinicalRequest, pk: int) -> ConsentPaper:
    return get_object_or_404(ConsentPaper, consent=consent_or_404(request, pk))


def in_force(patient: Patient, on: dt.date, record: RecordAccess) -> QuerySet[Prescription]:
    """The prescriptions that hold on that day, as far as the record is readable."""
    return record.of(Prescription.objects.filter(patient__in=RecordsOf(patient))).in_force(on).order_by("-signed_at")


def last_signed(request: ClinicalRequest) -> Assessment | None:
    """The newest examination, from which the lasting constitution is taken over."""
    rows = request.record.of(Assessment.objects.filter(patient__in=RecordsOf(request.patient)))
    return rows.signed().order_by("-made_at").first()


def still_valid(request: ClinicalRequest, on: dt.date) -> Assessment | None:
    """The newest signed examination that holds on that day; none when the rule cannot be read."""
    try:
        days = ASSESSMENT_DAYS.read()
    except PolicyRefused:
        return None
    rows = request.record.of(Assessment.objects.filter(patient__in=RecordsOf(request.patient)))
    return rows.valid_on(on, days).order_by("-made_at").first()


def last_day(assessment: Assessment) -> dt.date:
    """Until when an examination holds. Raises PolicyRefused when the rule cannot be read."""
    return assessment.examined_on() + dt.timedelta(days=ASSESSMENT_DAYS.read())


def visits_of_today(
    patient: Patient, request: StaffRequest, now: dt.datetime, *, beside: Visit | None = None
) -> QuerySet[Visit]:
    """Where the patient is, or was, today: what an examination belongs to; and the visit that it has already."""
    today = Visit.objects.on(request.clinic.today(now), request.clinic.zone)
    either = Q(pk__in=today.values("pk")) | Q(pk=beside.pk if beside else None)
    return Visit.objects.at(request.clinics).filter(either, patient=patient).order_by("arrives_at")


def visit_of_patient(patient: Patient, request: StaffRequest, words: str) -> Visit | None:
    """The patient's visit whose public id an address names; none where it names nothing of the kind."""
    public_id = uuid_in(words)
    rows = Visit.objects.at(request.clinics).filter(patient=patient)
    return rows.filter(public_id=public_id).first() if public_id else None


def begun_draft(request: ClinicalRequest, words: str) -> Assessment | None:
    """One's own examination that a page has begun under this public id."""
    public_id = uuid_in(words)
    rows = assessments(request, drafts=True).filter(by=request.user)
    return rows.filter(public_id=public_id).first() if public_id else None


def draft_of_visit(request: ClinicalRequest, visit: Visit) -> Assessment | None:
    """One's own newest unsigned examination of this visit."""
    rows = assessments(request, drafts=True).filter(by=request.user, visit=visit, signed_at=None)
    return rows.filter(replaced_by=None).first()


FOLLOW_UP_AFTER = dt.timedelta(days=14)
"""When a follow-up is due where no prescription says when to look again: two to four weeks (clinic default)."""


def follow_up_variant() -> Variant | None:
    """What a follow-up is booked as."""
    rows = offers.variants().filter(therapy__kind=TherapyKind.CONSULTATION, therapy__follow_up=True)
    return rows.order_by("-is_default", "pk").first()


def person_here(user: User, clinic: Clinic, now: dt.datetime) -> Practitioner | None:
    """Who this account is among the people of the clinic."""
    return offers.people(clinic, clinic.today(now)).filter(user=user).first()


def review_day(request: ClinicalRequest, now: dt.datetime) -> dt.date:
    """When the Vaidya wants to look again: the next review of what is in force; else in two weeks."""
    today = request.clinic.today(now)
    rows = in_force(request.patient, today, request.record).filter(review_on__gte=today)
    return rows.order_by("review_on").values_list("review_on", flat=True).first() or today + FOLLOW_UP_AFTER


def prescribable() -> QuerySet[Variant]:
    """What takes a Vaidya's order and time at the clinic, in the clinic's order."""
    therapies = ordered_therapies()
    return (
        Variant.objects.filter(therapy__in=therapies)
        .select_related("therapy")
        .order_by("therapy__position", "therapy__code", "-is_default", "code")
    )


def ordered_therapies() -> QuerySet[Therapy]:
    """Therapies that a Vaidya orders."""
    return Therapy.objects.offered().exclude(needs=Needs.NOTHING).exclude(booking_mode="none")


def consent_therapies() -> QuerySet[Therapy]:
    """Procedures that need a consent of their own."""
    return Therapy.objects.offered().filter(consent=OWN_CONSENT)


def therapy_or_404(pk: str) -> Therapy | None:
    """The procedure of an address; none for treatment in general."""
    if not pk:
        return None
    return get_object_or_404(consent_therapies(), pk=number_of(pk) or 0)


def vaidyas(clinics: QuerySet[Clinic], now: dt.datetime) -> QuerySet[User]:
    """Who explains at these clinics."""
    holding = Membership.objects.holding_at(now, Role.VAIDYA).filter(clinic__in=clinics)
    return User.objects.filter(pk__in=holding.values("user"), is_active=True).order_by("name", "username")


def variants_among(ids: list[int]) -> QuerySet[Variant]:
    """These, offered or not."""
    return Variant.objects.filter(pk__in=ids).select_related("therapy")
