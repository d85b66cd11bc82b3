"""What staff may do with a visit now. A button is shown when the policy that the action asks has nothing against it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.actions import attendance
from bookings.errors import refuse_if
from bookings.models import Booking, Status, Visit
from bookings.rules import visits as visit_rules
from bookings.rules.left_open import why_not_close_late
from bookings.rules.lengths import why_not_change_length
from bookings.rules.starts import why_not_press
from clinic.people.models import Role, User
from clinic.premises.models import Clinic

DESK = (Role.FRONT_DESK, Role.MANAGER)
"""Who books, moves, cancels and registers. All other staff see the day, and say what happens in it."""
FINDERS = (*DESK, Role.VAIDYA, Role.THERAPIST)
"""Who looks patients of their clinics up; each search is in the audit."""

WhyNot = Callable[[Booking, dt.datetime], str]


@dataclass(frozen=True)
class Act:
    """`asks`: a page with a form comes first; else the button is the whole form. `leads`: the day's next step.

    `moves_all`: it needs every booking of the visit open for it, not only what is still to come.
    """

    code: str
    label: str | Promise
    icon: str
    why_not: WhyNot
    of_visit: bool = True
    asks: bool = False
    desk_only: bool = False
    leads: bool = False
    moves_all: bool = False


@dataclass(frozen=True)
class Button:
    """An act that is open on one booking now. `shown` is the status that it takes back, where it takes one back."""

    act: Act
    url: str
    shown: str = ""


def _why_not_call_off(booking: Booking, now: dt.datetime) -> str:
    """A request is declined, not called off: then the patient reads why no time was given."""
    if not visit_rules.why_not_decline(booking):
        return gettext("This request has already been accepted or declined.")
    return visit_rules.why_not_cancel(booking, now=now, desk=True)


ACTS = (
    Act(
        "accept",
        _("Accept"),
        "check-lg",
        lambda b, now: visit_rules.why_not_accept(b, now=now),
        desk_only=True,
        leads=True,
    ),
    Act(
        "decline",
        _("Decline"),
        "x-circle",
        lambda b, _now: visit_rules.why_not_decline(b),
        asks=True,
        desk_only=True,
    ),
    Act(
        "check_in",
        _("Check in"),
        "box-arrow-in-right",
        lambda b, now: visit_rules.why_not_check_in(b, now=now),
        leads=True,
    ),
    Act(
        "start",
        _("Start"),
        "chevron-right",
        lambda b, _now: why_not_press(b) or visit_rules.why_not_start(b),
        of_visit=False,
        leads=True,
    ),
    Act(
        "complete",
        _("Complete"),
        "check-lg",
        lambda b, _now: why_not_press(b) or visit_rules.why_not_complete(b),
        of_visit=False,
        leads=True,
    ),
    Act(
        "afterwards",
        _("Record what happened"),
        "pencil",
        lambda b, now: why_not_close_late(b, now=now),
        asks=True,
        desk_only=True,
        leads=True,
    ),
    Act("no_show", _("No-show"), "x-circle", lambda b, now: visit_rules.why_not_no_show(b, now=now)),
    Act("undo", _("Undo"), "arrow-left", lambda b, now: visit_rules.why_not_undo(b, now=now)),
    Act(
        "move",
        _("Change time"),
        "clock",
        lambda b, now: visit_rules.why_not_move(b, now=now, desk=True),
        asks=True,
        desk_only=True,
        moves_all=True,
    ),
    Act(
        "length",
        _("Make shorter or longer"),
        "clock",
        lambda b, now: why_not_change_length(b, now=now),
        of_visit=False,
        asks=True,
        desk_only=True,
    ),
    Act(
        "reassign",
        _("Change staff or room"),
        "people",
        lambda b, now: visit_rules.why_not_reassign(b, now=now),
        of_visit=False,
        asks=True,
        desk_only=True,
    ),
    Act(
        "cancel",
        _("Cancel"),
        "calendar-x",
        _why_not_call_off,
        asks=True,
        desk_only=True,
    ),
)


def keeps_desk(user: User, clinic: Clinic, now: dt.datetime) -> bool:
    """Whether this person books, moves and cancels at this clinic."""
    return user.clinics_at(now, *DESK).filter(pk=clinic.pk).exists()


def buttons(visit: Visit, booking: Booking, *, now: dt.datetime, desk: bool) -> list[Button]:
    """The acts that are open on this booking, in order; those of the whole visit only on its first booking."""
    return [
        Button(act, _address(act, visit, booking), _taken_back(visit, now) if act.code == "undo" else "")
        for act in ACTS
        if (desk or not (act.desk_only or _is_restoring(act, booking)))
        and (booking.position == 0 or not act.of_visit)
        and not act.why_not(booking, now)
    ]


def _is_restoring(act: Act, booking: Booking) -> bool:
    """Only the desk takes back a cancellation, and what it wrote down from paper."""
    return act.code == "undo" and (booking.status == Status.CANCELLED or booking.paper)


def buttons_of(visit: Visit, *, now: dt.datetime, desk: bool) -> list[tuple[Booking, list[Button]]]:
    """Each booking of a visit in order, with its open acts."""
    rows = sorted(visit.bookings.all(), key=lambda booking: booking.position)
    return [(booking, buttons(visit, booking, now=now, desk=desk)) for booking in rows]


def _taken_back(visit: Visit, now: dt.datetime) -> str:
    rows = sorted(visit.bookings.all(), key=lambda booking: booking.position)
    return visit_rules.last_to_undo(rows, now=now).status


def _address(act: Act, visit: Visit, booking: Booking) -> str:
    where = [visit.public_id] if act.of_visit else [visit.public_id, booking.position]
    return reverse(f"desk:{act.code}", args=where)


VISIT_VERBS: dict[str, Callable[..., Visit]] = {
    "check_in": attendance.check_in,
    "no_show": attendance.mark_no_show,
    "undo": attendance.undo,
}
BOOKING_VERBS: dict[str, Callable[..., Visit]] = {"start": attendance.start, "complete": attendance.complete}


def do_to_visit(code: str, visit: Visit, *, by: User, now: dt.datetime, shown: str = "") -> Visit:
    """Run the action of a button on a whole visit; `shown` is what an undo was offered to take back."""
    more = {"shown": shown} if code == "undo" else {}
    return VISIT_VERBS[code](visit=visit, by=by, now=now, **more)


def do_to_booking(code: str, booking: Booking, *, by: User, now: dt.datetime) -> Visit:
    """Run the action of a button on one booking. Raises PolicyRefused for a treatment, which has a record."""
    refuse_if(why_not_press(booking))
    return BOOKING_VERBS[code](booking=booking, by=by, now=now)
