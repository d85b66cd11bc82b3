"""Booking for somebody who rings or stands at the desk: what, when, confirm."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.actions import attendance, confirmation, desk_booking, holds
from bookings.desk import lookups, offers, visit_row
from bookings.desk.addresses import choose_url
from bookings.desk.booking import panel
from bookings.desk.booking.forms import AcceptsForm, HoldForm, KeyForm, OverrideForm, WhatForm
from bookings.desk.booking.override_page import override_page
from bookings.desk.buttons import DESK
from bookings.desk.reads import by_patient, reads, reads_page
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import PatientRequest, StaffRequest
from bookings.errors import ActionRefused, SoftLimit
from bookings.facts.prices import price_of
from bookings.models import Visit
from bookings.rules.visits import why_not_held
from bookings.slots.bookable_orders import slot_request_for
from bookings.slots.itinerary import itinerary_of
from bookings.slots.search_space import SlotRequest
from clinic.people.patients import change_patient
from clinic.people.permissions import holder, staff_required


@staff_required(*DESK)
@require_safe
@reads(by_patient)
def choose(request: PatientRequest, public_id: uuid.UUID) -> HttpResponse:
    """What, with whom, from which day on; below it the free times."""
    now, clinic, patient = timezone.now(), request.clinic, request.patient
    facts = offers.known_of(patient, now)
    form = WhatForm(panel.asked_for(request.GET, facts), clinic=clinic, known=facts)
    page: dict[str, object] = {"patient": patient, "form": form, "clinic": clinic, "signs": lookups.emergency_signs()}
    page |= {"closed": facts.closed, "cell": panel.cell_of(request.GET)}
    if form.is_valid():
        data = form.cleaned_data
        slot_request = _slot_request_of(form, request)
        offer = offers.offer(slot_request, facts.patient_facts, first=data["from_on"] or clinic.today(now), now=now)
        times = panel.next_times(offer.week, on=data["from_on"], at=data["at"], clinic=clinic)
        page["already"] = panel.consultations_booked(patient, form.variants, now)
        page |= {"offer": offer, "times": times, "said": data, "key": uuid.uuid4(), "accepts_form": AcceptsForm()}
    return render(request, "desk/choose.html", page)


def _slot_request_of(form: WhatForm, request: StaffRequest) -> SlotRequest:
    """What the form asks for, with the orders that cover it."""
    person = form.cleaned_data["who"]
    return slot_request_for(
        request.clinic, form.variants, form.known.patient_facts, practitioner_id=person.pk if person else None
    )


@staff_required(*DESK)
@require_POST
def accepts(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Keep whom the patient accepts as therapist, and go back to the times."""
    patient = lookups.patient_or_404(request, public_id)
    form = AcceptsForm(request.POST)
    if form.is_valid():
        change_patient(patient=patient, by=request.user, now=timezone.now(), **form.cleaned_data)
    else:
        messages.error(request, _("Please choose one of the answers."))
    return HttpResponseRedirect(choose_url(patient.public_id, request.POST))


def _pressed(request: StaffRequest, now: dt.datetime, key: uuid.UUID) -> dict[str, Any]:
    """Who books, once for this key, and against which soft rules with a reason."""
    override = OverrideForm.read(request.POST)
    return {"by": request.user, "now": now, "holder": holder(request), "key": key, "override": override}


def _say_booked(request: StaffRequest, visit: Visit, now: dt.datetime) -> None:
    """That it is booked; and where the patient has a second consultation on that day, that too."""
    messages.success(request, _("The visit has been booked."))
    if words := panel.second_in_words(visit, now):
        messages.warning(request, words)


def _say_why(request: StaffRequest, refusal: ActionRefused, form: HoldForm, slot_request: SlotRequest) -> None:
    """Why the chosen time is not booked; where somebody else was quicker, with the nearest times."""
    patient_facts, start = form.known.patient_facts, form.cleaned_data["start"]
    covered = patient_facts if any(slot_request.items) else None
    messages.error(request, offers.refusal_in_words(refusal, slot_request, start, patient_facts.now, covered))


