"""Queries for the message pages of the desk."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from bookings.models import Channel, Message, State
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic

LISTS = {"due": State.DUE, "sent": State.SENT, "failed": State.FAILED, "void": State.VOID}


def mail_in_state(clinics: Iterable[Clinic], which: str) -> "QuerySet[Message]":
    """E-mails of these clinics in one state: due ones earliest first, all others newest first."""
    rows = Message.objects.at(clinics).filter(channel=Channel.EMAIL, state=LISTS[which]).with_visit()  # type: ignore[arg-type]
    if which == "failed":  # what was sent again stands there by itself
        rows = rows.filter(resends=None)
    return rows.order_by("due_at", "pk") if which == "due" else rows.order_by("-due_at", "-pk")


def failed_account_mail(clinics: Iterable[Clinic], now: dt.datetime) -> "QuerySet[Message]":
    """E-mails about accounts that failed within a month, matched to these clinics by the recipient's address."""
    since = now - dt.timedelta(days=30)
    rows = Message.objects.filter(clinic=None, channel=Channel.EMAIL, state=State.FAILED, due_at__gt=since)
    here = rows.alias(address=Lower("recipient")).filter(address__in=addresses_of(clinics))
    return here.order_by("-due_at", "-pk")[:50]


def addresses_of(clinics: Iterable[Clinic]) -> "QuerySet[Any]":
    """The addresses, in lower case, of these clinics' staff, patients, and accounts that act for patients."""
    patients = Patient.objects.filter(clinics__in=clinics)
    people = User.objects.filter(Q(memberships__clinic__in=clinics) | Q(accesses__patient__in=patients))
    return _addresses(patients).union(_addresses(people))


def addresses_of_others(clinics: Iterable[Clinic]) -> set[str]:
    """The addresses of people of our other clinics who have nothing to do with these."""
    others = Clinic.objects.exclude(pk__in=[clinic.pk for clinic in clinics])
    theirs, own = ({address for (address,) in addresses_of(group)} for group in (others, clinics))
    return theirs - own


def _addresses(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    return rows.exclude(email="").order_by().values_list(Lower("email"))


def message_at(clinics: Iterable[Clinic], pk: int) -> Message | None:
    """One message of these clinics."""
    return Message.objects.at(clinics).with_visit().filter(pk=pk).first()  # type: ignore[arg-type]
