"""The visits of a date with all that a list of them shows: two queries, and one object for each row that many share."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Exists, F, Func, OuterRef, QuerySet, Subquery, Sum, TextField
from django.db.models.functions import JSONObject

from bookings.models import Booking, Occupancy, Payment, Suspension, Visit
from clinic.people.records import RecordsOf
from clinic.premises.editions import of_edition
from clinic.premises.models import Clinic, Resource
from therapies.models import Practitioner, Step, Variant

from .lanes import LaneRow


class _Edge(Func):
    """One end of a range, in seconds since 1970."""

    template = "extract(epoch FROM %(function)s(%(expressions)s))::bigint"
    output_field = TextField()


@dataclass(frozen=True)
class Snapshot:
    """The visits of a date by arrival, each stretch that they take somebody for, and whose treatments are paused."""

    visits: list[Visit]
    occupancies: list[Occupancy]
    paused: frozenset[int] = field(default=frozenset())

    @property
    def serving(self) -> set[int]:
        """Who or what serves in them."""
        return {row.resource_id for row in self.occupancies if row.resource_id}

    def with_resources(self, rows: Iterable[LaneRow]) -> "Snapshot":
        """The same, each stretch with its person, room or device as the lanes name them."""
        resources = {row.id: _resource(row) for row in rows if row.id}
        others = self.serving - resources.keys()  # a room that was another clinic's
        resources |= Resource.objects.in_bulk(others) if others else {}
        for occupancy in self.occupancies:
            occupancy.resource = resources[occupancy.resource_id or 0]
        return self


def read_snapshot(clinic: Clinic, on: dt.date, *, edition: str, only: Collection[int] | None = None) -> Snapshot:
    """All visits of this date, or `only` these of them; holds left out. `edition`: of the catalogue."""
    visits = Visit.objects.filter(clinic=clinic).on(on, clinic.zone)
    visits = visits if only is None else visits.filter(pk__in=only)
    rows = list(_with_time(Booking.objects.filter(visit__in=visits.values("pk")).select_related("visit__patient")))
    variants = _variants({row.variant_id for row in rows}, edition)
    of_visit: Mapping[int, list[Booking]] = defaultdict(list)
    shared: dict[int, Visit] = {}
    occupancies: list[Occupancy] = []
    for row in rows:
        row.visit = shared.setdefault(row.visit_id, row.visit)
        row.visit.clinic, row.variant = clinic, variants[row.variant_id]
        served = [_occupancy(row, taken) for taken in row.taken]  # type: ignore[attr-defined]
        occupancies += served
        _prefetched(row, "occupancies", served)
        of_visit[row.visit_id].append(row)
    for visit in shared.values():
        _prefetched(visit, "bookings", of_visit[visit.pk])
    paused = frozenset(row.visit.patient_id or 0 for row in rows if row.is_paused)  # type: ignore[attr-defined]
    return Snapshot(sorted(shared.values(), key=lambda visit: (visit.arrives_at, visit.pk)), occupancies, paused)


def _with_time(rows: QuerySet[Booking]) -> QuerySet[Booking]:
    """With what each booking takes, what was paid for its visit, and whether treatments of its patient are paused."""
    taken = Occupancy.objects.filter(booking=OuterRef("pk"), resource__isnull=False).order_by("during", "pk")
    first, last = _Edge(F("during"), function="lower"), _Edge(F("during"), function="upper")
    each = taken.values(json=JSONObject(pk="pk", resource="resource", part="part", first=first, last=last))
    paused = Suspension.objects.active().filter(patient__in=RecordsOf(OuterRef("visit__patient")))
    paid = Payment.objects.filter(visit=OuterRef("visit")).order_by().values("visit").annotate(sum=Sum("amount"))
    asked = {"taken": ArraySubquery(each), "is_paused": Exists(paused), "paid": Subquery(paid.values("sum"))}
    return rows.annotate(**asked).order_by("visit", "position")


def _variants(numbers: Iterable[int], edition: str) -> dict[int, Variant]:
    """With their therapies and steps, which are kept for their edition."""
    variants = sorted(set(numbers))
    if not variants:
        return {}
    return of_edition(edition, f"day-variants:{hash(tuple(variants))}", lambda: _read_variants(variants))


def _read_variants(numbers: Collection[int]) -> dict[int, Variant]:
    """Their steps as `strip`: code, offset, minutes, whether the patient is there."""
    steps = Step.objects.filter(variant=OuterRef("pk")).order_by("offset", "pk")
    strip = steps.values(json=JSONObject(code="code", at="offset", minutes="minutes", present="patient_present"))
    rows = Variant.objects.filter(pk__in=numbers).select_related("therapy").annotate(strip=ArraySubquery(strip))
    return {row.pk: row for row in rows}


def _occupancy(booking: Booking, taken: Mapping[str, Any]) -> Occupancy:
    begin, end = (dt.datetime.fromtimestamp(int(taken[name]), dt.UTC) for name in ("first", "last"))
    during = DateTimeTZRange(begin, end, "[)")
    return Occupancy(pk=taken["pk"], booking=booking, resource_id=taken["resource"], during=during, part=taken["part"])


def _resource(row: LaneRow) -> Resource:
    resource = Resource(pk=row.id, name=row.name)
    if row.roles is not None:
        person = Practitioner(pk=row.id, name=row.name, roles=row.roles, user_id=row.account)
        person.resource_ptr = resource  # type: ignore[attr-defined]
    return resource


def _prefetched(row: Visit | Booking, name: str, related: list[Any]) -> None:
    """As `prefetch_related` leaves it: `row.<name>.all()` asks nothing."""
    manager = getattr(row, name)
    rows = manager.get_queryset()
    rows._result_cache, rows._prefetch_done = related, True
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows
