"""The Vaidya's check before a treatment, with what was found."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.actions.day_checks import check_day
from bookings.desk import lookups
from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required, record_of_visit
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import ClinicalRequest
from bookings.rules.day_checks import may_be_by_phone
from clinic.people.models import Role

from .day_check_forms import DayCheckForm


@record_access_required(Role.VAIDYA, find=record_of_visit)
@require_POST
@reads(of_record)
def finding(request: ClinicalRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Keep what a Vaidya found, and whether the treatment is given."""
    now, booking = timezone.now(), lookups.booking_or_404(request.visit, position)
    form, goes = DayCheckForm(request.POST, booking=booking), request.POST.get("act") == "go"
    if not form.is_valid():
        messages.error(request, _("Please check the dose: a number of millilitres."))
        return redirect("desk:session", public_id=public_id, position=position)
    result = form.said(goes=goes, by_phone=may_be_by_phone(booking, now=now))
    with refusals_as_messages(request):
        check_day(booking=booking, finding=result, by=request.user, now=now)
        messages.success(request, _("Same-day check recorded."))
    return redirect("desk:session", public_id=public_id, position=position)
