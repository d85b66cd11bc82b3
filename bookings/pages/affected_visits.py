"""Before the details of a patient are saved: the visits to come that would no longer fit them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm

from bookings.actions.forecast import affected_by_details
from bookings.models import Visit
from clinic.clock import date_format
from clinic.people.models import Patient

SEEN = "affected_seen"


@dataclass(frozen=True)
class AffectedFirst:
    """Visits in words, each with what would stand against it; `mark` is sent along by whoever has read them."""

    rows: list[tuple[str, str]]
    mark: str


def affected_first(
    form: BaseForm, patient: Patient, now: dt.datetime, *, clinics: Iterable[Any] | None = None
) -> AffectedFirst | None:
    """What a checked form would put in the way of visits (at these clinics), unless it was sent with this very list."""
    changed = {name: form.cleaned_data[name] for name in form.changed_data if name in form.cleaned_data}
    hit = affected_by_details(patient=patient, details=changed, clinics=clinics, now=now)
    mark = " ".join(sorted(f"{visit}:{each.key}" for visit, listed in hit.items() for each in listed))
    if not hit or form.data.get(SEEN) == mark:
        return None
    visits = Visit.objects.filter(pk__in=hit).select_related("clinic").order_by("arrives_at", "pk")
    return AffectedFirst([(_when(visit), "; ".join(sorted(map(str, hit[visit.pk])))) for visit in visits], mark)


def _when(visit: Visit) -> str:
    return f"{date_format(visit.arrives_at.astimezone(visit.zone), 'D j M Y, H:i')}, {visit.clinic}"
