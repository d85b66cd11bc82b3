"""What is used in a session, written at the tablet."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.actions.session_use import note_use
from bookings.desk import lookups
from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required, record_of_visit
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import ClinicalRequest
from bookings.facts.record_access import TREATS
from clinic.people.kept_forms import keeps_writing

from .page import page_of
from .use import STAMPS, UseForm


@keeps_writing
@record_access_required(*TREATS, find=record_of_visit)
@require_POST
@reads(of_record)
def session_use(request: ClinicalRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Keep what is used; a button of its own writes this moment as the time in or out."""
    now, visit = timezone.now(), request.visit
    booking = lookups.booking_or_404(visit, position)
    form = UseForm(request.POST, booking=booking)
    if not form.is_valid():
        page = page_of(visit, booking, by=request.user, now=now) | {"use_form": form}
        return render(request, "desk/sessions/session.html", page, status=422)
    stamp = STAMPS.get(request.POST.get("act", ""))
    facts = form.facts | ({stamp: now} if stamp else {})
    if request.POST.get("act") == "bout" and "bouts" in facts:
        facts["bouts"] = (facts["bouts"] or 0) + 1  # one more than the page showed: a second press adds none
    with refusals_as_messages(request):
        note_use(booking=booking, by=request.user, now=now, **facts)
        messages.success(request, _("Saved."))
    return redirect("desk:session", public_id=public_id, position=position)
