"""Moving a visit, cancelling it, and giving it to somebody else."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from bookings.actions import history, idempotency
from bookings.actions.conditional_writes import save_fields, set_status
from bookings.actions.occupancy import BookingChannel, Placement, give_time, occupy, permitted_cell, space_for
from bookings.actions.occupancy_rows import crew_of, crew_rows, kept_rows, resource_ids
from bookings.actions.online_bookings import why_not_moved
from bookings.actions.transaction import action
from bookings.actions.visits import arrival, check_version, lock_and_read, raise_ics_sequence
from bookings.errors import PolicyRefused, refuse_if
from bookings.facts.patient import patient_facts_of
from bookings.messages.schedule.plan import TELLING, VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import STILL_TO_COME, Booking, CancelledBy, MessageKind, State, Status, Visit
from bookings.rules import visits as visit_rules
from bookings.slots.assignment import Assignment
from bookings.slots.search_space import (
    SearchSpace,
    VisitPart,
    candidates,
    fits_person,
    fits_place,
    places,
    slot_request_of,
)
from clinic.people.models import User
from therapies.models import Practitioner


@action
def move(
    *,
    visit: Visit,
    start: dt.datetime,
    by: User | None,
    now: dt.datetime,
    key: uuid.UUID,
    version: int,
    desk: bool = False,
    practitioner_id: int | None = None,
    same_people: bool = False,
) -> Visit:
    """The whole visit begins at another time; its own time counts as free. The same people serve where they can.

    No `by`: whoever holds the letter about it. `version` is that of the visit's first booking as the page showed it;
    `practitioner_id` a newly wanted person; `same_people`: or else it stays, but for who makes room for that one.
    Raises JustTaken, PolicyRefused, StaleVersion, IdempotencyKeyReused and Busy.
    """
    owner = f"user:{by.pk}" if by else f"visit:{visit.public_id}"
    content = (visit.public_id, start, practitioner_id)
    before = idempotency.answered(key=key, owner=owner, verb="move", content=content, answer=visit.public_id, now=now)
    if before is not None:
        return before
    bookings = lock_and_read(visit, candidates=True)
    check_version(bookings, version)
    refuse_if(_why_not_then(visit, bookings, start, desk=desk, now=now))
    was_served, was_start = crew_rows(bookings), bookings[0].starts_at
    slot_request = slot_request_of(bookings, visit.patient)
    if practitioner_id is not None:
        slot_request = replace(slot_request, practitioner_id=practitioner_id)
    channel = BookingChannel.DESK if desk else BookingChannel.PATIENT
    placement = Placement(slot_request, start, bookings, channel, before=resource_ids(bookings))
    rows = occupy([placement], bookings, now=now)
    if same_people:
        refuse_if(_why_others(was_served, crew_of(rows), wanted=practitioner_id))
    for booking in bookings:
        booking.wanted_practitioner_id = slot_request.practitioner_id
    save_fields(bookings, "starts_at", "ends_at", "wanted_practitioner", "plan")
    raise_ics_sequence(visit, arrival(bookings[0].variant, start, visit.clinic.zone))
    was, became = bookings[0].status, _wait_or_come_again(visit, bookings, now=now)
    event = _event_of_move(visit, start, became)
    times = {"from": was_start.isoformat(), "to": start.isoformat()}
    detail: dict[str, Any] = {"was_served": was_served, "served": crew_of(rows), **times}
    history.write(visit, "move", by=by, now=now, was=was, became=became, **detail)
    plan_messages(visit=visit, event=event, by=by, now=now)
    return visit


def _why_others(before: list[list[Any]], after: list[list[Any]], *, wanted: int | None) -> str:
    """Who would serve no longer, in words; "" where nobody leaves but the one whose place `wanted` takes."""
    had, have = (
        {resource for _booking, resource, part in rows if part.startswith("crew:")} for rows in (before, after)
    )
    if len(had - have) <= (wanted in have - had):
        return ""
    names = Practitioner.objects.filter(pk__in=had - have).order_by("name").values_list("name", flat=True)
    words = _("%(names)s cannot serve then. Choose another time, or put the visit in the lane of somebody else.")
    return words % {"names": ", ".join(names)}


def _wait_or_come_again(visit: Visit, bookings: Sequence[Booking], *, now: dt.datetime) -> str:
    """Who waits here goes on waiting for a later time of this day; for another day they come again."""
    status, on = bookings[0].status, bookings[0].starts_at.astimezone(visit.zone).date()
    if status != Status.CHECKED_IN or on == now.astimezone(visit.zone).date():
        return status
    for booking in bookings:
        booking.arrived_at = None
    set_status(bookings, Status.BOOKED, "arrived_at")
    return Status.BOOKED


def _event_of_move(visit: Visit, start: dt.datetime, became: str) -> VisitEvent:
    """What messages hear of it: of a move that is taken back before its message has left there is nothing to tell.

    A message that is being sent counts as one that has left.
    """
    if became != Status.BOOKED:
        return VisitEvent.MOVED_HERE
    told = visit.messages.filter(kind__in=TELLING, state=State.SENT).aggregate(at=Max("sent_at"))["at"]
    moves = visit.history.filter(verb="move").order_by("at", "pk")
    first = (moves.filter(at__gte=told) if told else moves).first()  # it left the time that the patient knows
    is_back = first is not None and first.detail.get("from") == start.isoformat()
    waiting = visit.messages.filter(kind=MessageKind.MOVED, state=State.DUE).values_list("leased_until", flat=True)
    untold = is_back and set(waiting) == {None}
    return VisitEvent.RESTORED if untold else VisitEvent.MOVED


def _why_not_then(
    visit: Visit, bookings: Sequence[Booking], start: dt.datetime, *, desk: bool, now: dt.datetime
) -> str:
    """Whether it may still move, and the orders cover the new day; the visit's own old time does not count."""
    reasons = [visit_rules.why_not_move(booking, now=now, desk=desk) for booking in bookings]
    if visit.patient is not None and any(booking.item for booking in bookings):
        patient_facts, on = (
            patient_facts_of(visit.patient, now=now, ignoring=visit.pk),
            start.astimezone(visit.zone).date(),
        )
        reasons += [
            visit_rules.why_not_ordered(patient_facts.order_for(row.variant, on), row.variant, on=on)
            for row in bookings
            if row.item
        ]
    if not desk:
        reasons.append(why_not_moved(bookings, visit.patient, start, now=now))
    return next((reason for reason in reasons if reason), "")


@action
def cancel(
    *,
    visit: Visit,
    by: User | None,
    now: dt.datetime,
    ended_by: CancelledBy,
    version: int,
    reason: str = "",
    desk: bool = False,
) -> Visit:
    """The visit gives its time back. `reason` is a code, never free text.

    Raises PolicyRefused, StaleVersion and Busy.
    """
    bookings = lock_and_read(visit)
    check_version(bookings, version)
    going = [booking for booking in bookings if booking.status in STILL_TO_COME]
    for booking in going or bookings[:1]:
        refuse_if(visit_rules.why_not_cancel(booking, now=now, desk=desk))
    was, was_served, was_taken = going[0].status, crew_rows(going), kept_rows(going)
    occupy([], going, now=now)
    for booking in going:
        booking.ended_by, booking.reason, booking.expires_at = ended_by, reason, None
        booking.closed_at = None if was == Status.REQUESTED else now
    set_status(going, Status.CANCELLED, "ended_by", "reason", "expires_at", "closed_at")
    raise_ics_sequence(visit, visit.arrives_at)
    history.write(
        visit,
        "cancel",
        by=by,
        now=now,
        was=was,
        became=Status.CANCELLED,
        ended_by=ended_by,
        reason=reason,
        was_served=was_served,
        was_taken=was_taken,
    )
    event = VisitEvent.CANCELLED_BY_PATIENT if ended_by == CancelledBy.PATIENT else VisitEvent.CANCELLED_BY_CLINIC
    plan_messages(visit=visit, event=event, by=by, now=now)
    return visit


