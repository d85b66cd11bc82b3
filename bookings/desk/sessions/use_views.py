"""What is used in a session, written at the tablet."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
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

from .page import SessionStage, stage_of
from .record_page import again
from .session_entry import early_record, whole_record
from .use import UseForm, used_now


@keeps_writing
@record_access_required(*TREATS, find=record_of_visit)
@require_POST
@reads(of_record)
def session_use(request: ClinicalRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Keep what is used; a button of its own writes this moment as the time in or out.

    The record of the same page is kept too; if it cannot be, it is shown again, and what is used is kept all the same.
    """
    now, booking = timezone.now(), lookups.booking_or_404(request.visit, position)
    early = stage_of(booking, now=now) is SessionStage.BEFORE
    record = early_record(request.POST, booking) if early else whole_record(request.POST, booking)
    form = record.use = UseForm(request.POST, booking=booking)
    if not form.is_valid():
        return again(request, record, now)
    with refusals_as_messages(request):
        note_use(booking=booking, by=request.user, now=now, **used_now(form, request.POST.get("act", ""), now))
        messages.success(request, _("Saved."))
    record.use = UseForm(booking=booking)  # kept already
    if record.is_entry_sent and not record.is_kept(by=request.user, now=now):
        return again(request, record, now)
    return redirect("desk:session", public_id=public_id, position=position)
