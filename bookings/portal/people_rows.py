"""Whom an account acts for, and whose treatments are paused: asked by each page of the portal, so compiled once."""

import datetime as dt
import uuid
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery

from bookings.models import Suspension
from bookings.portal import lookups
from clinic.compiled_query import MOMENT, PUBLIC_ID, CompiledQuery, CompiledRows, ids_to_be
from clinic.people.models import Patient, User
from clinic.people.records import RecordsOfAll


def people_acted_for(user: User, now: dt.datetime) -> list[Patient]:
    """As `lookups.people_of`."""
    return _people().rows(ids=[user.pk], now=now)


def patient_acted_for(user: User, public_id: Any, now: dt.datetime) -> Patient | None:
    """Somebody this account acts for; None for another's and for a missing one."""
    return _person().first(ids=[user.pk], public_id=uuid.UUID(str(public_id)), now=now) if public_id else None


def sees_record(user: User, patient: Patient | None, now: dt.datetime) -> bool:
    """Whether this account may see all of this record, and so answer about health."""
    return patient is not None and bool(_in_full().rows(ids=[user.pk, patient.pk], now=now))


def people_of_address(user: User, public_id: uuid.UUID, now: dt.datetime) -> list[Patient]:
    """Whose page an address names, by the patient or a visit; with `works_here` and `first_own`."""
    return _of_address().rows(ids=[user.pk], public_id=public_id, now=now)


def pauses_shown(user: User, now: dt.datetime) -> list[Suspension]:
    """Standing pauses of those whom the account sees in full, the newest first."""
    return _pauses().rows(ids=[user.pk], now=now)


@cache
def _people() -> CompiledRows[Patient]:
    return CompiledRows(lookups.people_of(_asker(), MOMENT))


@cache
def _person() -> CompiledRows[Patient]:
    return CompiledRows(lookups.people_of(_asker(), MOMENT).named(PUBLIC_ID))


@cache
def _in_full() -> CompiledQuery:
    _user, patient = ids_to_be(2)
    return CompiledQuery.of(lookups.people_in_full(_asker(), MOMENT).filter(pk=patient).values_list("pk"))


@cache
def _of_address() -> CompiledRows[Patient]:
    user, people = _asker(), Patient.objects.of(_asker(), MOMENT.date())
    named = people.filter(Q(public_id=PUBLIC_ID) | Q(visits__public_id=PUBLIC_ID))
    first = lookups.first_own_account(OuterRef("pk"), MOMENT).values("user")
    return CompiledRows(named.annotate(works_here=Exists(user.clinics_at(MOMENT)), first_own=Subquery(first)))


@cache
def _pauses() -> CompiledRows[Suspension]:
    people = lookups.people_in_full(_asker(), MOMENT)
    rows = Suspension.objects.active().filter(patient__in=RecordsOfAll(ArraySubquery(people.order_by().values("pk"))))
    return CompiledRows(rows.select_related("patient", "clinic").order_by("-at"))


def _asker() -> User:
    """Stands in for the account."""
    (user,) = ids_to_be(1)
    return User(pk=user)
