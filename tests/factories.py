"""Real rows for tests: each function makes one thing, with times said outright and everything else a default."""

import datetime as dt
import itertools
import uuid
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.models import (
    Answer,
    Assessment,
    Booking,
    Consent,
    Measurement,
    Occupancy,
    Prescription,
    PrescriptionItem,
    Screening,
    Status,
    Visit,
)
from clinic.people.models import Access, Membership, Patient, RoleSource, User
from clinic.premises.models import Absence, Clinic, Closure, Equipment, OpeningHours, Resource, Room, Use
from clinic.premises.models.clinic import MOST_ONLINE, ONLINE_LIMITS
from therapies.models import (
    Needs,
    Practitioner,
    Qualification,
    Question,
    Rule,
    Step,
    StepCrew,
    Therapy,
    Variant,
    WorkingHours,
)

NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)
"""Monday, 10:00 in Kolkata."""
LONG_AGO = dt.date(2026, 1, 1)
PASSWORD = "warm-sesame-oil-9"
EVERY_DAY = range(7)

_numbers = itertools.count(1)


UNLIMITED = dict.fromkeys(ONLINE_LIMITS, MOST_ONLINE)
"""Of a clinic in whose tests time alone decides: as much online as a clinic can allow."""


def minute(text: str) -> int:
    """07:30 as minutes after midnight."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def between(start: dt.datetime, end: dt.datetime) -> DateTimeTZRange:
    """The half-open range of two moments."""
    return DateTimeTZRange(start, end, "[)")


# --- premises ---------------------------------------------------------------------------------------------------------


def make_clinic(slug: str = "shanti", *, opens: str = "08:00", closes: str = "18:00", **fields: Any) -> Clinic:
    """A clinic in Kolkata's zone, open every day of the week; `opens=""` leaves the hours out."""
    said = {
        "name": f"{slug.title()} Clinic",
        "sender_name": slug.title(),
        "address": "1 Temple Road\nKozhikode 673001",
        "phone": "+914952300000",
        "languages": ["en", "hi"],
        "reminders": [1440, 120],
    }
    clinic = Clinic.objects.create(slug=slug, **(said | fields))
    if opens:
        make_opening_hours(clinic, opens=opens, closes=closes)
    return clinic


def make_opening_hours(
    clinic: Clinic,
    *,
    weekdays: Iterable[int] = EVERY_DAY,
    opens: str = "08:00",
    closes: str = "18:00",
    use: str = Use.EVERYONE,
) -> list[OpeningHours]:
    rows = [
        OpeningHours(clinic=clinic, weekday=day, from_minute=minute(opens), to_minute=minute(closes), use=use)
        for day in weekdays
    ]
    return OpeningHours.objects.bulk_create(rows)


def make_closure(clinic: Clinic, on: dt.date, **fields: Any) -> Closure:
    return Closure.objects.create(clinic=clinic, on=on, **({"reason": "Holiday"} | fields))


def make_room(clinic: Clinic, name: str = "", *, features: Iterable[str] = ("therapy_room",), **fields: Any) -> Room:
    return Room.objects.create(clinic=clinic, name=name or f"Room {next(_numbers)}", features=list(features), **fields)


def make_equipment(clinic: Clinic, kind: str = "steam_chamber", **fields: Any) -> Equipment:
    return Equipment.objects.create(clinic=clinic, kind=kind, **({"name": f"{kind} {next(_numbers)}"} | fields))


def make_absence(resource: Resource, start: dt.datetime, end: dt.datetime, *, by: User, **fields: Any) -> Absence:
    return Absence.objects.create(resource=resource, during=between(start, end), by=by, **({"at": NOW} | fields))


# --- people -----------------------------------------------------------------------------------------------------------


def make_user(email: str | None = None, *, password: str | None = None, **fields: Any) -> User:
    """An account that came in by mailed code; staff have a password (and a staff number as `username`)."""
    email = f"person{next(_numbers)}@example.org" if email is None else email
    user = User.objects.create_user(email=email, **({"joined_at": NOW} | fields))
    if password:
        user.password = _hashed(password)
        user.save(update_fields=["password"])
    return user


