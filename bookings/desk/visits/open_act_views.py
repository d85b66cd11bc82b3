"""A page that asks for an act opens only while the act is open: the rule that hides its button says why not."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from bookings.desk import lookups
from bookings.desk.buttons import ACTS, Act
from bookings.desk.request import VisitRequest
from bookings.models import STILL_TO_COME, Booking, Visit

View = Callable[..., HttpResponse]


def while_open(code: str) -> Callable[[View], View]:
    """Marks the page of an act. Opened too late, it leads back to the visit, which says what is in the way.

    What is sent is judged by the action, on the rows as they are then.
    """
    act = next(act for act in ACTS if act.code == code)

    def decorator(view: View) -> View:
        @wraps(view)
        def opened(request: VisitRequest, public_id: uuid.UUID, **where: Any) -> HttpResponse:
            reason = "" if request.method == "POST" else _why_not(act, request.visit, where)
            if reason:
                messages.error(request, reason)
                return redirect("desk:visit", public_id=public_id)
            return view(request, public_id, **where)

        return opened

    return decorator


def _why_not(act: Act, visit: Visit, where: dict[str, Any]) -> str:
    now = timezone.now()
    return next((reason for row in _asked(act, visit, where) if (reason := act.why_not(row, now))), "")


def _asked(act: Act, visit: Visit, where: dict[str, Any]) -> list[Booking]:
    """The bookings that the act would change: one, the whole visit, or what is still to come of it."""
    if not act.of_visit:
        return [lookups.booking_or_404(visit, where["position"])]
    rows = sorted(visit.bookings.all(), key=lambda booking: booking.position)
    if act.moves_all:
        return rows
    return [booking for booking in rows if booking.status in STILL_TO_COME] or rows[:1]
