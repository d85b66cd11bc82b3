"""Today's board, and the buttons on it."""

import datetime as dt
import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinic.people.auditing import record_read
from clinic.people.doors import staff_door

from . import acts, finding, picture
from .addresses import asked_date, back
from .asking import StaffRequest
from .day import filter_choice, only_with, own_resource, read_day, rooms_of, team_of
from .telling import refusals_told


@staff_door()
@require_safe
def day(request: StaffRequest) -> HttpResponse:
    """The visits of one date, as a picture and as a table."""
    now, clinic = timezone.now(), request.clinic
    on = asked_date(request.GET.get("date", ""), clinic.today(now))
    desk, by = acts.keeps_desk(request.user, clinic, now), request.GET.get("by", "room")
    team = team_of(clinic, on)
    who = filter_choice(request.GET.get("who", ""), team, own=own_resource(request.user), desk=desk)
    shown = only_with(read_day(clinic, on, now=now, desk=desk), who)
    named = [line.patient for line in (*shown.lines, *shown.gone)]
    record_read(request=request, patients=named, door="desk:day", clinic=clinic, now=now)
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
    return render(request, "desk/day.html", page)


@staff_door()
@require_POST
def act_on_visit(request: StaffRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """Check in, did not come, undo."""
    visit = finding.visit_or_404(request, public_id)
    with refusals_told(request):
        shown = request.POST.get("shown", "")
        acts.do_to_visit(code, visit, by=request.user, now=timezone.now(), shown=shown)
    return back(request, visit)


@staff_door()
@require_POST
def act_on_booking(request: StaffRequest, public_id: uuid.UUID, position: int, code: str) -> HttpResponse:
    """Start, complete."""
    visit = finding.visit_or_404(request, public_id)
    booking = finding.booking_or_404(visit, position)
    with refusals_told(request):
        acts.do_to_booking(code, booking, by=request.user, now=timezone.now())
    return back(request, visit)
