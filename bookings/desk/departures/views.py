"""Somebody leaves: what that affects first, then the last day, then each visit."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.actions import departures
from bookings.desk.reads import reads_page
from bookings.desk.request import StaffRequest
from bookings.desk.staff.page import colleague_or_404
from clinic.people.members import CannotEnd, CannotGive
from clinic.people.permissions import manager_required

from .forms import LastDayForm
from .page import leaver_of


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
@reads_page(lambda page: [row.visit.patient for row in page["leaver"].rows])
def leave(request: StaffRequest, pk: int) -> HttpResponse:
    """The visits after the last day and what else is left; the last day is set once they were shown."""
    now, clinic, account = timezone.now(), request.clinic, colleague_or_404(request, pk)
    today = clinic.today(now)
    form = LastDayForm(request.POST or request.GET or {"last_on": today}, today=today)
    last_on = form.cleaned_data["last_on"] if form.is_valid() else today
    if request.method == "POST" and form.saves():
        what = {"last_on": last_on, "closes_account": form.cleaned_data["closes_account"]}
        try:
            departures.leave(account=account, clinic=clinic, by=request.user, now=now, **what)
        except (CannotGive, CannotEnd) as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("The last day of %(name)s is set.") % {"name": account})
            return redirect(f"{reverse('desk:leave', args=[pk])}?last_on={last_on}")
    page = {"form": form, "leaver": leaver_of(account, clinic, last_on, now), "last_on": last_on, "clinic": clinic}
    return TemplateResponse(request, "desk/departures/leave.html", page, status=422 if form.errors else 200)
