"""A question from the website, and the press that notes the reply."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.actions.enquiries import answer_enquiry
from bookings.desk import lookups
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import StaffRequest
from clinic.people.permissions import staff_required

from .owners import DOERS, TaskKind


@staff_required(*sorted(DOERS[TaskKind.ENQUIRY]))
@require_http_methods(["GET", "HEAD", "POST"])
def enquiry(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who asks what, and how they are reached; pressed once somebody has replied."""
    asked = get_object_or_404(lookups.questions_asked(request), public_id=public_id)
    if request.method != "POST":
        return render(request, "desk/todo/enquiry.html", {"asked": asked})
    with refusals_as_messages(request):
        answer_enquiry(enquiry=asked, by=request.user, now=timezone.now())
        messages.success(request, _("Recorded: the question is answered."))
    return redirect("desk:todo")