@staff_required(*DESK)
@require_POST
def hold(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Keep the chosen time while the caller says yes."""
    now, patient = timezone.now(), lookups.patient_or_404(request, public_id)
    form = HoldForm(request.POST, clinic=request.clinic, known=offers.known_of(patient, now))
    again = HttpResponseRedirect(choose_url(public_id, request.POST))
    if not form.is_valid():
        messages.error(request, _("Please choose a time from the list."))
        return again
    data, slot_request = form.cleaned_data, _slot_request_of(form, request)
    try:
        arguments = {"by": request.user, "now": now, "holder": holder(request), "key": data["key"]}
        visit = holds.hold(slot_request=slot_request, start=data["start"], desk=True, **arguments)
    except ActionRefused as refusal:
        _say_why(request, refusal, form, slot_request)
        return again
    return redirect("desk:confirm", public_id, visit.public_id)


@staff_required(*DESK)
@require_POST
def book_at_once(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Book the time that was chosen on the panel; whoever stands here already is checked in with the same press."""
    now, patient = timezone.now(), lookups.patient_or_404(request, public_id)
    form = HoldForm(panel.with_walk_in(request.POST), clinic=request.clinic, known=offers.known_of(patient, now))
    again = HttpResponseRedirect(choose_url(public_id, request.POST))
    if not form.is_valid():
        messages.error(request, _("Please choose a time from the list."))
        return again
    data, slot_request = form.cleaned_data, _slot_request_of(form, request)
    try:
        arguments = {"start": data["start"], "patient": patient, **_pressed(request, now, data["key"])}
        visit = desk_booking.book_at_once(slot_request=slot_request, **arguments)
    except SoftLimit as refusal:
        return override_page(request, patient, refusal, now)
    except ActionRefused as refusal:
        _say_why(request, refusal, form, slot_request)
        return again
    _say_booked(request, visit, now)
    if "walk_in" in request.POST:
        with refusals_as_messages(request):
            attendance.check_in(visit=visit, by=request.user, now=now)
    return redirect("desk:visit", public_id=visit.public_id)


@staff_required(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
@reads_page(lambda page: [page["patient"]], clinic=lambda page: page["visit"].clinic)
def confirm(request: StaffRequest, public_id: uuid.UUID, visit_id: uuid.UUID) -> HttpResponse:
    """Read it out once more, then book."""
    now = timezone.now()
    patient, visit = lookups.patient_or_404(request, public_id), lookups.held_or_404(request, visit_id)
    if visit.patient_id is not None and request.method != "POST":
        return redirect("desk:visit", public_id=visit_id)
    if request.method != "POST" and (reason := why_not_held(visit_row.first_of(visit), now=now)):
        messages.error(request, reason)
        return HttpResponseRedirect(choose_url(public_id, offers.wished(visit)))
    form = KeyForm(request.POST or None, initial={"key": uuid.uuid4()})
    if form.is_valid():
        try:
            data = _pressed(request, now, form.cleaned_data["key"])
            visit = confirmation.book(visit=visit, patient=patient, desk=True, **data)
        except SoftLimit as refusal:
            return override_page(request, patient, refusal, now, visit=visit)
        except ActionRefused as refusal:
            messages.error(request, refusal.reason)
            return HttpResponseRedirect(choose_url(public_id, offers.wished(visit)))
        _say_booked(request, visit, now)
        return redirect("desk:visit", public_id=visit_id)
    page = {"patient": patient, "visit": visit, "form": form, "now": now, "price": price_of(visit)}
    page |= {"itinerary": itinerary_of(visit, staff=True)}
    return TemplateResponse(request, "desk/confirm.html", page)


@staff_required(*DESK)
@require_POST
def release(request: StaffRequest, public_id: uuid.UUID, visit_id: uuid.UUID) -> HttpResponse:
    """Give the time back and choose another one."""
    visit = lookups.held_or_404(request, visit_id)
    with refusals_as_messages(request):
        holds.release_hold(visit=visit, holder=holder(request), by=request.user, now=timezone.now())
    return HttpResponseRedirect(choose_url(public_id, offers.wished(visit)))
