"""The demo clinic and its people."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password

from bookings.demo import cast
from bookings.demo.guests import EVERYBODY, Guest
from bookings.demo.hours import CLOSES, OPENS, DemoDay, demo_day
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


def open_clinic(now: dt.datetime) -> Clinic:
    """The clinic with its rooms; it is open on the day of `now` whatever the weekday, and around its hour."""
    clinic, new = Clinic.objects.get_or_create(
        slug=cast.SLUG,
        defaults={
            "name": "Aarogya Ayurveda, Jaipur (demo)",
            "sender_name": "Aarogya, Jaipur",
            "address": "12 Banyan Lane\nCivil Lines\nJaipur 302006",
            "phone": "+911415550100",
            "email": "hello@aarogya.example",
            "whatsapp": "+919829055501",
            "step_free": "full",
            "languages": ["en", "hi"],
            "reminders": [24 * 60, 2 * 60],  # one is due as soon as the demo is there
            "holidays": "IN-RJ",
        },
    )
    if new:
        OpeningHours.objects.bulk_create(_opening(clinic, demo_day(now, clinic.zone)))
    for name, features in cast.ROOMS.items():
        Room.objects.get_or_create(clinic=clinic, name=name, defaults={"features": features})
    for name, kind in cast.EQUIPMENT.items():
        Equipment.objects.get_or_create(clinic=clinic, name=name, defaults={"kind": kind})
    for code, text in cast.PRICES.items():
        Price.objects.get_or_create(clinic=clinic, therapy=Therapy.objects.get(code=code), defaults={"text": text})
    return clinic


def _opening(clinic: Clinic, today: DemoDay) -> list[OpeningHours]:
    """The weekly hours: on the weekday of the demo's own day also those."""
    everyone = {day: minute_span(span) for day in cast.WEEK for span in cast.OPEN}
    own = [OPENS, CLOSES, *(edge for person in cast.SERVING for span in _spans(person, today) for edge in span)]
    everyone[today.on.weekday()] = (min(own), max(own))
    rows = [(day, span, Use.EVERYONE) for day, span in everyone.items()]
    if cast.SUNDAY not in everyone:
        rows += [(cast.SUNDAY, minute_span(span), Use.RUNNING_COURSES) for span in cast.SUNDAYS]
    return [
        OpeningHours(clinic=clinic, weekday=day, from_minute=start, to_minute=end, use=use)
        for day, (start, end), use in rows
    ]


def minute_span(span: tuple[str, str]) -> tuple[int, int]:
    start, end = span
    return minute(start), minute(end)


def _spans(person: cast.DemoPerson, today: DemoDay) -> list[tuple[int, int]]:
    """This person's hours on the demo's own day."""
    return today.spans(minute_span(span) for span in person.hours)


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
    WorkingHours.objects.bulk_create(_hours(serving, person, clinic, since, demo_day(now, clinic.zone)))


def _hours(
    serving: Practitioner, person: cast.DemoPerson, clinic: Clinic, since: dt.date, today: DemoDay
) -> list[WorkingHours]:
    """The weekly hours, and those of the demo's own day, which hold on that date alone."""
    weekly = [(day, minute_span(span)) for day in cast.WEEK for span in person.hours]
    weekly += [(cast.SUNDAY, minute_span(span)) for span in cast.SUNDAYS if person.on_sundays]
    tomorrow, weekday = today.on + dt.timedelta(days=1), today.on.weekday()
    rows: list[tuple[int, tuple[int, int], dt.date, dt.date | None]]
    rows = [(day, span, since, None) for day, span in weekly if day != weekday]
    rows += [
        (day, span, *held) for day, span in weekly if day == weekday for held in ((since, today.on), (tomorrow, None))
    ]
    rows += [(weekday, span, today.on, tomorrow) for span in _spans(person, today)]
    return [
        WorkingHours(
            practitioner=serving,
            clinic=clinic,
            weekday=day,
            from_minute=start,
            to_minute=end,
            valid_from=first,
            valid_until=last,
        )
        for day, (start, end), first, last in rows
    ]


def welcome(clinic: Clinic, desk: User, now: dt.datetime, guests: Sequence[Guest] = EVERYBODY) -> dict[str, Patient]:
    """The patients by their keys; two of them have accounts of their own."""
    return {guest.key: _guest(guest, clinic, desk, now) for guest in guests}


def _guest(guest: Guest, clinic: Clinic, desk: User, now: dt.datetime) -> Patient:
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
    if not guest.has_account:
        return register_patient(by=desk, clinic=clinic, now=now, **facts)  # type: ignore[arg-type]
    user = _account(guest.email, name=guest.given, joined_at=now)
    return register_own(user=user, relation="self", now=now, clinic=clinic, **facts)  # type: ignore[arg-type]


def is_there() -> bool:
    """Whether the demo clinic has somebody who can sign in."""
    return User.objects.filter(username=cast.FRONT_DESK.number, memberships__clinic__slug=cast.SLUG).exists()
