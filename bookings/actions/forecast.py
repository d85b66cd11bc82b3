"""Which visits to come a change would make impossible or different: it is tried, looked at and taken back."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Model, Q

from bookings.actions.transaction import trial
from bookings.models import Booking, Occupancy
from bookings.slots.obstacles import Obstacle, obstacles
from clinic.people.models import Patient
from clinic.premises.models import Clinic, Equipment, Room
from therapies.models import Practitioner, Step, Therapy, Variant

Standing = dict[int, set[Obstacle]]
"""By the number of the visit."""


def _that_take(resource: int, now: dt.datetime) -> Q:
    taken = Occupancy.objects.filter(resource=resource, during__overlap=DateTimeTZRange(now, None))
    return Q(pk__in=taken.values("booking"))


CONCERNED: Mapping[type[Model], Callable[[int, dt.datetime], Q]] = {
    Clinic: lambda pk, _now: Q(visit__clinic=pk),
    Room: _that_take,
    Equipment: _that_take,
    Practitioner: _that_take,
    Therapy: lambda pk, _now: Q(variant__therapy=pk),
    Variant: lambda pk, _now: Q(variant=pk),
    Step: lambda pk, _now: Q(variant__in=Step.objects.filter(pk=pk).values("variant")),
    Patient: lambda pk, _now: Q(visit__patient=pk),
}
"""The bookings that a change of such a row can hit: no other is looked at."""


def newly_affected(
    change: Callable[[], object], *, model: type[Model], pk: int, clinics: Iterable[int], now: dt.datetime
) -> Standing:
    """What would stand against visits at these clinics that does not stand now; `change` says whether it saved."""
    among, at = CONCERNED[model](pk, now), [*clinics]
    with trial():
        after = _standing(at, among, now) if change() else {}
    if not after:
        return {}
    before = _standing(at, among, now)
    new = {visit: listed - before.get(visit, set()) for visit, listed in after.items()}
    return {visit: listed for visit, listed in new.items() if listed}


FITTING = ("accepts_therapist", "birth_date")
"""What a patient may say anew that visits as they are booked can contradict."""


def affected_by_details(
    *, patient: Patient, details: Mapping[str, Any], clinics: Iterable[Clinic] | None, now: dt.datetime
) -> Standing:
    """What these new details of a patient would put in the way of their visits to come, at these clinics or at all."""
    fitting = {name: details[name] for name in FITTING if name in details}
    if not fitting:
        return {}
    rows, coming = Patient.objects.filter(pk=patient.pk), Booking.objects.going_on(now).filter(visit__patient=patient)
    at = [clinic.pk for clinic in clinics] if clinics is not None else coming.values_list("visit__clinic", flat=True)
    return newly_affected(lambda: rows.update(**fitting), model=Patient, pk=patient.pk, clinics={*at}, now=now)


def _standing(clinics: Iterable[int], among: Q, now: dt.datetime) -> Standing:
    rows = Clinic.objects.filter(pk__in=[*clinics])
    return {visit: set(listed) for clinic in rows for visit, listed in obstacles(clinic, now, among=among).items()}
