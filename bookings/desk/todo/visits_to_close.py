"""What nobody closed: visits of earlier days, and consultations without a note."""

import datetime as dt
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan

from bookings.models import Booking, Occupancy
from bookings.rules.left_open import LEFT_OPEN
from clinic.wall import wall_date

from .owners import TaskKind
from .parts import part, today

OF_VISIT = {"patient": F("visit__patient"), "clinic": F("visit__clinic"), "visit": F("visit__public_id")}


def left_open(at: list[int], now: dt.datetime) -> list[QuerySet[Any]]:
    """Visits of an earlier date of the clinic that are still booked, checked in or in progress."""
    open_ = Booking.objects.filter(visit__clinic__in=at, status__in=sorted(LEFT_OPEN), starts_at__lt=Value(now))
    earlier = LessThan(wall_date("visit__timezone", F("ends_at")), today("visit__timezone", now))
    return [part(open_.filter(earlier), TaskKind.LEFT_OPEN, since=F("ends_at"), due=F("ends_at"), **OF_VISIT)]


def without_note(at: list[int], _now: dt.datetime) -> list[QuerySet[Any]]:
    """Consultations that were completed without a signed note: their Vaidya writes it, however long ago it was."""
    vaidya = Occupancy.objects.filter(booking=OuterRef("pk"), part="crew:vaidya").order_by("pk")
    owner = Subquery(vaidya.values("resource__practitioner__user")[:1])
    rows = Booking.objects.filter(visit__clinic__in=at, note_due=True)
    columns = {"patient": F("visit__patient"), "clinic": F("visit__clinic"), "owner": owner}
    return [part(rows, TaskKind.NOTE, since=Coalesce("ended_at", "ends_at"), **columns)]


def from_paper(at: list[int], _now: dt.datetime) -> list[QuerySet[Any]]:
    """Sessions that were given on paper, and lacked something by the rules."""
    lacking = Booking.objects.filter(visit__clinic__in=at, gaps_seen_at=None).exclude(gaps=[])
    owner = F("item__prescription__signed_by")
    return [part(lacking, TaskKind.PAPER, since=F("visit__made_at"), owner=owner, **OF_VISIT)]
