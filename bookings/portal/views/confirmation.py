"""Who comes, and the confirmation: a held time becomes a visit."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.actions.confirmation import book
from bookings.errors import ActionRefused, Busy, IdempotencyKeyReused, JustTaken
from bookings.facts.patient import PatientFacts
from bookings.facts.prices import price_of
from bookings.facts.visits_now import request_limit_now
from bookings.models import Visit
from bookings.pages.words import in_short
from bookings.portal import lookups
from bookings.portal.consultations import emergency_signs, prices_of_edition, with_catalogue
from bookings.portal.draft import draft_of, keep_draft, keep_typed
from bookings.portal.forms.changes import ConfirmForm
from bookings.portal.forms.people import NewPatientForm, PickForm, fields_shown
from bookings.portal.limit_page import open_of, refused
from bookings.portal.next_sessions import patient_facts_for, verdict_on_held
from bookings.portal.people_rows import patient_acted_for, people_acted_for, sees_record
from bookings.portal.permissions import audit_member, portal_access_required
from bookings.portal.request import hold_buttons, slot_request_behind
from bookings.portal.seen_before import NEW_PERSON, SeenBefore, seen_before
from bookings.portal.summary import VisitSummary
from bookings.portal.times_page import NOT_VALID, other_times
from bookings.portal.views.signs import signs_first
from bookings.portal.views.slot_choice import another_tab, nothing_held
from bookings.portal.visitor import account, chose_elsewhere, held, signed_in
from bookings.rules.online_limits import LimitReached, why_not_new_person
from bookings.rules.session_verdicts import VisitVerdict
from bookings.slots.itinerary import itinerary_of
from clinic.people.models import Patient, User
from clinic.people.patients import MostPeople, TooManyPeople, register_own
from clinic.people.permissions import holder, public
from clinic.premises.editions import edition_of


@public
@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Sign in, then choose a person or say who it is."""
    now, user = timezone.now(), account(request)
    if request.method == "POST":
        keep_typed(request)
    time = held(request)
    if time is None:
        return nothing_held(request)
    if user is None:
        facts = VisitSummary(time, now, in_full=True)
        return render(request, "portal/sign_in.html", {"facts": facts, "house": time.clinic})
    if chose_elsewhere(request, time):
        return another_tab(request, time)
    audit_member(request)
    return _who_comes(request, user, time, now)


def _who_comes(request: HttpRequest, user: User, time: Visit, now: dt.datetime) -> HttpResponse:
    """What is open already is shown beside the choice, and refuses one that goes beyond the clinic's limits."""
    pick, new = _forms(request, user, time.clinic.today(now), now)
    seen = seen_before(request, new, now) if new.is_valid() else SeenBefore()
    if seen.joined:
        keep_draft(request, patient=str(seen.joined.public_id), typed={})
        return redirect("portal:confirm")
    existing = open_of(user, time, pick.people.values(), now)
    if pick.is_valid() or new.is_valid():
        verdict = existing.why_not(pick.cleaned_data["patient"] if pick.is_valid() else None)
        if verdict.reason:
            return refused(request, verdict, time, now)
    patient = None if seen.asks else _patient(pick, new, user, time, now)
    if patient:
        keep_draft(request, patient=str(patient.public_id), typed={})
        return redirect("portal:confirm")
    context = {
        "pick": pick,
        "new": new,
        "seen": seen,
        "fields": fields_shown(new, today=time.clinic.today(now), edition=edition_of(request)),
        "typed": draft_of(request).typed,
        "facts": VisitSummary(time, now, in_full=True),
        "open": existing,
        "house": time.clinic,
    }
    return render(request, "portal/who.html", context, status=NOT_VALID if request.method == "POST" else 200)


def _forms(request: HttpRequest, user: User, today: dt.date, now: dt.datetime) -> tuple[PickForm, NewPatientForm]:
    """Both ways to say who comes; the one whose button was pressed holds what was posted."""
    draft, pressed = draft_of(request), request.POST.get("act", "")
    own = {"email": user.email, "language": get_language() or "en"}
    pick = PickForm(
        request.POST if pressed == "pick" else None,
        people=people_acted_for(user, now),
        initial={"patient": draft.patient},
    )
    posted = request.POST if pressed in NEW_PERSON else None
    return pick, NewPatientForm(posted, today=today, initial=own | draft.typed)


def _patient(pick: PickForm, new: NewPatientForm, user: User, time: Visit, now: dt.datetime) -> Patient | None:
    """Who was chosen, or is registered now; None while there is nothing, or a mistake in it."""
    if pick.is_valid():
        return pick.cleaned_data["patient"]
    if not new.is_valid():
        return None
    most = MostPeople(a_day=time.clinic.online_people_a_day, in_all=time.clinic.online_people)
    try:
        return register_own(user=user, relation=new.cleaned_data["relation"], now=now, most=most, **new.facts)
    except TooManyPeople as many:
        new.add_error(None, why_not_new_person(time.clinic, today=many.today, in_all=many.in_all))
        return None


