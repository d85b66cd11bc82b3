"""Opening a clinic from its file: everything in one act, or nothing."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from clinic.people.members import CannotGive, add_by_operator
from clinic.people.models import Role, User
from clinic.people.password_links import password_link
from clinic.premises.models import Clinic, Equipment, OpeningHours, Room
from therapies.models import Practitioner, Qualification, Therapy, WorkingHours

from .clinic_file import ClinicFile, FileUnclear, PersonEntry, weekly_rows


@dataclass(frozen=True)
class NewAccount:
    """An account of the new clinic; `link` is where its owner chooses a password, empty where there is one."""

    user: User
    roles: tuple[str, ...]
    link: str


@dataclass(frozen=True)
class OpenedClinic:
    clinic: Clinic
    colleagues: list[NewAccount]


def open_clinic_from(clinic_file: ClinicFile, *, now: dt.datetime) -> OpenedClinic:
    """Write the clinic, its rooms, hours and people. Raises FileUnclear with the first row that cannot be kept."""
    with transaction.atomic(durable=True):
        clinic = _house(clinic_file)
        _places(clinic_file, clinic)
        colleagues = [_colleague(entry, clinic, now) for entry in clinic_file.people]
    return OpenedClinic(clinic, colleagues)


def _house(clinic_file: ClinicFile) -> Clinic:
    entry = clinic_file.clinic
    clinic = Clinic(
        slug=entry.slug,
        name=entry.name,
        sender_name=entry.sender,
        address=entry.address.strip(),
        phone=entry.phone,
        email=entry.email,
        timezone=entry.timezone,
        languages=entry.languages,
        holidays=entry.holidays,
    )
    _keep("clinic", clinic)
    for weekday, start, end in weekly_rows(clinic_file.open):
        _keep("open", OpeningHours(clinic=clinic, weekday=weekday, from_minute=start, to_minute=end))
    return clinic


def _places(clinic_file: ClinicFile, clinic: Clinic) -> None:
    for room in clinic_file.rooms:
        _keep(f"room {room.name}", Room(clinic=clinic, name=room.name, features=room.features))
    for piece in clinic_file.equipment:
        _keep(f"equipment {piece.name}", Equipment(clinic=clinic, name=piece.name, kind=piece.kind))


def _colleague(entry: PersonEntry, clinic: Clinic, now: dt.datetime) -> NewAccount:
    user = User.objects.by_sign_in(entry.email or entry.staff_number) or _account(entry)
    if entry.registration_number:
        user.registration_number = entry.registration_number
    if Role.MANAGER in entry.roles:
        user.is_staff = True
    user.save(update_fields=["registration_number", "is_staff"])
    try:
        for role in entry.roles:
            add_by_operator(user=user, clinic=clinic, role=role, starts_on=clinic.today(now), now=now)
    except CannotGive as refusal:
        raise FileUnclear([f"{entry.name}: {refusal.reason}"]) from refusal
    if entry.serving_roles:
        _serve(entry, user, clinic, clinic.today(now))
    link = "" if user.has_usable_password() else password_link(user)
    return NewAccount(user, tuple(str(role.label) for role in entry.roles), link)


def _account(entry: PersonEntry) -> User:
    number = {"username": entry.staff_number} if entry.staff_number else {}
    user = User(email=entry.email.lower(), name=entry.name, **number)
    user.set_unusable_password()
    _keep(entry.name, user)
    return user


def _serve(entry: PersonEntry, user: User, clinic: Clinic, today: dt.date) -> None:
    """Gender, hours and what the person may give, from today."""
    if Practitioner.objects.filter(user=user).exists():
        raise FileUnclear([f"{entry.name}: treats at another clinic already; add the hours here in the admin"])
    serving = Practitioner(
        name=entry.name,
        user=user,
        home=clinic,
        gender=entry.gender or "",
        roles=entry.serving_roles,
        languages=entry.languages,
    )
    _keep(entry.name, serving)
    for therapy in _therapies(entry):
        _keep(entry.name, Qualification(practitioner=serving, therapy=therapy, starts_on=today))
    for weekday, start, end in weekly_rows(entry.hours):
        hours = {"weekday": weekday, "from_minute": start, "to_minute": end, "valid_from": today}
        _keep(entry.name, WorkingHours(practitioner=serving, clinic=clinic, **hours))


def _therapies(entry: PersonEntry) -> list[Therapy]:
    """Those that the file names; of "all", consultations only for a Vaidya. Raises FileUnclear."""
    if entry.gives == "all":
        gives = Therapy.objects.offered()
        return list(gives if Role.VAIDYA in entry.roles else gives.exclude(kind="consultation"))
    rows = {row.code: row for row in Therapy.objects.filter(code__in=entry.gives)}
    if unknown := [code for code in entry.gives if code not in rows]:
        raise FileUnclear([f"{entry.name}: the catalogue has no therapy {', '.join(unknown)}"])
    return list(rows.values())


def _keep(place: str, row: models.Model) -> None:
    """Check the row as a form would, and save it. Raises FileUnclear."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise FileUnclear([f"{place}: {_words(name, error)}" for name in error.message_dict]) from None
    row.save(force_insert=True)


def _words(name: str, error: ValidationError) -> str:
    words: Any = " ".join(error.message_dict[name])
    return words if name == "__all__" else f"{name}: {words}"
