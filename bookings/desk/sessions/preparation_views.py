"""The preparation sheet of a day, as a page and for paper: for whoever treats at the clinic."""

import datetime as dt

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.desk.addresses import asked_date
from bookings.desk.reads import reads_page
from bookings.desk.request import StaffRequest
from bookings.facts.record_access import TREATS
from clinic.people.permissions import staff_required

from .preparation_sheet import preparation_lines, sessions_of_day, totals_of


@staff_required(*TREATS)
@require_safe
@reads_page(lambda page: [line.patient for line in page["lines"]])
def preparation(request: StaffRequest) -> HttpResponse:
    """Materials, amounts and until when they are warm, session by session."""
    now, clinic = timezone.now(), request.clinic
    on = asked_date(request, "date", clinic.today(now))
    lines = preparation_lines(sessions_of_day(clinic, on))
    page = {"clinic": clinic, "on": on, "lines": lines, "totals": totals_of(lines), "now": now}
    page |= {"before": on - dt.timedelta(days=1), "after": on + dt.timedelta(days=1)}
    return TemplateResponse(request, "desk/sessions/preparation.html", page)