@cache
def _hashed(password: str) -> str:
    """The real hash, which takes its time, once for each run."""
    return make_password(password)


def make_member(clinic: Clinic, role: str, *, user: User | None = None, **fields: Any) -> User:
    """An account with a role at this clinic since long ago; it signs in with PASSWORD."""
    number = next(_numbers)
    user = user or make_user(f"{role}{number}@shanti.example", password=PASSWORD, username=f"S{number:04}")
    said = {"starts_on": LONG_AGO, "source": RoleSource.OPERATOR}
    Membership.objects.create(user=user, clinic=clinic, role=role, **(said | fields))
    return user


IN_LETTERS = str.maketrans("0123456789", "abcdefghij")


def make_patient(given_name: str = "Meera", *, clinics: Iterable[Clinic] = (), **fields: Any) -> Patient:
    """Names have no digits: people whom a test numbers are numbered in letters."""
    said = {
        "family_name": "Nair",
        "birth_date": dt.date(1988, 5, 17),
        "gender": "woman",
        "accepts_therapist": "female",
        "phone": "+919847000001",
        "email": f"{given_name.lower()}@example.org",
        "registered_at": NOW,
    }
    said |= fields
    proof = {"proved_email": said["email"], "email_proved_at": NOW} if said["email"] else {}
    patient = Patient.objects.create(given_name=given_name.translate(IN_LETTERS), **(proof | said))
    patient.clinics.add(*clinics)
    return patient


def make_access(user: User, patient: Patient, **fields: Any) -> Access:
    said = {"relation": "self", "width": "full", "starts_on": LONG_AGO}
    return Access.objects.create(user=user, patient=patient, **(said | fields))


# --- therapies --------------------------------------------------------------------------------------------------------


def make_practitioner(
    clinic: Clinic,
    name: str = "",
    *,
    roles: Iterable[str] = ("vaidya",),
    gender: str = "female",
    works: tuple[str, str] | None = ("08:00", "18:00"),
    qualified: Iterable[Therapy] = (),
    **fields: Any,
) -> Practitioner:
    """Somebody who works at this clinic every day (`works=None`: no hours) and may give the `qualified` therapies."""
    name = name or f"Practitioner {next(_numbers)}"
    person = Practitioner.objects.create(name=name, roles=list(roles), gender=gender, **fields)
    if works:
        make_working_hours(person, clinic, *works)
    for therapy in qualified:
        make_qualification(person, therapy)
    return person


def make_working_hours(
    practitioner: Practitioner,
    clinic: Clinic,
    start: str = "08:00",
    end: str = "18:00",
    *,
    weekdays: Iterable[int] = EVERY_DAY,
    valid_from: dt.date = LONG_AGO,
    valid_until: dt.date | None = None,
) -> list[WorkingHours]:
    rows = [
        WorkingHours(
            practitioner=practitioner,
            clinic=clinic,
            weekday=day,
            from_minute=minute(start),
            to_minute=minute(end),
            valid_from=valid_from,
            valid_until=valid_until,
        )
        for day in weekdays
    ]
    return WorkingHours.objects.bulk_create(rows)


def make_qualification(practitioner: Practitioner, therapy: Therapy, **fields: Any) -> Qualification:
    return Qualification.objects.create(
        practitioner=practitioner, therapy=therapy, **({"starts_on": LONG_AGO} | fields)
    )


NUMBERS: dict[str, dict[str, Any]] = {
    "df_minimum_age_years_default": {"kind": "definition", "data": {"value": 16}},
    "fr_screening_validity": {"kind": "frequency", "data": {"full_questionnaire_days": 30}},
}
"""As the catalogue says them."""


def make_therapy(code: str = "abhyanga", **fields: Any) -> Therapy:
    """A therapy without variants; `make_variant` says how it runs. A treatment comes with the rules that it needs."""
    if fields.get("needs", Needs.NOTHING) != Needs.NOTHING:
        Rule.objects.bulk_create([Rule(code=code, **rule) for code, rule in NUMBERS.items()], ignore_conflicts=True)
    said = {"kind": "procedure", "name": code.replace("-", " ").title(), "booking_mode": "desk"}
    return Therapy.objects.create(code=code, **(said | fields))


