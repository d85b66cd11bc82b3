"""The day of a clinic as a board and as a list, and the buttons on it."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_POST, require_safe

from bookings.desk import buttons, lookups, offers, visit_row
from bookings.desk.addresses import back
from bookings.desk.reads import reads_page
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import StaffRequest
from bookings.errors import ActionRefused
from clinic.people.models import Patient
from clinic.people.permissions import staff_required

from .page import AskedDay, version_in
from .placement import PlaceForm, place_of, put


class DayRequest(StaffRequest):
    """One whose date and marks were read already."""

    asked_day: AskedDay


def patients_shown(page: dict[str, Any]) -> list[Patient]:
    """Whom the page, or the part of it that changed, names."""
    return [line.patient for line in (*page["day"].lines, *page["day"].gone)]


def unless_seen(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page that asks for itself gets no content while it shows all there is."""

    @wraps(view)
    def answered(request: DayRequest) -> HttpResponseBase:
        request.asked_day = AskedDay(request, timezone.now())
        if request.GET.get("seen") == request.asked_day.seen:
            return HttpResponse(status=204)
        return view(request)

    return answered


@staff_required()
@require_safe
@reads_page(patients_shown)
def day(request: StaffRequest) -> HttpResponse:
    """The visits of one date: lanes of people, rooms or equipment, and the same as a list."""
    asked_day = AskedDay(request, timezone.now())
    page = asked_day.page()
    asked_day.say_what_is_not_understood(page)
    return TemplateResponse(request, "desk/day/day.html", page)


def etag_of_day(request: DayRequest) -> str:
    """Asks for the marks of the day, which the view below finds on the request."""
    request.asked_day = AskedDay(request, timezone.now())
    return request.asked_day.etag


@staff_required()
@require_safe
@condition(etag_func=etag_of_day)
@reads_page(patients_shown)
def changes(request: DayRequest) -> HttpResponse:
    """What changed since the version that the page names (`If-None-Match`, or `since` after a press of its own)."""
    marks = request.asked_day.marks
    since = request.GET.get("since") or request.headers.get("If-None-Match", "")
    changed = marks.changed_since(version_in(since))
    page = request.asked_day.page(only=changed) | {"changed": sorted(changed)}
    return TemplateResponse(request, "desk/day/changes.html", page)


def patients_queued(page: dict[str, Any]) -> list[Patient]:
    """Whom the queues name."""
    return [entry.line.patient for queue, _entries in page["queues"] for entry in queue.entries]


@staff_required()
@require_safe
@unless_seen
@reads_page(patients_queued)
def queue(request: DayRequest) -> HttpResponse:
    """Today's consultations of each Vaidya in the order in which they are called."""
    return TemplateResponse(request, "desk/day/queue.html", request.asked_day.queues())


@staff_required()
@require_POST
def act_on_visit(request: StaffRequest, public_id: uuid.UUID, code: str) -> HttpResponse:
    """Check in, did not come, undo."""
    visit = lookups.visit_or_404(request, public_id)
    with refusals_as_messages(request):
        shown = request.POST.get("shown", "")
        buttons.do_to_visit(code, visit, by=request.user, now=timezone.now(), shown=shown)
    return back(request, visit)


@staff_required()
@require_POST
def act_on_booking(request: StaffRequest, public_id: uuid.UUID, position: int, code: str) -> HttpResponse:
    """Start, complete."""
    visit = lookups.visit_or_404(request, public_id)
    booking = lookups.booking_or_404(visit, position)
    with refusals_as_messages(request):
        buttons.do_to_booking(code, booking, by=request.user, now=timezone.now())
    return back(request, visit)


@staff_required(*buttons.DESK)
@require_POST
def place(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Another time or another lane, as the visit was dragged or moved by keys."""
    visit = lookups.visit_or_404(request, public_id)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This visit cannot be put there."))
        return back(request, visit)
    now, wanted = timezone.now(), visit_row.slot_request(visit)
    arguments = {"version": form.cleaned_data["version"], "key": form.cleaned_data["key"]}
    try:
        put(visit, place_of(form), by=request.user, now=now, **arguments)
    except ActionRefused as refusal:
        messages.error(request, offers.refusal_in_words(refusal, wanted, form.cleaned_data["start"], now))
    return back(request, visit)
