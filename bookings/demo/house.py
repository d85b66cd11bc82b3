"""The demo clinic and its people."""

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password

from bookings.demo import cast
from clinic.people.factors import DEMO_CODE, has_factor
from clinic.people.members import add_by_operator
from clinic.people.models import Patient, User
from clinic.people.patients import register_own, register_patient
from clinic.premises.models import Clinic, Equipment, OpeningHours, Room, Use
from therapies.models import Practitioner, Price, Qualification, Therapy, TherapyKind, WorkingHours

YEAR = dt.timedelta(days=365)


def minute(clock: str) -> int:
    """07:30 as minutes after midnight."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def open_clinic() -> Clinic:
    clinic, new = Clinic.objects.get_or_create(
        slug=cast.SLUG,
        defaults={
            "name": "Aarogya Ayurveda, Jaipur (demo)",
            "sender_name": "Aarogya, Jaipur",
            "address": "12 Banyan Lane\nCivil Lines\nJaipur 302006",
            "phone": "+911415550100",
            "email": "hello@aarogya.example",
            "languages": ["en", "hi"],
            "holidays": "IN-RJ",
        },
    )
    if new:
        everyone = [(day, span, Use.EVERYONE) for day in cast.WEEK for span in cast.OPEN]
        courses = [(cast.SUNDAY, span, Use.RUNNING_COURSES) for span in cast.SUNDAYS]
        OpeningHours.objects.bulk_create(
            OpeningHours(clinic=clinic, weekday=day, from_minute=minute(start), to_minute=minute(end), use=use)
            for day, (start, end), use in everyone + courses
        )
    for name, features in cast.ROOMS.items():
        Room.objects.get_or_create(clinic=clinic, name=name, defaults={"features": features})
    for name, kind in cast.EQUIPMENT.items():
        Equipment.objects.get_or_create(clinic=clinic, name=name, defaults={"kind": kind})
    for code, text in cast.PRICES.items():
        Price.objects.get_or_create(clinic=clinic, therapy=Therapy.objects.get(code=code), defaults={"text": text})
    return clinic


@cache
def _hashed() -> str:
    """The one password of the demo is hashed once: a good hash is slow on purpose."""
    return make_password(cast.PASSWORD)


def _account(email: str, **fields: Any) -> User:
    """An account with this e-mail, made where there is none; the password is the same for all."""
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, **fields)
        user.password = _hashed()
        user.save(update_fields=["password"])
    return user


def _staff(number: str, email: str, name: str, **fields: Any) -> User:
    return give_second_step(_account(email, username=number, name=name, **fields))


def give_second_step(user: User) -> User:
    """An app that nobody has, and the code that is printed instead of it; nothing where there is a second step."""
    if not has_factor(user):
        row = TOTP.activate(user, generate_totp_secret()).instance
        row.data[DEMO_CODE] = cast.SECOND_STEP
        row.save(update_fields=["data"])
    return user


def give_second_steps() -> int:
    """For a demo made before there were second steps. How many people work there."""
    staff = list(User.objects.filter(memberships__clinic__slug=cast.SLUG).distinct())
    return len([give_second_step(user) for user in staff])


def _give_role(user: User, clinic: Clinic, role: str, by: User, now: dt.datetime) -> None:
    since = (now - YEAR).date()
    if not user.memberships.filter(clinic=clinic, role=role).exists():
        add_by_operator(user=user, clinic=clinic, role=role, starts_on=since, by=by, now=now)


def employ(clinic: Clinic, now: dt.datetime) -> User:
    """Everybody who works there; returns the front desk, who books."""
    manager = _staff(cast.MANAGER.number, cast.MANAGER.email, cast.MANAGER.name, is_staff=True)
    desk = _staff(cast.FRONT_DESK.number, cast.FRONT_DESK.email, cast.FRONT_DESK.name)
    _give_role(manager, clinic, "manager", manager, now)
    _give_role(desk, clinic, "front_desk", manager, now)
    therapies = list(Therapy.objects.all())
    for person in cast.SERVING:
        _employ(person, clinic, therapies, manager, now)
    return desk


def _employ(
    person: cast.DemoPerson, clinic: Clinic, therapies: Iterable[Therapy], manager: User, now: dt.datetime
) -> None:
    if Practitioner.objects.filter(name=person.name, working_hours__clinic=clinic).exists():
        return
    user = None
    if person.number:
        user = _staff(person.number, person.email, person.name, registration_number=person.registration)
    if user:
        _give_role(user, clinic, person.role, manager, now)
    serving = Practitioner.objects.create(
        name=person.name, user=user, gender=person.gender, roles=[person.role], languages=["en", "hi"]
    )
    since = (now - YEAR).date()
    gives = [each for each in therapies if person.role == "vaidya" or each.kind != TherapyKind.CONSULTATION]
    Qualification.objects.bulk_create(
        Qualification(practitioner=serving, therapy=therapy, starts_on=since) for therapy in gives
    )
    spans = [(day, span) for day in cast.WEEK for span in person.hours]
    spans += [(cast.SUNDAY, span) for span in cast.SUNDAYS if person.on_sundays]
    WorkingHours.objects.bulk_create(
        WorkingHours(
            practitioner=serving,
            clinic=clinic,
            weekday=day,
            from_minute=minute(start),
            to_minute=minute(end),
            valid_from=since,
        )
        for day, (start, end) in spans
    )


def welcome(clinic: Clinic, desk: User, now: dt.datetime) -> dict[str, Patient]:
    """The patients by first name; the first one has an account of her own."""
    return {guest.given: _guest(guest, clinic, desk, now) for guest in cast.GUESTS}


def _guest(guest: cast.Guest, clinic: Clinic, desk: User, now: dt.datetime) -> Patient:
    patient = Patient.objects.filter(
        given_name=guest.given, family_name=guest.family, birth_date=guest.born, clinics=clinic
    ).first()
    if patient:
        return patient
    facts = {
        "given_name": guest.given,
        "family_name": guest.family,
        "birth_date": guest.born,
        "gender": guest.gender,
        "accepts_therapist": guest.accepts,
        "email": guest.email,
        "phone": guest.phone,
        "language": guest.language,
        "channel": guest.channel,
        **guest.more,
    }
    if guest.email != cast.OWN_ACCOUNT:
        return register_patient(by=desk, clinic=clinic, now=now, **facts)  # type: ignore[arg-type]
    user = _account(guest.email, name=guest.given, joined_at=now)
    return register_own(user=user, relation="self", now=now, clinic=clinic, **facts)  # type: ignore[arg-type]


def is_there() -> bool:
    """Whether the demo clinic has somebody who can sign in."""
    return User.objects.filter(username=cast.FRONT_DESK.number, memberships__clinic__slug=cast.SLUG).exists()
