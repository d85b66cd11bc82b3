"""Questions about time: when could this start, and why not. The same answers serve every door."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.facts.taken import Demand
from bookings.rules.limits import BookingLimits
from bookings.rules.visits import why_not_next
from bookings.slots.assignment import assign
from bookings.slots.search_space import (
    GENDERED_ROLES,
    SearchSpace,
    SlotRequest,
    candidates,
    fits_visit_part,
    limits_of,
    read_search_space,
    starting_cell,
    visit_parts_of,
)
from clinic.grid import cells, span, union
from therapies.rota import QUALIFIED_ROLES, LocalDay, calendar
from therapies.shape import Crew
from therapies.step_days import stretches_of_same_steps

__all__ = ["NOBODY_ACCEPTED", "Day", "SlotRequest", "crew_at", "nearest", "rulings", "starts"]

NOBODY_ACCEPTED = gettext_lazy("No therapist of your chosen gender works that day")


@dataclass(frozen=True)
class Day:
    """A date of the clinic, the starts it offers (UTC), and why it has none.

    `sources` are the codes of those that a rule rests on, where a rule is why.
    """

    on: dt.date
    starts: tuple[dt.datetime, ...]
    why: str = ""
    sources: tuple[str, ...] = ()


def needs_matching(space: SearchSpace) -> bool:
    """Whether counting is not enough: roles share people, bookings share resources, or a person is wanted somewhere.

    Also where several of those who watch over patients would be taken at once.
    """
    if len(space.visit_parts) > 1 or space.wanted_seats > 1 or _takes_from_the_watch(space):
        return True
    crews = [crew for crew in space.visit_parts[0].shape.crews if not crew.on_site]
    seen: set[int] = set()
    for crew in crews:
        people = {person.id for person in candidates(space, space.visit_parts[0], crew)}
        if people & seen or len(set(crew.parts[: crew.minimum])) > 1:
            return True
        seen |= people
    return False


def _takes_from_the_watch(space: SearchSpace) -> bool:
    """Whether who serves may decide if everybody is watched: each by themselves is looked at by `fits_person`."""
    made = space.visit_parts[0].shape
    if not made.watch and not space.watch.is_needed:
        return False
    seats = [crew for crew in made.crews if not crew.on_site]
    might = sum(crew.minimum for crew in seats if _might_watch(space, crew))
    return might > (0 if made.watch else 1)


def _might_watch(space: SearchSpace, crew: Crew) -> bool:
    people = candidates(space, space.visit_parts[0], crew)
    return any(person.id in space.watch.people for person in people)


def serves_wanted(space: SearchSpace) -> bool:
    """Whether the wanted person, if one is, may serve in some part of the visit."""
    return space.slot_request.practitioner_id is None or space.wanted_seats > 0


def possible(space: SearchSpace) -> int:
    """The cells at which the whole visit can start, on any five-minute mark."""
    if space.asks_gender or not space.takes_time or not serves_wanted(space):
        return 0
    reaches = [
        (visit_part.offset + visit_part.shape.reach[0], visit_part.offset + visit_part.shape.reach[1])
        for visit_part in space.visit_parts
    ]
    bits = space.days.within_a_day(-min(first for first, _ in reaches), max(last for _, last in reaches))
    for visit_part in space.visit_parts:
        bits &= fits_visit_part(space, visit_part) >> visit_part.offset
    return bits


def allowed(space: SearchSpace, *, desk: bool) -> int:
    """The cells that a door offers: slot marks for everybody, lead time and horizon for patients."""
    clinic, frame = space.slot_request.clinic, space.days.window
    bits = space.days.marks(clinic.slot_minutes)
    if desk:
        earliest = frame.floor(space.now)
        if earliest >= 0:  # a walk-in begins at the next mark; the one before it may have been shown a moment ago
            bits |= span(earliest, frame.ceil(space.now) + 1) & frame.all
        return bits & ~span(0, max(earliest, 0))
    bits &= ~span(0, max(frame.ceil(space.now + dt.timedelta(minutes=clinic.lead_minutes)), 0))
    horizon = clinic.today(space.now) + dt.timedelta(days=clinic.horizon_days)
    return bits & space.days.dates(space.days.days[0].on, horizon + dt.timedelta(days=1))


def starts(
    slot_request: SlotRequest,
    *,
    first: dt.date,
    last: dt.date,
    now: dt.datetime,
    desk: bool = False,
    ignoring: int | None = None,
) -> list[Day]:
    """The free starts of each date from `first` to `last` (both included) and, where there are none, why."""
    return [
        day
        for begins, ends in stretches_of_same_steps(slot_request.variants, first, last)
        for day in _starts(slot_request, begins, ends, now=now, desk=desk, ignoring=ignoring)
    ]


def _starts(
    slot_request: SlotRequest, first: dt.date, last: dt.date, *, now: dt.datetime, desk: bool, ignoring: int | None
) -> list[Day]:
    space = read_search_space(slot_request, first, last, now, ignoring=ignoring)
    can = possible(space)
    bits = can & allowed(space, desk=desk) & ~span(0, max(space.days.window.ceil(now), 0))
    if needs_matching(space):
        bits = union(1 << cell for cell in cells(bits) if assign(space, cell) is not None)
    return [
        Day(day.on, (), closed) if (closed := _why_not_ordered(space, day.on)) else _day(space, day, bits, can)
        for day in space.days.days
    ]


def crew_at(
    slot_request: SlotRequest, *, start: dt.datetime, now: dt.datetime, ignoring: int, before: Collection[int]
) -> list[int]:
    """Who would serve at that start, as a move would choose them: ids in the order of the visit; none where nobody."""
    on = start.astimezone(slot_request.clinic.zone).date()
    space = read_search_space(slot_request, on, on, now, ignoring=ignoring)
    cell = starting_cell(space, start)
    free = cell >= 0 and possible(space) >> cell & 1
    bookings = (assign(space, cell, before=before) if free else None) or []
    return list(dict.fromkeys(row.resource_id for rows in bookings for row in rows if row.part.startswith("crew:")))


def _why_not_ordered(space: SearchSpace, on: dt.date) -> str:
    """Why the orders that this fulfils leave the date out, or ""."""
    orders = {order.item.pk: order for order in space.limits.orders}
    pairs = zip(space.slot_request.items, space.slot_request.variants, strict=True) if orders else ()
    pairs_of_orders = ((orders[item.pk], variant) for item, variant in pairs if item is not None)
    return next((reason for order, variant in pairs_of_orders if (reason := why_not_next(order, variant, on=on))), "")


def _day(space: SearchSpace, day: LocalDay, bits: int, can: int) -> Day:
    frame = space.days.window
    day_bits = bits & span(day.first, day.last)
    days, closed = space.limits.permitted([frame.time(cell) for cell in cells(day_bits)] if day_bits else [])
    if days:
        return Day(day.on, tuple(days))
    if closed:
        return Day(day.on, (), closed.reason, closed.sources)
    return Day(day.on, (), _why_not_offered(space, day, can) or why_none(space, day))


def _why_not_offered(space: SearchSpace, day: LocalDay, can: int) -> str:
    """Whether somebody could serve, and only the lead time or the horizon keeps the times of this date back."""
    if not can & span(day.first, day.last) & ~span(0, max(space.days.window.ceil(space.now), 0)):
        return ""
    if day.on <= space.slot_request.clinic.today(
        space.now + dt.timedelta(minutes=space.slot_request.clinic.lead_minutes)
    ):
        return _("Too late to book this day online; please call us")
    return _("Booking has not opened yet")


def why_none(space: SearchSpace, day: LocalDay) -> str:
    """In words, the first thing that leaves a date without a start."""
    mask = span(day.first, day.last)
    if not space.supply.open & mask:
        return space.supply.reasons.get(day.on) or _("Closed")
    if space.days.window.time(day.last) <= space.now:
        return _("Past")
    if space.asks_gender:
        return _("First choose whether a woman or a man may treat the patient.")
    if not serves_wanted(space):
        return _("The practitioner you chose does not give this treatment")
    if not _works_wanted(space) & mask:
        return _("The practitioner you chose does not work that day")
    return _why_no_crew(space, mask) or _why_no_watch(space, mask) or _why_never(space, mask) or _("Fully booked")


def _why_never(space: SearchSpace, mask: int) -> str:
    """Why nothing would fit on the date although nobody is booked, or ""."""
    if not space.unbooked:  # the same for every day of the search
        space.unbooked.append(possible(replace(space, demand=Demand({}, {}, 0), free={}, fitting={}, unbooked=[])))
    can = space.unbooked[0] & mask
    if not can:
        return _("The staff or rooms for this treatment are not available that day")
    return "" if can & ~span(0, max(space.days.window.ceil(space.now), 0)) else _("There are no more times today")


def _works_wanted(space: SearchSpace) -> int:
    """When the wanted person works; always where nobody is wanted."""
    wanted = space.slot_request.practitioner_id
    return next((person.works for person in space.supply.people if person.id == wanted), -1 if wanted is None else 0)


def _why_no_crew(space: SearchSpace, mask: int) -> str:
    for visit_part in space.visit_parts:
        for crew in visit_part.shape.crews:
            people = candidates(space, visit_part, crew)
            needed = 1 if crew.on_site else crew.minimum
            if crew.role in QUALIFIED_ROLES and not crew.on_site:
                therapy = visit_part.shape.therapy_id
                working = [person for person in people if person.works & person.qualified.get(therapy, 0) & mask]
            else:
                working = [person for person in people if person.works & mask]
            if len(working) < needed and visit_part.shape.same_gender and crew.role in GENDERED_ROLES:
                return str(NOBODY_ACCEPTED)
            if len(working) < needed:
                return _("No practitioner for this treatment works that day")
    return ""


def _why_no_watch(space: SearchSpace, mask: int) -> str:
    """Whether a part needs somebody who watches, and nobody of those roles works that day."""
    if not any(visit_part.shape.watch for visit_part in space.visit_parts):
        return ""
    working = any(person.works & mask for person in space.supply.people if person.id in space.watch.people)
    return "" if working else _("Nobody who could watch over you after the treatment works that day")


def rulings(
    slot_request: SlotRequest, *, start: dt.datetime, now: dt.datetime, ignoring: int | None = None
) -> BookingLimits:
    """The rules that bind a wish around one start: ask for its `refusals`, and for the `notes` of the crew."""
    on = start.astimezone(slot_request.clinic.zone).date()
    return limits_of(
        slot_request,
        visit_parts_of(slot_request, on),
        calendar(slot_request.clinic.zone, on, on),
        now,
        ignoring=[ignoring or 0],
    )


def nearest(
    slot_request: SlotRequest, *, to: dt.datetime, now: dt.datetime, count: int = 3, desk: bool = False, days: int = 7
) -> list[dt.datetime]:
    """The free starts nearest to a moment, in the days around it, earliest first."""
    centre = to.astimezone(slot_request.clinic.zone).date()
    first = max(centre - dt.timedelta(days=2), slot_request.clinic.today(now))
    found = starts(slot_request, first=first, last=max(first, centre) + dt.timedelta(days=days), now=now, desk=desk)
    every = [start for day in found for start in day.starts]
    return sorted(sorted(every, key=lambda start: (abs(start - to), start))[:count])
