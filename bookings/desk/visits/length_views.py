"""A treatment is made shorter or longer: on its page, or by the edge of its block on the board."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.actions.lengths import change_end
from bookings.desk import lookups
from bookings.desk.addresses import back
from bookings.desk.buttons import DESK
from bookings.desk.reads import by_visit, reads
from bookings.desk.request import VisitRequest
from bookings.errors import ActionRefused
from clinic.people.permissions import staff_required

from .length_forms import LengthForm
from .open_act_views import while_open


@staff_required(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(by_visit)
@while_open("length")
def length(request: VisitRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Another end at the same start; whom it would run into is said."""
    booking, on_board = lookups.booking_or_404(request.visit, position), request.POST.get("from") == "day"
    form = LengthForm(request.POST or None, booking=booking)
    if form.is_valid():
        try:
            change_end(booking=booking, by=request.user, now=timezone.now(), **form.change())
        except ActionRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("The visit now ends at another time. The patient has not been told."))
            return back(request, request.visit) if on_board else redirect("desk:visit", public_id=public_id)
    if on_board:
        for words in (words for listed in form.errors.values() for words in listed):
            messages.error(request, str(words))
        return back(request, request.visit)
    page = {"visit": request.visit, "booking": booking, "form": form}
    return render(request, "desk/length.html", page, status=422 if form.errors else 200)