@action
def reassign(
    *, booking: Booking, old_resource_id: int, new_resource_id: int, by: User, now: dt.datetime, version: int
) -> Visit:
    """Somebody or something else serves in the place of `old_resource_id`, at the same time, under the same rules.

    `version` is that of this booking as the page showed it. Its status stays what it is. Raises PolicyRefused,
    StaleVersion, Busy.
    """
    visit = booking.visit
    bookings = lock_and_read(visit, also=[new_resource_id], candidates=True)
    mine = next(row for row in bookings if row.pk == booking.pk)
    check_version([mine], version)
    refuse_if(visit_rules.why_not_reassign(mine, now=now))
    slot_request = replace(slot_request_of(bookings, visit.patient), practitioner_id=None)
    placement = Placement(slot_request, bookings[0].starts_at, bookings, BookingChannel.ANY, keeps_plan=True)
    space = space_for(placement, [placement], bookings, now=now)
    cell, serving = permitted_cell(space, placement), {mine.pk: new_resource_id}
    taken = [
        _swap(space, row, part, cell, old_resource_id, serving.get(row.pk, old_resource_id))
        for row, part in zip(bookings, space.visit_parts, strict=True)
    ]
    give_time(space, placement, taken, bookings, now=now)
    save_fields(bookings)  # nothing of theirs changed but who serves: the version of the whole visit rises
    history.write(
        visit,
        "reassign",
        by=by,
        now=now,
        was=mine.status,
        became=mine.status,
        booking=mine,
        old=old_resource_id,
        new=new_resource_id,
    )
    plan_messages(visit=visit, event=VisitEvent.REASSIGNED, by=by, now=now)
    return visit


def _swap(
    space: SearchSpace, booking: Booking, visit_part: VisitPart, cell: int, old: int, new: int
) -> list[Assignment]:
    """The booking's resources as they are, with `new` in the place of `old`."""
    frame = space.days.window
    rows = [row for row in booking.occupancies.all() if row.resource_id is not None]
    if old != new and not any(row.resource_id == old for row in rows):
        raise PolicyRefused(_("This person or room is not assigned to this visit."))
    taken = []
    for row in rows:
        resource = new if row.resource_id == old else row.resource_id or 0
        if resource != row.resource_id and not may_serve(
            space, visit_part, cell + visit_part.offset, row.part, resource
        ):
            raise PolicyRefused(_("This person or room is not available, or cannot be used for this treatment."))
        first, last = frame.floor(row.during.lower), frame.floor(row.during.upper)
        taken.append(Assignment(resource, row.part, first, last, row.hands_on))
    return taken


def may_serve(space: SearchSpace, visit_part: VisitPart, start: int, part: str, resource: int) -> bool:
    """Whether the rules of the search would let this resource take that part. Nobody takes one that the treatment has
    no longer, since the visit was booked."""
    kind, _colon, name = part.partition(":")
    if kind == "crew":
        crew = next((crew for crew in visit_part.shape.crews if crew.role == name and not crew.on_site), None)
        if crew is None:
            return False
        people = [person for person in candidates(space, visit_part, crew) if person.id == resource]
        return any(fits_person(space, visit_part, crew, person) >> start & 1 for person in people)
    items = space.supply.rooms if kind == "room" else space.supply.equipment
    parts = visit_part.shape.room if kind == "room" else dict(visit_part.shape.equipment).get(name)
    if parts is None:
        return False
    fitting = places(items, visit_part.shape.room_feature if kind == "room" else name)
    return any(item.id == resource and fits_place(space, item, parts) >> start & 1 for item in fitting)
