"""Whether somebody who is being entered is known already: by name and birth, phone and e-mail.

A name counts by its sound, with a slip and in any order; a birth date also with day and month swapped, an age by how
far off it may be. That phone or e-mail are the same is said, and makes nobody a twin: families share them.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from clinic.people import name_terms
from clinic.people.models import Patient, PossibleTwin, User
from clinic.people.models.patient import APPROXIMATE_BY, PatientQuerySet

LOOKED_AT = 500
"""So many records with a key in common are compared."""
A_YEAR = dt.timedelta(days=366)


class Key(TextChoices):
    PERSON = "person", _("Same name, and same date of birth or age")
    PHONE = "phone", _("Same phone number")
    EMAIL = "email", _("Same e-mail address")


@dataclass(frozen=True)
class Twin:
    """Somebody who has keys in common with a person that is being entered."""

    patient: Patient
    keys: tuple[Key, ...]

    @property
    def is_likely(self) -> bool:
        """Whether it may be the same person, rather than one of the family."""
        return Key.PERSON in self.keys


class PossibleTwins(Exception):
    """Nobody was registered: these are looked at first."""

    def __init__(self, twins: Iterable[Twin]) -> None:
        self.twins = list(twins)
        super().__init__(len(self.twins))


def possible_twins(patients: PatientQuerySet, facts: Mapping[str, Any]) -> list[Twin]:
    """Who among these has keys in common with somebody of these facts; the likeliest first."""
    person = Patient(**{name: facts[name] for name in COMPARED if name in facts})
    terms = sorted({term for word in name_terms.words(person.full_name) for term in _terms(word)})
    fitting = Q(search_terms__overlap=terms) & _born_like(person)
    if person.phone:
        fitting |= Q(phone=person.phone)
    if person.email:
        fitting |= Q(email__iexact=person.email)
    rows = patients.filter(fitting).select_related("merged_into").distinct().order_by("pk")[:LOOKED_AT]
    return sorted(_by_person(person, rows), key=lambda twin: (not twin.is_likely, twin.patient.pk))


def wait_for_registrations() -> None:
    """Until the transaction ends nobody else registers anybody: two desks cannot make the same twin."""
    clinics = Patient.clinics.field.related_model._default_manager  # the clinics know of people, not people of clinics
    list(clinics.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def refuse_twins(among: PatientQuerySet, facts: Mapping[str, Any], denied: Collection[uuid.UUID]) -> None:
    """Raises PossibleTwins, but for those whom somebody looked at already and who are somebody else."""
    twins = possible_twins(among, facts)
    if any(twin.patient.public_id not in denied for twin in twins):
        raise PossibleTwins(twins)


def note_twins(patient: Patient, facts: Mapping[str, Any], *, now: dt.datetime) -> None:
    """Where nobody may be asked, as in the portal: the desk finds them on its list of tasks."""
    others = Patient.objects.exclude(pk=patient.pk)
    PossibleTwin.objects.bulk_create(
        (
            PossibleTwin(patient=patient, other=twin.patient, found_at=now)
            for twin in possible_twins(others, facts)
            if twin.is_likely
        ),
        ignore_conflicts=True,
    )


def say_different(*, pair: PossibleTwin, by: User, now: dt.datetime) -> PossibleTwin:
    """Two people, and nobody is asked about them again. Who said it first stays."""
    with transaction.atomic(durable=True):
        current = PossibleTwin.objects.select_for_update().get(pk=pair.pk)
        if current.settled_at is None:
            current.settled_at, current.settled_by = now, by
            current.save(update_fields=["settled_at", "settled_by"])
    return current


COMPARED = ("given_name", "family_name", "birth_date", "birth_is_approximate", "phone", "email")


def _by_person(person: Patient, rows: Iterable[Patient]) -> list[Twin]:
    """Each person once, with the keys of all their records."""
    keys: dict[Patient, set[Key]] = {}
    for row in rows:
        keys.setdefault(row.person, set()).update(_keys(person, row))
    return [Twin(patient, tuple(key for key in Key if key in common)) for patient, common in keys.items() if common]


def _keys(person: Patient, row: Patient) -> tuple[Key, ...]:
    same = {
        Key.PERSON: _same_name(person, row) and _same_birth(person, row),
        Key.PHONE: bool(person.phone) and person.phone == row.phone,
        Key.EMAIL: bool(person.email) and person.email.lower() == row.email.lower(),
    }
    return tuple(key for key, is_same in same.items() if is_same)


def _same_name(one: Patient, other: Patient) -> bool:
    """Each word of the shorter name sounds like one of the other, a slip apart at most, in any order."""
    names, others = ([_terms(word) for word in name_terms.words(person.full_name)] for person in (one, other))
    fewer, more = sorted((names, others), key=len)
    return bool(fewer) and all(any(terms & those for those in more) for terms in fewer)


def _same_birth(one: Patient, other: Patient) -> bool:
    if not one.birth_is_approximate and not other.birth_is_approximate:
        return other.birth_date in (one.birth_date, _swapped(one.birth_date))
    return abs(one.birth_date - other.birth_date) <= _margin(one) + _margin(other)


def _born_like(person: Patient) -> Q:
    """What the database narrows by: whatever `_same_birth` may take for the same is among them."""
    nearest = _margin(person) + _years(APPROXIMATE_BY)
    first, last = _moved(person.birth_date, -nearest), _moved(person.birth_date, nearest)
    near = Q(birth_date__gte=first, birth_date__lte=last)
    if person.birth_is_approximate:
        return near
    return near & Q(birth_is_approximate=True) | Q(birth_date__in=[person.birth_date, _swapped(person.birth_date)])


def _margin(person: Patient) -> dt.timedelta:
    return _years(APPROXIMATE_BY) if person.birth_is_approximate else dt.timedelta()


def _years(number: int) -> dt.timedelta:
    """So many years, and the year within which an age does not change."""
    return (number + 1) * A_YEAR


def _moved(day: dt.date, by: dt.timedelta) -> dt.date:
    return dt.date.fromordinal(max(day.toordinal() + by.days, 1))


def _swapped(day: dt.date) -> dt.date:
    """The day and the month of a date written the other way round, where that is a date."""
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else day


def _terms(word: str) -> frozenset[str]:
    """What stands in the records of those whose name sounds like this word, or is a slip apart."""
    sound = name_terms.sound(word)
    initials = {f"={sound[:1]}"} - {f"={sound}"}  # which the terms of a search fit too
    return frozenset(term for term in name_terms.slip_terms(word) if term[0] in "=~") - initials
