"""Telling a queue that it runs late."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from bookings.actions.running_late import tell_running_late
from bookings.desk.buttons import DESK
from bookings.desk.refusals import refusals_as_messages
from clinic.people.permissions import staff_required

from .late import RunningLateForm, queue_named
from .page import AskedDay
from .views import DayRequest


@staff_required(*DESK)
@require_POST
def tell_late(request: DayRequest) -> HttpResponse:
    """To those who wait and those to come today, by e-mail or by the list of calls."""
    now, form = timezone.now(), RunningLateForm(request.POST)
    asked = AskedDay(request, now)
    session = (
        queue_named(asked.sessions(), form.cleaned_data["lane"], form.cleaned_data["begins"])
        if form.is_valid()
        else None
    )
    if session is None or not session.hears:
        messages.error(request, _("Nobody waits or is still to come in this session."))
        return redirect("desk:queue")
    with refusals_as_messages(request):
        minutes = form.cleaned_data["minutes"]
        patients = tell_running_late(visits=session.hears, minutes=minutes, by=request.user, now=now)
        words = ngettext(
            "%(count)d patient is told. Who has no e-mail is on the list of calls.",
            "%(count)d patients are told. Who has no e-mail is on the list of calls.",
            len(patients),
        )
        messages.success(request, words % {"count": len(patients)})
    return redirect("desk:queue")
