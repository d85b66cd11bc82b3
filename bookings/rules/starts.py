"""Who may start and complete a booking, where, and whom its real minutes run into: "" or the reason. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from bookings.facts.real_minutes import InTheWay
from bookings.models import Booking, Status
from clinic.people.models import Role
from therapies.models import Needs

GIVES = frozenset({Role.VAIDYA, Role.THERAPIST, Role.NURSE, Role.ATTENDANT})
"""Who gives treatments."""
DESK = frozenset({Role.FRONT_DESK, Role.MANAGER})


def why_not_give(booking: Booking, *, crew: Mapping[int, str], by: int, roles: Collection[str]) -> str:
    """Whether this account may begin or complete a treatment: those booked for it, whoever the desk put in their
    place, a Vaidya. Consultations are sent in and closed by whoever is there: their note is the Vaidya's.

    `crew`: the accounts that serve it, with their names. Where nobody who serves it has one, whoever treats there may.
    `roles`: what this account is at the clinic.
    """
    if booking.variant.therapy.needs == Needs.NOTHING or Role.VAIDYA in roles or by in crew:
        return ""
    if not crew:
        only = _("Only those who treat patients can start or complete a treatment.")
        return "" if GIVES.intersection(roles) else only
    words = _("This session is booked for %(names)s. Only they or a Vaidya can start or complete it.")
    hint = _("If somebody else gives it, the front desk changes the staff first: “Change staff or room” at the visit.")
    return f"{words % {'names': ', '.join(crew.values())}} {hint}"


def why_not_undo_by(booking: Booking, *, crew: Mapping[int, str], by: int, roles: Collection[str]) -> str:
    """Whether this account takes back what was done: the desk what it cancelled, who gives a treatment its end."""
    if booking.status == Status.CANCELLED and not DESK.intersection(roles):
        return _("Only the front desk can restore a cancelled visit.")
    if booking.paper:
        return "" if DESK.intersection(roles) else _("Only the front desk can take back what was recorded from paper.")
    return why_not_give(booking, crew=crew, by=by, roles=roles) if booking.status == Status.COMPLETED else ""


def why_not_press(booking: Booking) -> str:
    """Whether a button of the board or the visit may start or complete it: a treatment only through its record, where
    whoever gives it checks two identifiers."""
    if booking.variant.therapy.needs == Needs.NOTHING:
        return ""
    return _("A treatment is started and completed in its session record, where the patient's identity is checked.")


def why_not_begin_now(hits: Sequence[InTheWay], *, despite: bool) -> str:
    """Whether room, people and equipment are free for the real minutes of a session that begins now.

    A session that goes on there is ended first; one that is only planned is run into by whoever says so (`despite`).
    """
    going_on = [hit for hit in hits if hit.is_going_on]
    if going_on:
        words = _("%(names)s: still in use. First complete that session, or change the staff or room of this one.")
        return words % {"names": hits_in_words(going_on)}
    if hits and not despite:
        words = _("Started now, this session runs into: %(names)s. Confirm that you start it all the same.")
        return words % {"names": hits_in_words(hits)}
    return ""


def hits_in_words(hits: Iterable[InTheWay]) -> str:
    """Each as "Room 3 (Fatima Khan)"."""
    return ", ".join(f"{hit.resource} ({hit.patient})" if hit.patient else hit.resource for hit in hits)
