"""Actions about patients: register, change."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any, NamedTuple, TypedDict, Unpack

import pghistory
from django.db import transaction

from clinic.people import name_terms
from clinic.people.contacts import Contact, check_number_of_changes
from clinic.people.days import first_day
from clinic.people.models import Access, Patient, User
from clinic.people.models.access import Width
from clinic.people.models.patient import PatientQuerySet
from clinic.people.news import News, tell_of_contact, tell_patient
from clinic.people.twins import note_twins, refuse_twins, wait_for_registrations
from clinic.people.versions import ChangedMeanwhile, changed_since

ROWS_AT_ONCE = 2000


class UnknownField(Exception):
    """A patient has no such field, or it is not for people to change."""


class TooManyPeople(Exception):
    """An account has registered as many people as it may, in 24 hours (`today`) or in all."""

    def __init__(self, *, today: int, in_all: int) -> None:
        super().__init__(f"{today} in 24 hours, {in_all} in all")
        self.today, self.in_all = today, in_all


class MostPeople(NamedTuple):
    """How many people an account may register by itself, in 24 hours and in all."""

    a_day: int
    in_all: int


class PatientDetails(TypedDict, total=False):
    """What people say about a patient; which of it a form asks, the form decides."""

    given_name: str
    family_name: str
    birth_date: dt.date
    birth_is_approximate: bool
    kinship: str
    kin_name: str
    village: str
    gender: str
    accepts_therapist: str
    phone: Any
    email: str
    language: str
    channel: str
    discreet: bool
    label: str
    needs: str
    emergency_contact: str


def register_patient(
    *,
    by: User,
    clinic: Any,
    now: dt.datetime,
    among: PatientQuerySet | None = None,
    denied: Collection[uuid.UUID] = (),
    **facts: Unpack[PatientDetails],
) -> Patient:
    """Register somebody at the desk. Raises IntegrityError where the database refuses the facts.

    `among`: those who are compared with them first; PossibleTwins is raised for who has a key in common, but for
    `denied`, whom the desk has looked at and who are somebody else.
    """
    _check(facts)
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        wait_for_registrations()
        if among is not None:
            refuse_twins(among, facts, denied)
        proof = _proof(facts.get("email", ""), by=by, face_to_face=True, now=now)
        patient = Patient.objects.create(registered_by=by, registered_at=now, **facts, **proof)
        patient.clinics.add(clinic)
    return patient


def register_own(
    *,
    user: User,
    relation: str,
    now: dt.datetime,
    clinic: Any = None,
    most: MostPeople | None = None,
    **facts: Unpack[PatientDetails],
) -> Patient:
    """Somebody who is signed in registers themselves, or a person they care for, and sees all of their record.

    The same names and birth date again (a double click) are the same person. Raises TooManyPeople beyond `most`.
    """
    _check(facts)
    with pghistory.context(user=user.pk), transaction.atomic(durable=True):
        User.objects.select_for_update().get(pk=user.pk)  # the second click waits here
        wait_for_registrations()
        if namesake := _same_person(user, facts, now):
            return namesake
        if most:
            _check_number(user, most, now)
        proof = _proof(facts.get("email", ""), by=user, face_to_face=False, now=now)
        patient = Patient.objects.create(registered_by=user, registered_at=now, **facts, **proof)
        if clinic is not None:
            patient.clinics.add(clinic)
        Access.objects.create(user=user, patient=patient, relation=relation, width=Width.FULL, starts_on=first_day(now))
        note_twins(patient, facts, now=now)
    return patient


def change_patient(
    *,
    patient: Patient,
    by: User,
    now: dt.datetime,
    face_to_face: bool = False,
    clinic: Any = None,
    version: str = "",
    **facts: Unpack[PatientDetails],
) -> Patient:
    """Change what was said. The history of the table keeps what it was, who changed it and when.

    `face_to_face`: staff of `clinic` took it from the patient, so that a new address is known to be theirs. Another
    e-mail or phone is told to the old address and to the accounts in full. Raises ChangedMeanwhile where the patient is
    no longer as `version` shows them, and TooManyChanges where accounts change the e-mail again and again.
    """
    _check(facts)
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        if not face_to_face:
            User.objects.select_for_update(no_key=True).get(pk=by.pk)  # the account's other changes wait here
        current = Patient.objects.select_for_update().get(pk=patient.pk)
        if names := changed_since(current, version, facts):
            raise ChangedMeanwhile(current, names)
        before = Contact.of(current)
        if facts.get("birth_date", current.birth_date) != current.birth_date:
            facts.setdefault("birth_is_approximate", False)
        for field, value in facts.items():
            setattr(current, field, value)
        is_other = current.email.lower() != before.email.lower()
        proof = _proof(current.email, by=by, face_to_face=face_to_face, now=now) if is_other else {}
        if is_other and not face_to_face:
            check_number_of_changes(current, is_known=bool(proof), by=by, now=now)
        for field, value in proof.items():
            setattr(current, field, value)
        current.save(update_fields=[*facts, *proof, "search_terms"])
        tell_of_contact(current, before=before, clinic=clinic, by=by, now=now)
    return current


def change_at_desk(*, patient: Patient, clinic: Any, by: User, now: dt.datetime, **facts: Any) -> Patient:
    """Change what the patient said face to face at this clinic; `facts` may hold the `version` of the form."""
    return change_patient(patient=patient, by=by, now=now, face_to_face=True, clinic=clinic, **facts)


def welcome_patient(*, patient: Patient, clinic: Any, by: User, now: dt.datetime) -> Patient:
    """A patient of the organisation comes to this clinic too, and is told. Once is enough.

    The history of the table keeps who said so, and when.
    """
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        current = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)  # the second press waits here
        if not current.clinics.filter(pk=clinic.pk).exists():
            current.clinics.add(clinic)
            tell_patient(current, News.NEW_CLINIC, clinic=clinic, by=by, now=now)
    return patient


def _proof(email: str, *, by: User, face_to_face: bool, now: dt.datetime) -> dict[str, Any]:
    """That the address is theirs: staff took it from them, or whoever types it came in by a code to it."""
    own = by.joined_at is not None and by.email.lower() == email.lower()
    return {"proved_email": email, "email_proved_at": now} if email and (face_to_face or own) else {}


def _same_person(user: User, facts: PatientDetails, now: dt.datetime) -> Patient | None:
    rows = {name: value for name, value in facts.items() if name in ("given_name", "family_name", "birth_date")}
    return Patient.objects.of(user, first_day(now)).filter(**rows).first()


def _check_number(user: User, most: MostPeople, now: dt.datetime) -> None:
    """Under the lock on the account: those whom the desk registered do not count, ended accesses do."""
    own = Patient.objects.filter(registered_by=user, accesses__user=user).distinct()
    today, in_all = own.filter(registered_at__gt=now - dt.timedelta(days=1)).count(), own.count()
    if today >= most.a_day or in_all >= most.in_all:
        raise TooManyPeople(today=today, in_all=in_all)


def _check(facts: PatientDetails) -> None:
    unknown = facts.keys() - PatientDetails.__annotations__.keys()
    if unknown:
        raise UnknownField(", ".join(sorted(unknown)))


def renew_search_terms() -> None:
    """Work out anew what finds each patient, after another rule for it."""
    last = 0
    while rows := list(Patient.objects.filter(pk__gt=last).order_by("pk")[:ROWS_AT_ONCE]):
        for row in rows:
            row.search_terms = name_terms.terms_of_person(row)
        Patient.objects.bulk_update(rows, ["search_terms"])
        last = rows[-1].pk
