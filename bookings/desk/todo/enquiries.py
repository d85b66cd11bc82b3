"""Questions from the website that nobody has replied to: of nobody on record, since who asks may be anybody."""

import datetime as dt
from typing import Any

from django.db.models import BigIntegerField, F, QuerySet, Value
from django.db.models.functions import Cast

from bookings.models import Enquiry

from .owners import TaskKind
from .parts import part


def enquiries(at: list[int], _now: dt.datetime) -> list[QuerySet[Any]]:
    """Each waits for the front desk of its clinic."""
    columns = {"patient": Cast(Value(None), BigIntegerField()), "clinic": F("clinic"), "visit": F("public_id")}
    return [part(Enquiry.objects.open().filter(clinic__in=at), TaskKind.ENQUIRY, since=F("at"), **columns)]
