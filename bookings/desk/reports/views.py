"""Reports of one clinic over some days, for managers: as a page with charts, and each table as a file."""

import datetime as dt
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.desk.reads import reads_page
from bookings.desk.request import StaffRequest
from bookings.facts.report_period import ReportPeriod
from bookings.facts.report_tables import TABLES, ReportTable, report_tables
from bookings.facts.report_use import UseOfHours, use_of_hours
from clinic.people.models import Role
from clinic.people.permissions import staff_required

from .charts import bar_chart, heat_map, use_table
from .files import csv_of
from .forms import PeriodForm


@staff_required(Role.MANAGER)
@require_safe
@reads_page(lambda page: [patient for table, _chart in page["tables"] for patient in table.patients])
def reports(request: StaffRequest) -> HttpResponse:
    """All tables of the days that were asked for; without any, of this month."""
    now = timezone.now()
    form = _form(request, now)
    period = _period(request, form, now)
    tables, use = report_tables(period, now=now), use_of_hours(period)
    page = {
        "form": form,
        "period": period,
        "tables": [(table, bar_chart(table)) for table in tables],
        "use": _use(use),
        "heat": heat_map(use),
        "use_rows": use,
        "query": urlencode({"first": period.first.isoformat(), "last": period.last.isoformat()}),
    }
    return TemplateResponse(request, "desk/reports/reports.html", page, status=422 if form.errors else 200)


@staff_required(Role.MANAGER)
@require_safe
@reads_page(lambda page: page["table"].patients)
def report_file(request: StaffRequest, code: str) -> HttpResponse:
    """One table as CSV. Cells that look like a formula are guarded."""
    now = timezone.now()
    period = _period(request, _form(request, now), now)
    if code not in (*TABLES, "use"):
        raise Http404
    table = _use(use_of_hours(period)) if code == "use" else TABLES[code](period, now)
    name = f"{code}-{period.first.isoformat()}-{period.last.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    page = {"table": table, "text": csv_of(table)}
    return TemplateResponse(
        request, "desk/reports/table.csv", page, content_type="text/csv; charset=utf-8", headers=headers
    )


def _form(request: StaffRequest, now: dt.datetime) -> PeriodForm:
    """It opens with the month that is shown then."""
    first, last = _this_month(request, now)
    asked = request.GET if {"first", "last"} & request.GET.keys() else None
    return PeriodForm(asked, initial={"first": first, "last": last})


def _period(request: StaffRequest, form: PeriodForm, now: dt.datetime) -> ReportPeriod:
    """As the form says; this month where it says nothing that can be read."""
    if form.is_valid():
        return ReportPeriod(request.clinic, form.cleaned_data["first"], form.cleaned_data["last"])
    return ReportPeriod(request.clinic, *_this_month(request, now))


def _this_month(request: StaffRequest, now: dt.datetime) -> tuple[dt.date, dt.date]:
    """From its first day through today."""
    today = request.clinic.today(now)
    return today.replace(day=1), today


def _use(use: UseOfHours) -> ReportTable:
    columns = (_("Who or what"), _("Hours"), _("Bookings"), _("Hours a day"), _("Kind"))
    return use_table(use, columns, _("Use of people, rooms and equipment"))
