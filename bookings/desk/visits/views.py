"""One visit at the desk: what is known of it, and the changes that ask for more than a button."""

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.actions import changes
from bookings.desk import lookups, offers, visit_row
from bookings.desk.addresses import asked_date, day_url
from bookings.desk.affected.page import obstacles_of
from bookings.desk.buttons import DESK, buttons_of, keeps_desk
from bookings.desk.payments.page import money_of
from bookings.desk.reads import by_visit, reads
from bookings.desk.request import VisitRequest
from bookings.desk.screening.visit_panel import health_of
from bookings.errors import ActionRefused
from bookings.facts.desk_flags import flags_of_visit
from bookings.facts.payments import paid_for
from bookings.rules.assessments import why_not_examine
from bookings.slots.itinerary import itinerary_of
from clinic.people.permissions import staff_required

from . import page as visit_page
from .forms import CancelForm, MoveForm, ReassignForm
from .open_act_views import while_open
from .substitutes import seats


@staff_required()
@require_safe
@reads(by_visit)
def visit(request: VisitRequest, public_id: uuid.UUID) -> HttpResponse:
    """Everything the desk knows of a visit."""
    now, row = timezone.now(), request.visit
    desk = keeps_desk(request.user, row.clinic, now)
    page = {
        "visit": row,
        "desk": desk,
        "bookings": buttons_of(row, now=now, desk=desk),
        "itinerary": itinerary_of(row, staff=True),
        "occupancies": visit_page.occupancies(row),
        "history": visit_page.history(row),
        "letters": visit_page.messages_of(row),
        "day_url": day_url(row),
        "money": money_of(row, paid_for([row]).get(row.pk)) if desk else None,
        "health": health_of(row, request, now),
        "flags": flags_of_visit(row, now=now),
        "gaps": visit_page.gaps_found(row),
        "obstacles": obstacles_of(row, now) if desk else [],
        "is_ahead": bool(why_not_examine(row, now=now)),
    }
    return render(request, "desk/visit.html", page)


@staff_required(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(by_visit)
@while_open("cancel")
def cancel(request: VisitRequest, public_id: uuid.UUID) -> HttpResponse:
    """Call a visit off, with the reason."""
    now, visit = timezone.now(), request.visit
    form = CancelForm(request.POST or None, initial={"version": visit_row.version(visit)})
    if form.is_valid():
        try:
            data = {"reason": form.cleaned_data["reason"], "version": form.cleaned_data["version"]}
            changes.cancel(visit=visit, by=request.user, now=now, ended_by=form.ended_by(), desk=True, **data)
        except ActionRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("The visit has been cancelled. The time is available again."))
            return HttpResponseRedirect(day_url(visit))
    return render(request, "desk/cancel.html", {"visit": visit, "form": form}, status=422 if form.errors else 200)


@staff_required(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(by_visit)
@while_open("move")
def move(request: VisitRequest, public_id: uuid.UUID) -> HttpResponse:
    """Another time for the same visit; its own time counts as free."""
    now, visit = timezone.now(), request.visit
    form, slot_request = MoveForm(request.POST or None), visit_row.slot_request(visit)
    if form.is_valid():
        try:
            changes.move(visit=visit, by=request.user, now=now, desk=True, **form.cleaned_data)
        except ActionRefused as refusal:
            messages.error(request, offers.refusal_in_words(refusal, slot_request, form.cleaned_data["start"], now))
        else:
            messages.success(request, _("The time of the visit has been changed."))
            return redirect("desk:visit", public_id=public_id)
    on = asked_date(request, "from_on", visit_row.on(visit))
    page = {
        "visit": visit,
        "version": visit_row.version(visit),
        "key": uuid.uuid4(),
        "week": offers.offered_week(
            slot_request, first=on, now=now, ignoring=visit.pk, patient_facts=offers.patient_facts_of_orders(visit, now)
        ),
    }
    return render(request, "desk/move.html", page)


@staff_required(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(by_visit)
@while_open("reassign")
def reassign(request: VisitRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Somebody else, or another room, at the same time."""
    now, visit = timezone.now(), request.visit
    booking = lookups.booking_or_404(visit, position)
    places = seats(visit, booking, now=now)
    form = ReassignForm(request.POST or None, others=[other for seat in places for other in seat.others])
    if form.is_valid():
        try:
            changes.reassign(booking=booking, by=request.user, now=now, **form.change())
        except ActionRefused as refusal:
            messages.error(request, refusal.reason)
        else:
            messages.success(request, _("The change has been saved."))
            return redirect("desk:visit", public_id=public_id)
    page = {"visit": visit, "booking": booking, "seats": places}
    return render(request, "desk/reassign.html", page, status=422 if form.errors else 200)
