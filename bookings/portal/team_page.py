"""Who treats at the clinics, as anybody may read it: training, registration, languages, what they give."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import get_language_info

from therapies.models import Practitioner, PractitionerRole, Qualification, TherapyKind

SHOWN = (PractitionerRole.VAIDYA, PractitionerRole.THERAPIST)
"""Whom patients choose; attendants and nurses help."""


@dataclass(frozen=True)
class Member:
    """One person. `consults`: whether patients choose them for a consultation."""

    pk: int
    name: str
    role: str
    training: str
    registration: str
    languages: str
    clinics: tuple[tuple[str, str], ...]
    """The short name in addresses and the name of each."""
    therapies: tuple[tuple[str, str], ...]
    """The code and the name of each."""
    consults: bool


def people_treating(on: dt.date) -> list[tuple[str, list[Member]]]:
    """The Vaidyas first, then the therapists, each by name."""
    given = Qualification.objects.in_force(on, on).filter(therapy__is_active=True).select_related("therapy")
    rows = (
        Practitioner.objects.in_service(on)
        .filter(working_hours__clinic__is_active=True)
        .distinct()
        .select_related("user")
        .prefetch_related(Prefetch("qualifications", given.order_by("therapy__position")), "working_hours__clinic")
        .order_by("name", "pk")
    )
    people = list(rows)
    groups = [(role, [_member(row, role) for row in people if _shown_as(row) == role]) for role in SHOWN]
    return [(str(role.label), members) for role, members in groups if members]


def _shown_as(row: Practitioner) -> str:
    return next((role for role in SHOWN if role in row.roles), "")


def _member(row: Practitioner, role: PractitionerRole) -> Member:
    clinics = {each.clinic.slug: each.clinic.name for each in row.working_hours.all() if each.clinic.is_active}
    therapies = {each.therapy.code: each.therapy for each in row.qualifications.all()}
    return Member(
        pk=row.pk,
        name=row.name,
        role=str(role.label),
        training=row.training,
        registration=row.user.registration_number if row.user else "",
        languages=_languages(row.languages),
        clinics=tuple(sorted(clinics.items())),
        therapies=tuple((code, therapy.local_name) for code, therapy in therapies.items()),
        consults=any(therapy.kind == TherapyKind.CONSULTATION for therapy in therapies.values()),
    )


def _languages(codes: Iterable[str]) -> str:
    return ", ".join(str(get_language_info(code)["name_translated"]) for code in codes)
