"""The week of a clinic, which leads to each day of each person on the board."""

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.desk.addresses import asked_date
from bookings.desk.buttons import DESK
from bookings.desk.request import StaffRequest
from clinic.people.permissions import staff_required

from .week import DAYS, week_of


@staff_required(*DESK)
@require_safe
def week(request: StaffRequest) -> HttpResponse:
    """Seven days from a date on."""
    today = request.clinic.today(timezone.now())
    first = asked_date(request, "date", today)
    dates = [first + dt.timedelta(days=number) for number in range(DAYS)]
    page: dict[str, object] = {"rows": week_of(request.clinic, dates), "dates": dates, "today": today}
    page |= {"earlier": first - dt.timedelta(days=DAYS), "later": first + dt.timedelta(days=DAYS)}
    return render(request, "desk/day/week.html", page)
