"""What was done on paper while the computers were down is written down afterwards."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from bookings.actions import history
from bookings.actions.conditional_writes import save_fields
from bookings.actions.occupancy import BookingChannel, Placement, give_time, lock_time, permitted_cell, space_for
from bookings.actions.occupancy_rows import crew_rows
from bookings.actions.transaction import action
from bookings.actions.visits import lock_booking, new_bookings, new_visit
from bookings.errors import PolicyRefused, refuse_if
from bookings.facts.patient import facts_for_variants
from bookings.models import Booking, Status, Visit
from bookings.rules.paper import gaps_in, why_not_review_gaps
from bookings.slots.assignment import Assignment
from bookings.slots.search_space import SearchSpace, SlotRequest, VisitPart
from clinic.people.models import Patient, User
from therapies.shape import Parts


@action
def record_past(
    *,
    slot_request: SlotRequest,
    patient: Patient,
    start: dt.datetime,
    resource_ids: Sequence[int],
    by: User,
    now: dt.datetime,
) -> Visit:
    """A visit that was run on paper: completed, with the people, room and equipment that served. No letters are sent.

    What it lacked by the rules is kept with it, for a Vaidya to review; nothing of that refuses it.

    `resource_ids` may be fewer than the plan asks for; each takes the parts its kind serves. Raises PolicyRefused for a
    start
    that is still to come or off the five-minute marks, JustTaken when it overlaps what is on record.
    """
    slot_request = replace(slot_request, patient_id=patient.pk)
    if start > now:
        raise PolicyRefused(_("You can only record visits that have already started."))
    visit = new_visit(slot_request, start, now)
    visit.patient = patient
    visit.save()
    bookings = new_bookings(visit, slot_request, start, Status.COMPLETED)
    patient_facts = facts_for_variants(slot_request.variants, patient, now=start)
    on = start.astimezone(visit.zone).date()
    for booking in bookings:
        booking.paper = True
        booking.arrived_at = booking.started_at = booking.starts_at
        booking.ended_at = booking.ends_at
        booking.gaps = gaps_in(booking, patient_facts, on=on, zone=visit.zone)
    Booking.objects.bulk_create(bookings)

    placement = Placement(slot_request, start, bookings, BookingChannel.ANY, before=frozenset(resource_ids))
    lock_time([placement], [])
    space = space_for(placement, [placement], [], now=now)
    cell = permitted_cell(space, placement)
    taken = [_written(space, part, cell + part.offset, list(resource_ids)) for part in space.visit_parts]
    give_time(space, placement, taken, [], now=now)
    patient.clinics.add(slot_request.clinic)
    history.write(visit, "record_past", by=by, now=now, became=Status.COMPLETED, served=crew_rows(bookings))
    return visit


@action
def review_gaps(*, booking: Booking, by: User, now: dt.datetime) -> Booking:
    """A Vaidya has looked at what a session from paper lacked. Raises PolicyRefused."""
    row = lock_booking(booking)
    refuse_if(why_not_review_gaps(row))
    row.gaps_seen_by, row.gaps_seen_at = by, now
    save_fields([row], "gaps_seen_by", "gaps_seen_at")
    history.write(row.visit, "review_gaps", by=by, now=now, was=row.status, became=row.status, booking=row)
    return row


def _written(space: SearchSpace, visit_part: VisitPart, start: int, resources: list[int]) -> list[Assignment]:
    """Each named resource in the parts that its kind serves; those that serve none are left out."""
    roles = [(crew.role, rank) for crew in visit_part.shape.crews if not crew.on_site for rank in range(crew.full)]
    parts = {(crew.role, rank): crew.parts[rank] for crew in visit_part.shape.crews for rank in range(len(crew.parts))}
    people = {person.id: person.roles for person in space.supply.people}
    rooms = {room.id for room in space.supply.rooms}
    kinds = {piece.id: piece.provides for piece in space.supply.equipment}
    taken: list[Assignment] = []
    for resource in resources:
        if resource in rooms:
            taken.extend(_stretches(resource, "room", visit_part.shape.room, start))
        for kind, stretches in visit_part.shape.equipment:
            if kind in kinds.get(resource, ()):
                taken.extend(_stretches(resource, f"equipment:{kind}", stretches, start))
        place = next((place for place in roles if place[0] in people.get(resource, ())), None)
        if place is not None:
            roles.remove(place)
            taken.extend(_stretches(resource, f"crew:{place[0]}", parts[place], start))
    return taken


def _stretches(resource: int, part: str, parts: Parts, start: int) -> list[Assignment]:
    return [Assignment(resource, part, start + offset, start + offset + length) for offset, length in parts]