def make_variant(therapy: Therapy, code: str = "default", *, room: str = "therapy_room", **fields: Any) -> Variant:
    return Variant.objects.create(
        therapy=therapy, code=code, room_feature=room, **({"is_default": code == "default"} | fields)
    )


def make_step(
    variant: Variant,
    code: str,
    offset: int,
    minutes: int,
    *,
    crew: dict[str, int] | None = None,
    minimum: dict[str, int] | None = None,
    presence: str = "performs",
    **fields: Any,
) -> Step:
    """`crew` is how many of each role; `minimum` where fewer will do. Offset and length are in minutes."""
    said = {"name": code.replace("_", " ").title(), "offset": offset, "minutes": minutes}
    step = Step.objects.create(variant=variant, code=code, **(said | fields))
    for role, count in (crew or {}).items():
        least = (minimum or {}).get(role, count)
        StepCrew.objects.create(step=step, role=role, count=count, minimum=least, presence=presence)
    return step


def make_consultation(code: str = "consultation", *, minutes: int = 45, **fields: Any) -> Variant:
    """A consultation with one Vaidya in a consultation room; patients book it. Returns its one variant."""
    said = {"kind": "consultation", "name": "First consultation", "booking_mode": "patient"}
    variant = make_variant(make_therapy(code, **(said | fields)), room="consultation_room")
    make_step(variant, "consultation", 0, minutes, crew={"vaidya": 1})
    return variant


def make_abhyanga() -> Variant:
    """Two therapists of the patient's gender, a table room, set-up before, a rest alone, a bath beside the cleaning."""
    variant = make_variant(make_therapy("abhyanga", name="Abhyanga", same_gender=True, needs="assessment"))
    pair, fewer = {"therapist": 2}, {"therapist": 1}
    make_step(variant, "setup", -10, 10, crew=pair, minimum=fewer, patient_present=False)
    make_step(variant, "hands_on", 0, 45, crew=pair, minimum=fewer)
    make_step(variant, "rest", 45, 15)
    make_step(variant, "bath", 60, 15, room_kept=False)
    make_step(variant, "cleanup", 60, 15, crew=pair, minimum=fewer, patient_present=False)
    return variant


# --- bookings: rows only, for tests of questions and pages; actions are tested through themselves ---------------------


def make_visit(
    *,
    clinic: Clinic,
    variant: Variant,
    start: dt.datetime,
    patient: Patient | None = None,
    minutes: int = 45,
    resources: Iterable[Resource] = (),
    status: str = Status.BOOKED,
    holder: str = "",
    **fields: Any,
) -> Visit:
    """A visit with one booking; its occupancies take `resources` and the patient for the whole of it."""
    public_id = uuid.uuid4()
    lead = dt.timedelta(minutes=variant.therapy.arrival_lead_minutes)
    visit = Visit.objects.create(
        public_id=public_id,
        patient=patient,
        clinic=clinic,
        timezone=clinic.timezone,
        arrives_at=start - lead,
        ics_uid=f"{public_id}@clinic.example",
        holder=holder or ("" if patient else f"holder-{public_id}"),
        made_at=NOW,
    )
    end = start + dt.timedelta(minutes=minutes)
    booking = Booking.objects.create(
        visit=visit, variant=variant, starts_at=start, ends_at=end, status=status, **fields
    )
    for resource in resources:
        part = f"crew:{resource.roles[0]}" if isinstance(resource, Practitioner) else "room"
        Occupancy.objects.create(booking=booking, resource=resource, during=between(start, end), part=part)
    if patient:
        Occupancy.objects.create(booking=booking, patient=patient, during=between(start, end), part="patient")
    return visit


def make_crew(visit: Visit, user: User, *, role: str = "therapist") -> None:
    """This account serves the visit, as a practitioner of its own: so it reads the patient's record."""
    person = Practitioner.objects.filter(user=user).first() or make_practitioner(visit.clinic, roles=[role], user=user)
    for booking in visit.bookings.all():
        during = between(booking.starts_at, booking.ends_at)
        Occupancy.objects.create(booking=booking, resource=person, during=during, part=f"crew:{role}")


