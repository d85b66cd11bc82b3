"""Questions about letters, for the pages of the desk."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from bookings.models import Channel, Message, State
from clinic.premises.models import Clinic

LISTS = {"due": State.DUE, "sent": State.SENT, "failed": State.FAILED, "void": State.VOID}


def letters_of(clinics: Iterable[Clinic], which: str) -> "QuerySet[Message]":
    """Mail of these clinics in one state: what is due earliest first, all else newest first."""
    rows = Message.objects.at(clinics).filter(channel=Channel.EMAIL, state=LISTS[which]).with_visit()  # type: ignore[arg-type]
    return rows.order_by("due_at", "pk") if which == "due" else rows.order_by("-due_at", "-pk")


def failed_account_mail(now: dt.datetime) -> "QuerySet[Message]":
    """Mail about accounts that failed within a month: it belongs to no clinic, so managers see it."""
    since = now - dt.timedelta(days=30)
    rows = Message.objects.filter(clinic=None, channel=Channel.EMAIL, state=State.FAILED, due_at__gt=since)
    return rows.order_by("-due_at", "-pk")[:50]


def letter_at(clinics: Iterable[Clinic], pk: int) -> Message | None:
    """One row of these clinics."""
    return Message.objects.at(clinics).with_visit().filter(pk=pk).first()  # type: ignore[arg-type]
