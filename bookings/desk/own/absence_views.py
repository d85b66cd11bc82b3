"""One's own absence, entered by whoever is away: the desk and the manager find the affected visits as ever."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from bookings.actions import hours_and_absences
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import StaffRequest
from bookings.errors import ActionRefused
from bookings.facts.record_access import TREATS
from clinic.people.permissions import staff_required

from . import lookups
from .forms import OwnAbsenceForm


@staff_required(*TREATS)
@require_http_methods(["GET", "HEAD", "POST"])
def own_absences(request: StaffRequest) -> HttpResponse:
    """What is entered for oneself, and a form for more; how many visits it affects is said at once."""
    now, clinic, person = timezone.now(), request.clinic, lookups.own_practitioner(request.user)
    form = OwnAbsenceForm(request.POST or None, clinic=clinic, on=clinic.today(now))
    if person and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("during", "reason")}
        try:
            away = hours_and_absences.enter_absence(resource=person, by=request.user, now=now, **data)
        except ActionRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            words = ngettext("%(count)s visit is affected.", "%(count)s visits are affected.", len(away.hit))
            messages.success(request, _("The absence has been recorded.") + " " + words % {"count": len(away.hit)})
            return redirect("desk:own_absences")
    rows = lookups.own_absences_to_come(person, now) if person else []
    page = {"form": form, "person": person, "away": [(row, row.by_id == request.user.pk) for row in rows]}
    return render(request, "desk/own/absences.html", page, status=422 if form.errors else 200)


@staff_required(*TREATS)
@require_POST
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Back again, or entered by mistake: only what one entered oneself."""
    absence = lookups.own_absence_or_404(request.user, pk)
    with refusals_as_messages(request):
        hours_and_absences.end_absence(absence=absence, by=request.user, now=timezone.now())
        messages.success(request, _("The absence has been withdrawn."))
    return redirect("desk:own_absences")