def make_treatment(user: User, patient: Patient, clinic: Clinic, *, start: dt.datetime = NOW, **fields: Any) -> Visit:
    """A consultation of this patient that the account serves, today unless said otherwise."""
    variant = make_consultation(f"consultation-{next(_numbers)}")
    visit = make_visit(clinic=clinic, variant=variant, start=start, patient=patient, **fields)
    make_crew(visit, user)
    return visit


# --- what a Vaidya wrote, and what a patient told ---------------------------------------------------------------------


def make_assessment(patient: Patient, clinic: Clinic, *, by: User, **fields: Any) -> Assessment:
    """Signed."""
    said = {"made_at": NOW, "signed_by": by, "signed_at": NOW}
    return Assessment.objects.create(patient=patient, clinic=clinic, by=by, **(said | fields))


def make_prescription(patient: Patient, clinic: Clinic, *, by: User, **fields: Any) -> Prescription:
    """Not signed yet: parts may still be added."""
    said = {"made_at": NOW, "valid_until": dt.date(2026, 5, 31)}
    assessment = make_assessment(patient, clinic, by=by)
    return Prescription.objects.create(patient=patient, clinic=clinic, assessment=assessment, by=by, **(said | fields))


def sign(prescription: Prescription) -> None:
    prescription.signed_by, prescription.signed_at = prescription.by, NOW
    prescription.save(update_fields=["signed_by", "signed_at"])


def make_order(
    patient: Patient,
    variant: Variant,
    *,
    clinic: Clinic,
    by: User | None = None,
    sessions: int = 60,
    valid_until: dt.date = dt.date(2026, 5, 31),
    **fields: Any,
) -> PrescriptionItem:
    """A signed prescription of one therapy."""
    prescription = make_prescription(patient, clinic, by=by or make_user(), valid_until=valid_until)
    item = PrescriptionItem.objects.create(prescription=prescription, variant=variant, sessions=sessions, **fields)
    sign(prescription)
    return item


def make_consent(
    patient: Patient, clinic: Clinic, *, by: User | None = None, therapy: Therapy | None = None, **fields: Any
) -> Consent:
    """In general, or to one procedure."""
    said = {"text_version": "1", "language": "en", "how": "screen", "signed_name": patient.full_name, "given_at": NOW}
    said["explained_by"] = by or make_user()
    return Consent.objects.create(patient=patient, clinic=clinic, therapy=therapy, **(said | fields))


def make_measurement(booking: Booking, *, by: User | None = None, at: dt.datetime = NOW, **fields: Any) -> Measurement:
    """Calm readings before a session: everything that the catalogue may name."""
    calm = {"systolic": 120, "diastolic": 80, "pulse": 72, "temperature": "36.8", "respiration": 16, "weight": 61}
    return Measurement.objects.create(booking=booking, when="before", by=by or make_user(), at=at, **(calm | fields))


def tell(
    patient: Patient, clinic: Clinic, *, at: dt.datetime = NOW, stage: str = "booking", **values: Any
) -> Screening:
    """Answers by the codes of their questions, as rows; `screen` itself is tested through the action."""
    screening = Screening.objects.create(patient=patient, clinic=clinic, stage=stage, questionnaire="-", at=at)
    questions = {question.code: question for question in Question.objects.filter(code__in=values)}
    Answer.objects.bulk_create(
        Answer(screening=screening, patient=patient, question=questions[code], value=value, at=at)
        for code, value in values.items()
    )
    return screening


def tell_all_is_well(patient: Patient, clinic: Clinic, *, at: dt.datetime = NOW) -> Screening:
    """Every question answered by somebody to whom nothing applies."""
    well: dict[str, Any] = {}
    for question in Question.objects.filter(is_active=True):
        match question.answer_type:
            case "integer_0_10":
                well[question.code] = 2
            case "datetime":
                well[question.code] = (at - dt.timedelta(hours=12)).isoformat()
            case "free_text":
                well[question.code] = ""
            case "integer":
                continue
            case _:
                well[question.code] = "yes" if question.data["trigger"] == "no" else "no"
    return tell(patient, clinic, at=at, stage="every_session", **well)
