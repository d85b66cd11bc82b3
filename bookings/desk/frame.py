"""What the frame of every desk page shows, read only when a template asks for it."""

import datetime as dt
from collections.abc import Callable
from functools import cache, lru_cache
from typing import cast

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone

from bookings.facts.health_answers import has_answered
from bookings.facts.record_access import TREATS
from bookings.models import Message
from clinic.compiled_query import MOMENT, CompiledQuery, ids_to_be
from clinic.people.models import Role
from clinic.people.workplaces import roles_held, works_at_a_clinic

from .alert_strip import shown_alerts
from .body_history import shown_history
from .buttons import DESK, FINDERS
from .request import StaffRequest
from .urgent_notice import has_paused_treatments, shown_urgent


def frame(request: HttpRequest) -> dict[str, object]:
    """Whether this person keeps the desk of the chosen clinic, treats there, or manages one; what is due for them.

    Elsewhere only whether a signed-in person works here, for the way back to the desk.
    """
    staff_request = cast("StaffRequest", request)
    if not hasattr(request, "clinics"):  # not a page of the staff door
        memberships = getattr(request, "works_here", None)  # the portal's door has asked
        return {
            "works_here": lambda: (
                works_at_a_clinic(staff_request.user, timezone.now()) if memberships is None else memberships
            )
        }
    roles = cache(lambda: roles_of(staff_request))
    asks: dict[str, Callable[[], object]] = {
        "at_desk": lambda: not roles()[staff_request.clinic.pk].isdisjoint(DESK),
        "finds": lambda: not roles()[staff_request.clinic.pk].isdisjoint(FINDERS),
        "at_admin": lambda: staff_request.user.is_superuser or any(Role.MANAGER in held for held in roles().values()),
        "sees_staff": lambda: not roles()[staff_request.clinic.pk].isdisjoint((Role.MANAGER, Role.VAIDYA)),
        "keeps_safety": lambda: any({Role.VAIDYA, Role.MANAGER} & held for held in roles().values()),
        "treats": lambda: not roles()[staff_request.clinic.pk].isdisjoint(TREATS),
        "manages_here": lambda: Role.MANAGER in roles()[staff_request.clinic.pk],
        "decides": lambda: Role.VAIDYA in roles()[staff_request.clinic.pk],
        "alerts": lambda: shown_alerts(staff_request, timezone.now()),
        "paused": lambda: has_paused_treatments(staff_request),
        "answered": lambda: hasattr(request, "patient") and has_answered(request.patient),
        "urgent": lambda: shown_urgent(staff_request, timezone.now()),
        "body_history": lambda: shown_history(staff_request, timezone.now()),
        "idle_seconds": lambda: settings.SESSION_IDLE_DEVICE_SECONDS,
        "calls_count": lambda: _calls_count([clinic.pk for clinic in staff_request.clinics], timezone.now()),
    }
    return {name: cache(ask) for name, ask in asks.items()}  # a template may ask in a loop; the database is asked once


def roles_of(request: StaffRequest) -> dict[int, set[str]]:
    """What this person is at each clinic at this moment: read once for the page and its frame."""
    if not hasattr(request, "roles"):
        request.roles = roles_held(request.user, timezone.now())  # type: ignore[attr-defined]
    roles: dict[int, set[str]] = request.roles  # type: ignore[attr-defined]
    return roles


def _calls_count(clinics: list[int], now: dt.datetime) -> int:
    return sum(count for (count,) in _calls(len(clinics)).rows(ids=clinics, now=now))


@lru_cache(maxsize=64)
def _calls(clinics: int) -> CompiledQuery:
    rows = Message.objects.calls(MOMENT).filter(clinic__in=ids_to_be(clinics)).order_by()
    return CompiledQuery.of(rows.values("clinic").annotate(count=Count("pk")).values_list("count"))
