"""Today's board, and the buttons on it."""

import datetime as dt
import uuid

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bookings.desk import buttons, lookups
from bookings.desk.addresses import asked_date, back
from bookings.desk.reads import reads_page
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import StaffRequest
from clinic.people.permissions import staff_required

from . import picture
from .page import filter_choice, only_with, own_resource, read_day, rooms_of, team_of


@staff_required()
@require_safe
@reads_page(lambda page: [line.patient for line in (*page["day"].lines, *page["day"].gone)])
def day(request: StaffRequest) -> HttpResponse:
    """The visits of one date, as a picture and as a table."""
    now, clinic = timezone.now(), request.clinic
    on = asked_date(request.GET.get("date", ""), clinic.today(now))
    desk, by = buttons.keeps_desk(request.user, clinic, now), request.GET.get("by", "room")
    team = team_of(clinic, on)
    who = filter_choice(request.GET.get("who", ""), team, own=own_resource(request.user), desk=desk)
    shown = only_with(read_day(clinic, on, now=now, desk=desk, by=request.user), who)
    lanes = picture.by_person(shown, team, clinic, now=now) if by == "person" else None
    page = {
        "day": shown,
        "team": team,
        "who": who,
        "by": by,
        "picture": lanes or picture.by_room(shown, rooms_of(clinic), clinic, now=now),
        "desk": desk,
        "today": clinic.today(now),
        "before": on - dt.timedelta(days=1),
        "after": on + dt.timedelta(days=1),
    }
    return TemplateResponse(request, "desk/day.html", page)


@staff_required()
@require_POST
def act_on_visit(request: StaffRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """Check in, did not come, undo."""
    visit = lookups.visit_or_404(request, public_id)
    with refusals_as_messages(request):
        shown = request.POST.get("shown", "")
        buttons.do_to_visit(code, visit, by=request.user, now=timezone.now(), shown=shown)
    return back(request, visit)


@staff_required()
@require_POST
def act_on_booking(request: StaffRequest, public_id: uuid.UUID, position: int, code: str) -> HttpResponse:
    """Start, complete."""
    visit = lookups.visit_or_404(request, public_id)
    booking = lookups.booking_or_404(visit, position)
    with refusals_as_messages(request):
        buttons.do_to_booking(code, booking, by=request.user, now=timezone.now())
    return back(request, visit)