@portal_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Everything once more, and the signs with which nobody should wait for a visit; the button books."""
    if request.method == "POST":
        return _book(request)
    now, draft, time = timezone.now(), draft_of(request), held(request)
    if time is None:
        return redirect("portal:visit", draft.booked) if draft.booked else nothing_held(request)
    patient = patient_acted_for(signed_in(request), draft.patient, now)
    if patient is None:
        return redirect("portal:who")
    patient_facts = patient_facts_for(time, patient, now)
    sessions = verdict_on_held(time, patient_facts) if patient_facts else None
    if first := _before(request, time, patient, sessions, now):
        return first
    existing = None if sessions else open_of(signed_in(request), time, [patient], now)
    if existing and (verdict := existing.why_not(patient)).reason:
        return refused(request, verdict, time, now)
    context = _summary(time, patient, sessions, now, edition_of(request))
    return render(request, "portal/confirm.html", context | {"asks": existing.asks(patient) if existing else None})


def _summary(
    time: Visit, patient: Patient, sessions: VisitVerdict | None, now: dt.datetime, edition: str
) -> dict[str, Any]:
    """All that is to be looked at once more."""
    time.patient = patient  # shown, not saved
    return {
        "facts": VisitSummary(
            time, now, in_full=True, price=price_of(time, prices_of_edition(time.clinic_id, edition))
        ),
        "itinerary": itinerary_of(time, verdict=sessions),
        "of_sessions": sessions is not None,
        "patient": patient,
        "key": uuid.uuid4(),
        "signs": emergency_signs(edition),
        "house": time.clinic,
    }


def _before(
    request: HttpRequest, time: Visit, patient: Patient, sessions: VisitVerdict | None, now: dt.datetime
) -> HttpResponse | None:
    """Where to go first: of sessions back, for who may not see them, or to the questions; else to the danger signs."""
    if sessions is None:
        return signs_first(request, time, patient, now)
    if not sees_record(signed_in(request), patient, now):
        return redirect("portal:prescribed")
    return _questions_first(patient) if sessions.has_questions else None


def _questions_first(patient: Patient) -> HttpResponse:
    pages = reverse("portal:questions", args=[patient.public_id])
    return redirect(f"{pages}?{urlencode({'next': reverse('portal:confirm')})}")


def _not_yet(request: HttpRequest, time: Visit, patient: Patient, now: dt.datetime) -> HttpResponse | None:
    """Where to go before it is booked: back, for who may not see sessions; to the danger signs before a talk."""
    if not lookups.fulfils_orders(time):
        return signs_first(request, time, patient, now)
    sees = sees_record(signed_in(request), patient, now)
    return None if sees else redirect("portal:prescribed")


def _book(request: HttpRequest) -> HttpResponse:
    """Books what the page showed, also when another tab has chosen another time since."""
    now, user, form = timezone.now(), signed_in(request), ConfirmForm(request.POST)
    data = form.cleaned_data if form.is_valid() else {}
    # The hold is looked for first: what a twin of this click books in between is found as a visit.
    time = lookups.held_to_book(holder(request), data.get("visit"))
    if time is None and lookups.own_visit(user, data.get("visit"), now):
        return redirect("portal:visit", data["visit"])
    patient = patient_acted_for(user, data.get("patient"), now)
    if time is None or patient is None:
        return nothing_held(request) if time is None else redirect("portal:who")
    if first := _not_yet(request, time, patient, now):
        return first
    try:
        visit = book(
            visit=time,
            patient=patient,
            holder=holder(request),
            by=user,
            now=now,
            key=data["key"],
            was_here=data["was_here"],
        )
    except (Busy, IdempotencyKeyReused) as refusal:
        messages.error(request, refusal.reason)
        return redirect("portal:confirm")
    except ActionRefused as refusal:
        return _refused(request, refusal, with_catalogue(time, edition_of(request)), patient, now)
    booked, other = str(visit.public_id), draft_of(request).hold
    keep_draft(request, hold="" if other == booked else other, patient="", booked=booked)
    messages.success(request, _done(visit))
    return redirect("portal:visit", visit.public_id)


def _beyond(request: HttpRequest, refusal: LimitReached, time: Visit, now: dt.datetime) -> HttpResponse:
    """A follow-up can still be asked for, on the page before; everything else leads to what exists."""
    if refusal.verdict.only_asks:
        messages.error(request, refusal.reason)
        return redirect("portal:confirm")
    return refused(request, refusal.verdict, time, now)


def _done(visit: Visit) -> str:
    """What became of it: booked, or asked for until a limit that the page shows."""
    until = request_limit_now(visit)
    if until is None:
        return _("Your appointment is booked.")
    return _("Your request has been sent. We will reply by %(time)s.") % {"time": in_short(until, visit.zone)}


def _refused(
    request: HttpRequest, refusal: ActionRefused, time: Visit, patient: Patient, now: dt.datetime
) -> HttpResponse:
    """Another time may do; of sessions only where somebody was quicker, everything else is about the order.

    Where a twin of this click was quicker, the visit is there.
    """
    if lookups.own_visit(signed_in(request), time.public_id, now):
        return redirect("portal:visit", time.public_id)
    if isinstance(refusal, LimitReached):
        return _beyond(request, refusal, time, now)
    patient_facts = patient_facts_for(time, patient, now)
    if patient_facts is None:
        return _another_time(request, refusal, time, patient, now)
    if verdict_on_held(time, patient_facts).has_questions:
        return _questions_first(patient)
    if not isinstance(refusal, JustTaken):
        messages.error(request, refusal.reason)
        return redirect("portal:prescribed")
    return _another_time(request, refusal, time, patient, now, patient_facts)


def _another_time(
    request: HttpRequest,
    refusal: ActionRefused,
    time: Visit,
    patient: Patient,
    now: dt.datetime,
    patient_facts: PatientFacts | None = None,
) -> HttpResponse:
    """What else would suit this patient; who comes is remembered, so that the next choice leads to the confirmation."""
    keep_draft(request, patient=str(patient.public_id))
    slot_request, start = slot_request_behind(time), VisitSummary(time, now, in_full=True).starts_at
    for_them = replace(slot_request, patient_id=patient.pk, gender=patient.accepts_therapist)
    buttons = hold_buttons(slot_request) | {"patient_facts": patient_facts, "who_else": patient_facts is None}
    return other_times(request, refusal, for_them, start, now=now, **buttons)
