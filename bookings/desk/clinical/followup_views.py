"""The follow-up, booked by the Vaidya from the record: one's own free times, one press."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.actions import confirmation, holds
from bookings.desk import offers
from bookings.desk.addresses import asked_date
from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required
from bookings.desk.request import ClinicalRequest
from bookings.errors import ActionRefused
from bookings.facts.patient import patient_facts_of
from bookings.models import Visit
from bookings.slots.bookable_orders import slot_request_for
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Role
from clinic.people.permissions import holder

from . import lookups
from .followup_forms import TimeForm


@record_access_required(Role.VAIDYA)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(of_record)
def follow_up(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """A week of free times for a follow-up with the Vaidya who asks; the first one is where the review is due."""
    now, patient = timezone.now(), request.patient
    slot_request = _follow_up_request(request, now)
    if slot_request is None:
        messages.error(request, _("This clinic offers no follow-up consultation."))
        return redirect("desk:record", public_id)
    form = TimeForm(request.POST or None, initial={"key": uuid.uuid4()})
    if form.is_valid() and (visit := _booked(request, slot_request, form, now)):
        messages.success(request, _("The visit has been booked."))
        return redirect("desk:visit", public_id=visit.public_id)
    first = asked_date(request, "from_on", lookups.review_day(request, now))
    week = offers.offered_week(slot_request, first=first, now=now)
    page = {"patient": patient, "week": week, "form": form, "what": slot_request.variants[0].therapy}
    page["own"] = slot_request.practitioner_id is not None
    return render(request, "desk/clinical/follow_up.html", page, status=422 if form.errors else 200)


def _follow_up_request(request: ClinicalRequest, now: dt.datetime) -> SlotRequest | None:
    """With whoever asks, where they are in the rota; else with any Vaidya."""
    variant = lookups.follow_up_variant()
    person = lookups.person_here(request.user, request.clinic, now)
    patient_facts = patient_facts_of(request.patient, now=now)
    if variant is None:
        return None
    return slot_request_for(request.clinic, [variant], patient_facts, practitioner_id=person.pk if person else None)


def _booked(request: ClinicalRequest, slot_request: SlotRequest, form: TimeForm, now: dt.datetime) -> Visit | None:
    """The visit; none where the time was taken meanwhile, which is said above the times."""
    start, key = form.cleaned_data["start"], form.cleaned_data["key"]
    by: dict[str, Any] = {"by": request.user, "now": now, "holder": holder(request)}
    try:
        visit = holds.hold(slot_request=slot_request, start=start, desk=True, key=key, **by)
        return confirmation.book(visit=visit, patient=request.patient, desk=True, key=uuid.uuid5(key, "book"), **by)
    except ActionRefused as refusal:
        messages.error(request, offers.refusal_in_words(refusal, slot_request, start, now))
        return None
