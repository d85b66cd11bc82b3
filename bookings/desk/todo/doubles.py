"""Two records that may be one person: somebody at the desk says whether they are."""

import datetime as dt
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from clinic.people.models import Patient, PossibleTwin

from .owners import TaskKind
from .parts import part


def doubles(at: list[int], _now: dt.datetime) -> list[QuerySet[Any]]:
    """Two records that may be one person, where both come to one clinic."""
    theirs = Patient.clinics.through.objects.filter(patient=OuterRef("other"), clinic=OuterRef("patient__clinics"))
    pairs = PossibleTwin.objects.open().filter(Exists(theirs), patient__clinics__in=at)
    columns = {"patient": F("patient"), "clinic": F("patient__clinics")}
    return [part(pairs, TaskKind.TWIN, since=F("found_at"), **columns)]
