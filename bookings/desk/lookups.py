"""What a member of staff may look up: everything starts at the clinics where they work."""

import copy
import datetime as dt
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import Http404
from django.shortcuts import get_object_or_404
from phonenumbers import NumberParseException, is_valid_number, parse

from bookings.actions import identity
from bookings.actions.identity import TooManyGuesses
from bookings.facts.watches import unwatched_visits
from bookings.models import Booking, Enquiry, Occupancy, Visit
from bookings.models.booking import GOING_ON, day_not_over
from clinic.people.models import Access, Patient, PatientMerge, PossibleTwin
from clinic.people.models.patient import PatientQuerySet
from clinic.people.patient_search import find_patients, persons_of
from clinic.premises.models import Absence, Clinic
from therapies.models import Question

from . import offers
from .request import StaffRequest

SHOWN = 20
"""Patients in one answer: more means that the question was too wide."""
HITS = 8
"""Patients under the field while somebody types."""


def visit_or_404(request: StaffRequest, public_id: uuid.UUID) -> Visit:
    """A visit with a patient, at one of the clinics where this person works."""
    visits = Visit.objects.at(request.clinics).filter(patient__isnull=False).with_everything()
    return get_object_or_404(visits, public_id=public_id)


def booking_or_404(visit: Visit, position: int) -> Booking:
    """One booking of a visit that was found with everything."""
    for booking in visit.bookings.all():
        if booking.position == position:
            return booking
    raise Http404


def patient_of(visit: Visit) -> Patient:
    """Whoever comes to a visit that `visit_or_404` found."""
    if visit.patient is None:
        raise Http404
    return visit.patient


def held_or_404(request: StaffRequest, public_id: uuid.UUID) -> Visit:
    """A time that this account holds, or held until it was booked: a double click is no error."""
    visits = Visit.objects.at(request.clinics).filter(held_by=request.user)
    return get_object_or_404(visits.with_everything(), public_id=public_id)


def patients_here(request: StaffRequest) -> PatientQuerySet:
    """Everybody of the clinics where this person works."""
    return Patient.objects.at(request.clinics)


def twins_of(request: StaffRequest, patient: Patient) -> list[tuple[PossibleTwin, Patient]]:
    """Records of these clinics that may be the same person, and nobody has said that they are not."""
    rows = PossibleTwin.objects.open().at(request.clinics).filter(Q(patient=patient) | Q(other=patient))
    pairs = rows.select_related("patient", "other").order_by("pk")
    return [(row, row.other if row.patient_id == patient.pk else row.patient) for row in pairs]


def twin_or_404(request: StaffRequest, patient: Patient, pk: int) -> PossibleTwin:
    """One of those, open or settled."""
    rows = PossibleTwin.objects.at(request.clinics).filter(Q(patient=patient) | Q(other=patient))
    return get_object_or_404(rows, pk=pk)


def patient_or_404(request: StaffRequest, public_id: uuid.UUID) -> Patient:
    """A patient of one of the clinics where this person works; for a merged record the one that goes on."""
    return get_object_or_404(Patient.objects.at(request.clinics).named(public_id))


def record_or_404(request: StaffRequest, public_id: uuid.UUID) -> Patient:
    """One very record of these clinics, merged or not."""
    return get_object_or_404(Patient.objects.at(request.clinics), public_id=public_id)


def merges_of(patient: Patient) -> list[PatientMerge]:
    """The merges that stand of all records that lead to this one, the latest first."""
    rows = PatientMerge.objects.standing().filter(merged__merged_into=patient)
    return list(rows.select_related("merged", "by").order_by("-pk"))


def merge_or_404(patient: Patient, pk: int) -> PatientMerge:
    """One of this patient's, undone or not: a second press is told so."""
    rows = PatientMerge.objects.filter(Q(survivor=patient) | Q(merged__merged_into=patient))
    return get_object_or_404(rows.select_related("survivor", "merged"), pk=pk)


def access_or_404(patient: Patient, pk: int, now: dt.datetime) -> Access:
    """An account that acts for this patient now."""
    return get_object_or_404(patient.accesses.in_force(now.date()).select_related("user"), pk=pk)


def absence_or_404(request: StaffRequest, pk: int) -> Absence:
    """An absence of somebody, or of a room or device, of these clinics."""
    resource = Q(resource__room__clinic__in=request.clinics) | Q(resource__equipment__clinic__in=request.clinics)
    person = Q(resource__practitioner__working_hours__clinic__in=request.clinics)
    return get_object_or_404(Absence.objects.filter(resource | person).select_related("resource").distinct(), pk=pk)


def absences_to_come(clinic: Clinic, now: dt.datetime) -> list[Absence]:
    """Absences at this clinic that have not ended, the next first."""
    away = Absence.objects.filter(during__endswith__gt=now, resource__in=offers.resources(clinic, clinic.today(now)))
    return list(away.select_related("resource", "by").order_by("during"))


