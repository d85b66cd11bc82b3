"""What stands between two records of one person: visits at the same time, and time that somebody holds right now."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from bookings.models import Booking, Occupancy, Status, Visit
from clinic.people.models import Access, Patient


@dataclass(frozen=True)
class Overlap:
    """Two visits, one of each record, that take the person at the same time."""

    of_survivor: Visit
    of_other: Visit

    @property
    def visits(self) -> tuple[Visit, Visit]:
        return self.of_survivor, self.of_other


@dataclass(frozen=True)
class MergeFacts:
    """`overlaps`: those still to come. `is_held`: somebody is just booking for the record that would be merged."""

    overlaps: tuple[Overlap, ...] = ()
    is_held: bool = False


def merge_facts_of(survivor: Patient, merged: Patient, *, now: dt.datetime) -> MergeFacts:
    """What speaks against merging these two now."""
    held = taken_of(merged).filter(booking__status=Status.HELD)
    is_held = held.exclude(booking__in=Booking.objects.lapsed_holds(now)).exists()
    return MergeFacts(tuple(_overlaps(survivor, merged, now)), is_held)


def taken_of(patient: Patient) -> QuerySet[Occupancy]:
    """The own time of this record."""
    return Occupancy.objects.filter(patient=patient)


def overlapping(survivor: Patient, merged: Patient) -> QuerySet[Occupancy]:
    """The times of the merged record at which the other one is taken too."""
    both = taken_of(survivor).filter(during__overlap=OuterRef("during"))
    return taken_of(merged).filter(Exists(both))


def accesses_to_move(survivor: Patient, merged: Patient) -> QuerySet[Access]:
    """Accounts that act for the merged record; who acts for both already keeps what they have."""
    already = Access.objects.filter(patient=survivor, ends_on=None).values("user")
    return Access.objects.filter(patient=merged, ends_on=None).exclude(user__in=already)


def _overlaps(survivor: Patient, merged: Patient, now: dt.datetime) -> list[Overlap]:
    lapsed = Booking.objects.lapsed_holds(now)
    rows = overlapping(survivor, merged).filter(during__endswith__gt=now).exclude(booking__in=lapsed)
    overlaps: dict[tuple[int, int], Overlap] = {}
    for row in rows.select_related("booking__visit__clinic").order_by("during"):
        there = taken_of(survivor).filter(during__overlap=row.during).exclude(booking__in=lapsed)
        for other in there.select_related("booking__visit__clinic").order_by("during"):
            pair = Overlap(other.booking.visit, row.booking.visit)
            overlaps.setdefault((pair.of_survivor.pk, pair.of_other.pk), pair)
    return list(overlaps.values())
