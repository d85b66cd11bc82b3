"""The day on one sheet of paper: as a page to print, and as a file that opens without the server."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.desk.addresses import asked_date
from bookings.desk.day.lanes import PEOPLE
from bookings.desk.reads import reads_page
from bookings.desk.request import StaffRequest
from clinic.people.models import Patient
from clinic.people.permissions import staff_required

from .day_sheet import BY, patients_of, read_day_sheet
from .kept_file import STYLE, file_name, style_of_paper


def patients_on(page: dict[str, Any]) -> list[Patient]:
    """Whom the sheet names."""
    return list(patients_of(page["sheet"]))


@staff_required()
@require_safe
@reads_page(patients_on)
def day_sheet(request: StaffRequest) -> HttpResponse:
    """A date by person or by room, with boxes for what is measured and written by hand."""
    return TemplateResponse(request, "desk/paper/day_sheet.html", _page(request) | {"style": STYLE})


@staff_required()
@require_safe
@reads_page(patients_on)
def day_sheet_file(request: StaffRequest) -> HttpResponse:
    """The same as a file that is kept on the desk's machine and opens without the server."""
    page = _page(request) | {"style_words": style_of_paper()}
    headers = {"Content-Disposition": f'attachment; filename="{file_name(page["sheet"])}"'}
    return TemplateResponse(request, "desk/paper/day_sheet_file.html", page, headers=headers)


def _page(request: StaffRequest) -> dict[str, Any]:
    now, clinic = timezone.now(), request.clinic
    on = asked_date(request, "date", clinic.today(now))
    by = request.GET.get("by", "")
    by = by if by in BY else PEOPLE
    days = {"before": on - dt.timedelta(days=1), "after": on + dt.timedelta(days=1)}
    return {"sheet": read_day_sheet(clinic, on, by, now), "by": by, "now": now, "printed_by": request.user.name} | days