def hit_by(absence: Absence, clinics: QuerySet[Clinic], now: dt.datetime) -> list[Visit]:
    """The visits to come that need whom or what is away, or for whose watch too few are on duty meanwhile."""
    at = clinics.filter(working_hours__practitioner=absence.resource_id).values_list("pk", flat=True)
    unwatched = unwatched_visits({*at}, now, during=absence.during).visits
    rows = Occupancy.objects.filter(resource=absence.resource_id, during__overlap=absence.during)
    going_on = rows.filter(day_not_over(now, "booking__"), booking__status__in=GOING_ON)
    needing = Q(bookings__in=going_on.values("booking")) | Q(pk__in=[*unwatched])
    visits = Visit.objects.at(clinics).confirmed().filter(needing)
    return list(visits.with_everything().distinct().order_by("arrives_at"))


@dataclass(frozen=True)
class Found:
    """Patients of the asker's clinics, and those of other clinics who have exactly this phone and birth date.

    `guessed_out`: wrong birth dates were typed so often that other clinics' patients are not looked for now.
    """

    here: tuple[Patient, ...]
    elsewhere: tuple[Patient, ...]
    too_many: bool
    guessed_out: bool = False

    @property
    def all(self) -> tuple[Patient, ...]:
        return self.here + self.elsewhere


def hits(request: StaffRequest, words: str, now: dt.datetime) -> list[Patient]:
    """The likeliest patients of these clinics for what somebody is typing."""
    patients = Patient.objects.at(request.clinics)
    return find_patients(patients, words, today=request.clinic.today(now), most=HITS)


def search(request: StaffRequest, *, words: str, birth_date: dt.date | None, now: dt.datetime, welcomes: bool) -> Found:
    """By names in any script and spelling, phone, e-mail, date of birth, age or number, the likeliest first.

    `welcomes`: also patients of other clinics, for those who may take them in.
    """
    here = _matching(request, words, birth_date, now)
    rows = {patient.pk for patient in here}
    everywhere: list[Patient] = []
    guessed_out = False
    try:
        everywhere = same_person_elsewhere(request, words, birth_date, now) if welcomes else []
    except TooManyGuesses:
        guessed_out = True
    elsewhere = tuple(patient for patient in everywhere if patient.pk not in rows)
    return Found(tuple(here[:SHOWN]), elsewhere, len(here) > SHOWN, guessed_out)


def _matching(request: StaffRequest, words: str, birth_date: dt.date | None, now: dt.datetime) -> list[Patient]:
    patients = Patient.objects.at(request.clinics)
    if birth_date:
        patients = patients.filter(birth_date=birth_date)
    if not words.strip():
        rows = patients.select_related("merged_into").order_by("given_name", "family_name", "pk")
        return persons_of(rows[: SHOWN + 1])
    return find_patients(patients, words, today=request.clinic.today(now), most=SHOWN + 1)


def elsewhere_or_404(request: StaffRequest, form: Form, public_id: str, now: dt.datetime) -> Patient:
    """The patient whom this phone and this birth date, said again, show. Raises TooManyGuesses."""
    data = form.cleaned_data if form.is_valid() else {}
    for patient in same_person_elsewhere(request, data.get("words"), data.get("birth_date"), now):
        if str(patient.public_id) == public_id:
            return patient
    raise Http404


def same_person_elsewhere(
    request: StaffRequest, phone: object, birth_date: dt.date | None, now: dt.datetime
) -> list[Patient]:
    """Whoever in the organisation has exactly this phone and this birth date: who knows both may ask.

    Raises TooManyGuesses.
    """
    number = international_number(str(phone))
    if not number or birth_date is None:
        return []
    return identity.same_person(phone=number, birth_date=birth_date, clinic=request.clinic, by=request.user, now=now)


def twins(request: StaffRequest, phone: object, birth_date: dt.date, now: dt.datetime) -> list[Patient]:
    """Who may be the person that is being registered; only of these clinics where too often was guessed wrong."""
    try:
        return same_person_elsewhere(request, phone, birth_date, now)
    except TooManyGuesses:
        here = Patient.objects.at(request.clinics).filter(phone=international_number(str(phone)), birth_date=birth_date)
        return persons_of(here.select_related("merged_into").order_by("pk")[:SHOWN])


def international_number(phone: str) -> str:
    """+919847000001 for 98470 00001; empty for what is no phone number."""
    try:
        number = parse(phone, settings.PHONENUMBER_DEFAULT_REGION)
    except NumberParseException:
        return ""
    return f"+{number.country_code}{number.national_number}" if is_valid_number(number) else ""


def emergency_signs() -> list[str]:
    """What to ask a caller with back pain first, in the reader's language."""
    return [question.sign for question in Question.objects.emergency_signs()]


def copy_of(patient: Patient) -> Patient:
    """For a form to play with: checking a form writes what was typed onto its row, saved or not."""
    return copy.copy(patient)


def questions_asked(request: StaffRequest) -> QuerySet[Enquiry]:
    """Questions from the website to the clinics where this person works."""
    return Enquiry.objects.filter(clinic__in=request.clinics).select_related("clinic", "answered_by")
