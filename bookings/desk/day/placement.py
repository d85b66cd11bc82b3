"""A visit that is put elsewhere on the board: another time, another person, another room. The actions judge."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms

from bookings.actions import changes
from bookings.desk import visit_row
from bookings.desk.visits.forms import MoveForm
from bookings.models import Booking, Visit
from clinic.fields import WholeField
from clinic.people.models import User

from .board import PARTS
from .lanes import PEOPLE


class PlaceForm(MoveForm):
    """Where the visit was put: the start, and the lane it came from and went to, of this kind of lanes."""

    by = forms.ChoiceField(choices=[(kind, kind) for kind in PARTS])
    old = WholeField(required=False)
    new = WholeField(required=False)


@dataclass(frozen=True)
class NewPlace:
    """A start, and one who serves in the place of another; `old` and `new` are the same where nobody changes."""

    start: dt.datetime
    kind: str
    old: int | None
    new: int | None

    @property
    def swaps(self) -> bool:
        return self.new is not None and self.old is not None and self.new != self.old


def place_of(form: PlaceForm) -> NewPlace:
    """What a valid form asks for."""
    data = form.cleaned_data
    return NewPlace(data["start"], data["by"], data["old"], data["new"])


def put(visit: Visit, place: NewPlace, *, by: User, now: dt.datetime, **arguments: Any) -> Visit:
    """Moves it, or gives it to somebody or something else, or both; a new person is asked for with the new time.

    `arguments`: version and key. Raises what the actions raise; where the time has changed and the room could not, the
    time stays changed.
    """
    first = visit_row.first_of(visit)
    if place.start == first.starts_at:
        return _swap(first, place, version=arguments["version"], by=by, now=now)
    person = place.new if place.swaps and place.kind == PEOPLE else None
    how: dict[str, Any] = {"desk": True, "practitioner_id": person, "same_people": True}
    moved = changes.move(visit=visit, start=place.start, by=by, now=now, **how, **arguments)
    booking = moved.bookings.select_related("visit").get(position=first.position)
    serving = set(booking.occupancies.filter(part__startswith=PARTS[place.kind]).values_list("resource", flat=True))
    if not place.swaps or place.new in serving or len(serving) != 1:
        return moved
    (old,) = serving
    instead = NewPlace(place.start, place.kind, old, place.new)
    return _swap(booking, instead, version=booking.version, by=by, now=now)


def _swap(booking: Booking, place: NewPlace, *, version: int, by: User, now: dt.datetime) -> Visit:
    if not place.swaps:
        return booking.visit
    return changes.reassign(
        booking=booking,
        old_resource_id=place.old or 0,
        new_resource_id=place.new or 0,
        by=by,
        now=now,
        version=version,
    )
