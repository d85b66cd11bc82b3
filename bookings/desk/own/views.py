"""One's own day and week, for whoever treats."""

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.desk.addresses import asked_date
from bookings.desk.reads import reads_page
from bookings.desk.request import StaffRequest
from bookings.facts.record_access import TREATS
from clinic.people.permissions import staff_required

from . import lookups
from .page import OwnDay, by_date, lines_of_person, own_day_of

NOBODY = OwnDay(None, (), (), ())
DAYS = 7


@staff_required(*TREATS)
@require_safe
@reads_page(lambda page: page["day"].patients)
def own_day(request: StaffRequest) -> HttpResponse:
    """Who comes next, what matters about them, the rest of the day, records that are still to be written."""
    now, clinic = timezone.now(), request.clinic
    today, person = clinic.today(now), lookups.own_practitioner(request.user)
    on = asked_date(request, "date", today)
    day = own_day_of(person, clinic, on=on, by=request.user, now=now) if person else NOBODY
    page = {"day": day, "person": person, "on": on, "today": today, "now": now}
    page |= {"before": on - dt.timedelta(days=1), "after": on + dt.timedelta(days=1)}
    return TemplateResponse(request, "desk/own/day.html", page)


@staff_required(*TREATS)
@require_safe
def own_week(request: StaffRequest) -> HttpResponse:
    """Seven days of one's own: times, treatments and rooms. No patient is named."""
    now, clinic = timezone.now(), request.clinic
    first = asked_date(request, "date", clinic.today(now))
    last = first + dt.timedelta(days=DAYS - 1)
    person = lookups.own_practitioner(request.user)
    lines = lines_of_person(lookups.own_visits(person, clinic, first, last), person) if person else []
    dates = [first + dt.timedelta(days=number) for number in range(DAYS)]
    away = lookups.own_absences_to_come(person, now) if person else []
    page: dict[str, object] = {"week": by_date(lines, dates, clinic), "person": person, "away": away}
    page |= {"earlier": first - dt.timedelta(days=DAYS), "later": first + dt.timedelta(days=DAYS)}
    return render(request, "desk/own/week.html", page)
