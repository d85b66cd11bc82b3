"""What the frame of every desk page shows, read only when a template asks for it."""

from collections.abc import Callable
from functools import cache
from typing import cast

from django.http import HttpRequest
from django.utils import timezone

from bookings.models import Message
from clinic.people.roles import is_manager

from .acts import keeps_desk
from .asking import StaffRequest
from .sessions.page import TREATS
from .todo.listing import tasks_of


def frame(request: HttpRequest) -> dict[str, object]:
    """Whether this person keeps the desk of the chosen clinic, treats there, or manages one; what is due for them.

    Elsewhere only whether a signed-in person works here, for the way back to the desk.
    """
    asked = cast("StaffRequest", request)
    if not hasattr(request, "clinics"):  # not a page of the staff door
        return {"works_here": lambda: asked.user.clinics_at(timezone.now()).exists()}
    asks: dict[str, Callable[[], object]] = {
        "at_desk": lambda: keeps_desk(asked.user, asked.clinic, timezone.now()),
        "at_admin": lambda: is_manager(asked.user),
        "treats": lambda: asked.user.clinics_at(timezone.now(), *TREATS).filter(pk=asked.clinic.pk).exists(),
        "todo_count": lambda: len(tasks_of(asked.user, timezone.now())),
        "calls_count": lambda: Message.objects.calls(timezone.now()).at(asked.clinics).count(),
    }
    return {name: cache(ask) for name, ask in asks.items()}  # a template may ask in a loop; the database is asked once
