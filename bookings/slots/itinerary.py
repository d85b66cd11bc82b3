"""How a visit unfolds: its steps by the clock, a crew smaller than the full one, and who must still say yes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.facts.opening_hours import next_opening
from bookings.facts.plans import planned_crew, planned_steps
from bookings.models import Booking, Status, Visit
from bookings.rules import visits as visit_rules
from bookings.rules.session_verdicts import VisitVerdict, request_limit
from therapies.models import PractitionerRole
from therapies.shape import shape

ROLES: dict[str, str] = dict(PractitionerRole.choices)  # type: ignore[arg-type]


@dataclass(frozen=True)
class ItineraryStep:
    """A step of a booking."""

    starts_at: dt.datetime
    minutes: int
    name: str


@dataclass(frozen=True)
class ItineraryPart:
    """One therapy of the visit; `smaller` says in words where fewer people serve than usual."""

    booking: Booking
    steps: tuple[ItineraryStep, ...]
    smaller: tuple[str, ...]

    @property
    def name(self) -> str:
        return str(self.booking.variant)

    def told(self, *, several: bool) -> list[str]:
        """That fewer serve, with the name of the therapy where the visit has several."""
        return [f"{self.name}: {words}" if several else words for words in self.smaller]


@dataclass(frozen=True)
class Itinerary:
    """`decides` is "vaidya" or "clinic" while somebody must say yes, and `until` their limit."""

    parts: tuple[ItineraryPart, ...] = ()
    decides: str = ""
    until: dt.datetime | None = None
    smaller: tuple[str, ...] = field(default=())

    @property
    def has_several(self) -> bool:
        """Whether one therapy follows another."""
        return len(self.parts) > 1

    @property
    def has_steps(self) -> bool:
        """Whether there is more to tell than that it begins and ends."""
        return any(len(part.steps) > 1 for part in self.parts) or self.has_several


def neutral(itinerary: Itinerary) -> Itinerary:
    """Only until when the clinic answers: nothing by which a treatment could be told."""
    return Itinerary(decides="clinic" if itinerary.decides else "", until=itinerary.until)


def itinerary_of(visit: Visit, *, staff: bool = False, verdict: VisitVerdict | None = None) -> Itinerary:
    """Reads the visit's bookings with their occupancies; steps and crews of their variants are fetched at once.

    `verdict` says of a time that is only held who will have to decide once it is asked for; `staff` see every step.
    """
    prefetch_related_objects([visit], "bookings__variant__steps__crews")
    bookings = sorted(visit.bookings.all(), key=lambda booking: booking.position)
    parts = tuple(_part(booking, visit, staff=staff) for booking in bookings)
    smaller = tuple(dict.fromkeys(words for part in parts for words in part.told(several=len(parts) > 1)))
    decides, until = _decision(bookings, verdict)
    return Itinerary(parts, decides, until, smaller)


def _part(booking: Booking, visit: Visit, *, staff: bool) -> ItineraryPart:
    shown = planned_steps(booking, staff=staff)
    minute = dt.timedelta(minutes=1)
    steps = tuple(ItineraryStep(booking.starts_at + step.offset * minute, step.minutes, step.name) for step in shown)
    return ItineraryPart(booking, steps, tuple(_smaller(booking, visit)))


def _smaller(booking: Booking, visit: Visit) -> Iterable[str]:
    """Nothing where the booking no longer holds its time: nobody serves it then."""
    serving = [(row.part, row.resource_id) for row in booking.occupancies.all() if row.part.startswith("crew:")]
    usual = planned_crew(booking, shape(booking.variant, unscheduled=visit.clinic.unscheduled_roles)) if serving else {}
    for role, full in usual.items():
        have = len({person for part, person in serving if part == f"crew:{role}"})
        if 0 < have < full:
            yield _fewer(role, have, full)
    if booking.variant.smaller_crew_of:
        yield _("Fewer therapists than usual will treat you, so it will take longer.")


def _fewer(role: str, have: int, full: int) -> str:
    if role == PractitionerRole.THERAPIST:
        words = ngettext(
            "%(have)s therapist will treat you instead of %(full)s.",
            "%(have)s therapists will treat you instead of %(full)s.",
            have,
        )
        return words % {"have": have, "full": full}
    return _("%(role)s: %(have)s instead of %(full)s.") % {"role": ROLES.get(role, role), "have": have, "full": full}


def _decision(bookings: list[Booking], verdict: VisitVerdict | None) -> tuple[str, dt.datetime | None]:
    """Who must say yes, and until when. A request has its own limit; a held time gets one when it is asked for."""
    if not bookings:
        return "", None
    first = bookings[0]
    if first.status == Status.REQUESTED:
        who = {visit_rules.who_decides(booking.variant.therapy, waits=booking.waits_for_vaidya) for booking in bookings}
        return ("vaidya" if "vaidya" in who else "clinic"), first.expires_at
    if first.status not in (Status.HELD, Status.EXPIRED) or verdict is None:
        return "", None
    return verdict.decided_by, request_limit(verdict, first, opens=next_opening)
