"""What follows from a visit of prescribed sessions: what its orders ask for, and the next one after it."""

import datetime as dt
from urllib.parse import urlencode

from django.urls import reverse

from bookings.facts.orders import orders_of
from bookings.facts.patient import PatientFacts, patient_facts_of
from bookings.models import Prescription, PrescriptionItem, Status, Visit
from bookings.rules.session_verdicts import VisitVerdict, visit_verdict
from bookings.slots.bookable_orders import served_last
from clinic.people.models import Patient
from clinic.people.records import RecordsOf

COMING_OR_GIVEN = (Status.BOOKED, Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED)


def items_of_visit(visit: Visit) -> list[int]:
    """The numbers of the orders that its bookings fulfil, in the order of the visit."""
    bookings = sorted(visit.bookings.all(), key=lambda booking: booking.position)
    return [booking.item_id for booking in bookings if booking.item_id is not None]


def patient_facts_for(visit: Visit, patient: Patient, now: dt.datetime) -> PatientFacts | None:
    """What is known of whoever comes, where the held time is of prescribed sessions; None for a consultation."""
    return patient_facts_of(patient, now=now) if items_of_visit(visit) else None


def patient_facts_while_moving(visit: Visit, now: dt.datetime) -> PatientFacts | None:
    """The same for a visit that is moved: its own sessions do not count."""
    if visit.patient is None or not items_of_visit(visit):
        return None
    return patient_facts_of(visit.patient, now=now, ignoring=visit.pk)


def verdict_on_held(visit: Visit, patient_facts: PatientFacts) -> VisitVerdict:
    """What the rules say of the held time, were it booked now."""
    bookings = sorted(visit.bookings.all(), key=lambda booking: booking.position)
    on = bookings[0].starts_at.astimezone(visit.zone).date()
    return visit_verdict([booking.variant for booking in bookings], patient_facts, on=on, zone=visit.zone)


def next_one(visit: Visit, now: dt.datetime) -> str:
    """The address at which the next session of the same therapies, hour and person is chosen; empty when none is left.

    Not while a request waits: the clinic's answer may change it.
    """
    first = min(visit.bookings.all(), key=lambda booking: booking.position)
    numbers = items_of_visit(visit)
    if not numbers or visit.patient is None or first.status not in COMING_OR_GIVEN:
        return ""
    in_force = Prescription.objects.filter(patient__in=RecordsOf(visit.patient)).in_force(visit.clinic.today(now))
    items = list(PrescriptionItem.objects.filter(pk__in=numbers, prescription__in=in_force).select_related("variant"))
    left = [order for order in orders_of(items) if order.left]
    if not left:
        return ""
    apart = max(order.item.days_between for order in left)
    after = max(max(order.days, default=visit.clinic.today(now)) for order in left) + dt.timedelta(days=apart)
    who = first.wanted_practitioner_id or served_last(order.item.pk for order in left).get(left[0].item.pk)
    queries = {
        "item": [order.item.pk for order in left],
        "clinic": visit.clinic.slug,
        "from": max(after, visit.clinic.today(now)).isoformat(),
        "at": f"{first.starts_at.astimezone(visit.zone):%H:%M}",
    } | ({"who": who} if who else {})
    address = reverse("portal:prescribed_times", args=[visit.patient.public_id])
    return f"{address}?{urlencode(queries, doseq=True)}"
