"""What the page of a visit says and offers about the health questions: due, clear or waiting, and nothing more."""

import datetime as dt
from dataclasses import dataclass

from bookings.desk.buttons import DESK
from bookings.desk.request import StaffRequest
from bookings.facts.record_access import TREATS
from bookings.models import ScreeningState, Visit
from clinic.people.models import Role, User


@dataclass(frozen=True)
class Health:
    """`state` is the strongest of the visit's sessions to come; the rest is what this person may do about it."""

    state: ScreeningState
    may_send: bool
    may_ask: bool
    may_decide: bool

    @property
    def label(self) -> str:
        return str(self.state.label)

    @property
    def badge(self) -> str:
        """The status whose colour it has."""
        return "booked" if self.state == ScreeningState.CLEAR else "due"


def health_of(visit: Visit, request: StaffRequest, now: dt.datetime) -> Health | None:
    """None where no session to come asks for it. Reads the visit's prefetched bookings."""
    coming = [row for row in visit.bookings.all() if row.is_still_to_come(now)]
    states = {ScreeningState(row.screening) for row in coming if row.screening != ScreeningState.NOT_NEEDED}
    order = (ScreeningState.WAITING, ScreeningState.DUE, ScreeningState.CLEAR)
    state = next((state for state in order if state in states), None)
    if state is None:
        return None
    here = visit.clinic.pk
    due = ScreeningState.DUE in states
    return Health(
        state=state,
        may_send=due and _works_as(request.user, now, here, *DESK, *TREATS),
        may_ask=_works_as(request.user, now, here, *TREATS),
        may_decide=_works_as(request.user, now, here, Role.VAIDYA),
    )


def _works_as(user: User, now: dt.datetime, clinic: int, *roles: str) -> bool:
    return user.clinics_at(now, *roles).filter(pk=clinic).exists()
