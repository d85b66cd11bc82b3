"""What became of the sessions of a prescription: taken, missed, moved, stopped, cancelled, booked, and what is left."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from bookings.facts.orders import OrderProgress
from bookings.models import Booking, Prescription, PrescriptionItem, Status
from clinic.people.models import Patient
from clinic.people.records import RecordsOf

GIVEN = frozenset({Status.IN_PROGRESS, Status.COMPLETED})
AHEAD = frozenset({Status.REQUESTED, Status.BOOKED, Status.CHECKED_IN})


@dataclass(frozen=True)
class LedgerLine:
    """One therapy of the prescription. `left` may still be booked until the prescription's last day."""

    item: PrescriptionItem
    taken: int
    booked: int
    missed: int
    moved: int
    stopped: int
    cancelled: int
    left: int

    @property
    def until(self) -> dt.date:
        return self.item.prescription.valid_until


def course_ledger(prescription: Prescription, orders: Iterable[OrderProgress]) -> list[LedgerLine]:
    """A line for each therapy that is given at a clinic. `orders` are those in force: of others nothing is left."""
    rows = prescription.items.select_related("variant__therapy", "prescription__clinic").order_by("position")
    items = [item for item in rows if item.variant.therapy.is_given_here]
    left = {order.item.pk: order.left for order in orders}
    counts = _counts(items)
    return [
        LedgerLine(
            item,
            taken=sum(counts[item.pk, status] for status in GIVEN),
            booked=sum(counts[item.pk, status] for status in AHEAD),
            missed=counts[item.pk, Status.NO_SHOW],
            moved=counts[item.pk, "moved"],
            stopped=counts[item.pk, Status.STOPPED],
            cancelled=counts[item.pk, Status.CANCELLED],
            left=left.get(item.pk, 0),
        )
        for item in items
    ]


def courses_in_force(patient: Patient, on: dt.date) -> list[Prescription]:
    """The prescriptions that hold on that day, the newest first, with their therapies."""
    rows = Prescription.objects.filter(patient__in=RecordsOf(patient)).in_force(on).order_by("-signed_at")
    return list(rows.prefetch_related("items__variant__therapy"))


def coming_sessions(prescription: Prescription) -> list[Booking]:
    """What is booked of a prescription, in order of time."""
    rows = Booking.objects.filter(item__prescription=prescription, status__in=AHEAD)
    return list(rows.select_related("visit__clinic", "variant__therapy").order_by("starts_at", "position"))


def _counts(items: Iterable[PrescriptionItem]) -> Counter[tuple[int, str]]:
    """By item and status how many bookings; under "moved" those whose visit was moved."""
    rows = Booking.objects.filter(item__in=[item.pk for item in items])
    counts: Counter[tuple[int, str]] = Counter()
    moves = Count("visit__history", filter=Q(visit__history__verb="move"))
    for item, status, moved in rows.annotate(moves=moves).values_list("item", "status", "moves"):
        counts[item, status] += 1
        counts[item, "moved"] += bool(moved)
    return counts
