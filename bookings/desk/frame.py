"""What the frame of every desk page shows, read only when a template asks for it."""

from django.http import HttpRequest
from django.utils import timezone

from bookings.models import Message
from clinic.people.roles import is_manager

from .acts import keeps_desk


def frame(request: HttpRequest) -> dict[str, object]:
    """Whether this person keeps the desk of the chosen clinic, or manages one, and how many calls are due."""
    if not hasattr(request, "clinics"):  # not a page of the staff door
        return {}
    return {
        "at_desk": lambda: keeps_desk(request.user, request.clinic, timezone.now()),
        "at_admin": lambda: is_manager(request.user),
        "calls_count": lambda: Message.objects.calls(timezone.now()).at(request.clinics).count(),
    }
