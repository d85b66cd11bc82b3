"""What several actions ask of a visit."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from bookings.actions import history
from bookings.actions.conditional_writes import set_status, update_once
from bookings.actions.locks import candidate_ids, lock
from bookings.actions.occupancy_rows import resource_ids_of_visit
from bookings.errors import StaleVersion
from bookings.facts.plans import plan_of
from bookings.facts.visits_now import bookings_of, refresh
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Booking, Status, Visit
from bookings.slots.search_space import SlotRequest, visit_parts_of
from clinic.grid import CELL
from clinic.people.models import User
from therapies.models import Variant
from therapies.step_days import steps_on


def lock_and_read(visit: Visit, *, also: Iterable[int] = (), candidates: bool = False) -> list[Booking]:
    """The visit's bookings, read after the locks on its patient and resources; the visit is read again with them.

    `also` are further resources, `candidates` locks everything that could serve it: who gives time takes all locks in
    one go, so that nobody waits for somebody who waits for them.
    """
    resources = resource_ids_of_visit(visit) | frozenset(also)
    if candidates:
        variants = [booking.variant for booking in bookings_of(visit)]
        resources |= candidate_ids(visit.clinic, visit_parts_of(SlotRequest(visit.clinic, tuple(variants))))
    lock(resources=resources, patients=[visit.patient_id] if visit.patient_id else [])
    return read_again(visit)


def lock_booking(booking: Booking) -> Booking:
    """One booking of a visit, read after the locks on the whole visit."""
    return next(row for row in lock_and_read(booking.visit) if row.pk == booking.pk)


def read_again(visit: Visit) -> list[Booking]:
    """The visit as it is on record now, and its bookings: what was read before the locks may have changed."""
    refresh(visit)
    return bookings_of(visit)


def raise_ics_sequence(visit: Visit, arrives_at: dt.datetime) -> None:
    """Time, place or cancellation changed: calendars go by the risen sequence. Raises StaleVersion."""
    same = Visit.objects.filter(pk=visit.pk, sequence=visit.sequence)
    update_once(same, sequence=visit.sequence + 1, arrives_at=arrives_at)
    visit.sequence, visit.arrives_at = visit.sequence + 1, arrives_at


def new_visit(slot_request: SlotRequest, start: dt.datetime, now: dt.datetime) -> Visit:
    """An unsaved visit that begins at `start`, with its calendar identity."""
    public_id = uuid.uuid4()
    return Visit(
        public_id=public_id,
        clinic=slot_request.clinic,
        timezone=slot_request.clinic.timezone,
        arrives_at=_not_past(arrival(slot_request.variants[0], start, slot_request.clinic.zone), start, now),
        ics_uid=f"{public_id}@visits",
        running_course=slot_request.running_course,
        made_at=now,
    )


def arrival(variant: Variant, start: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """When to be there: the therapy's lead (identity, vitals, change of clothes) before what is done with the patient.

    Oil or steam that prepares for the treatment lies before its start. Reads the variant's steps.
    """
    steps = steps_on(variant.steps.all(), start.astimezone(zone).date())
    present = [step.offset for step in steps if step.patient_present]
    return start + dt.timedelta(minutes=min([0, *present]) - variant.therapy.arrival_lead_minutes)


def _not_past(arrives_at: dt.datetime, start: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Who is there already arrives now, at the latest when it starts; what was done on paper keeps its time."""
    return min(max(arrives_at, now), start) if start >= now else arrives_at


def new_bookings(visit: Visit, slot_request: SlotRequest, start: dt.datetime, status: str) -> list[Booking]:
    """Unsaved bookings, one for each variant, one after the other."""
    on = start.astimezone(slot_request.clinic.zone).date()
    return [
        Booking(
            visit=visit,
            variant=variant,
            position=position,
            starts_at=start + visit_part.offset * CELL,
            ends_at=start + (visit_part.offset + visit_part.shape.length) * CELL,
            status=status,
            wanted_practitioner_id=slot_request.practitioner_id,
            therapist_gender=slot_request.gender,
            item=slot_request.items[position] if slot_request.items else None,
            plan=plan_of(variant, visit_part.shape, on=on),
        )
        for position, (variant, visit_part) in enumerate(
            zip(slot_request.variants, visit_parts_of(slot_request, on), strict=True)
        )
    ]


def check_version(bookings: Sequence[Booking], version: int) -> None:
    """The page showed this version of the first of these bookings; raises StaleVersion when it changed since."""
    if bookings[0].version != version:
        raise StaleVersion


def confirm_request(visit: Visit, bookings: Sequence[Booking], *, by: User | None, now: dt.datetime) -> None:
    """What was asked for is booked: its limit goes, and a letter says so."""
    for booking in bookings:
        booking.expires_at = None
    set_status(bookings, Status.BOOKED, "expires_at")
    history.write(visit, "accept", by=by, now=now, was=Status.REQUESTED, became=Status.BOOKED)
    plan_messages(visit=visit, event=VisitEvent.ACCEPTED, by=by, now=now)
