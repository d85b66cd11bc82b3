"""What is to be done, for whoever asks."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.desk.asking import StaffRequest
from clinic.people.auditing import record_read
from clinic.people.doors import staff_door

from .listing import sections_of


@staff_door()
@require_safe
def todo(request: StaffRequest) -> HttpResponse:
    """The list of this person at the clinics where they work."""
    now = timezone.now()
    sections = sections_of(request.user, now)
    named = [row.patient for section in sections for row in section.rows]
    record_read(request=request, patients=named, door="desk:todo", clinic=request.clinic, now=now)
    return render(request, "desk/todo/todo.html", {"sections": sections, "now": now})
