"""Booking what a Vaidya prescribed: which sessions, then when; the confirmation is that of every visit."""

import datetime as dt
import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.actions.holds import hold
from bookings.errors import ActionRefused, JustTaken
from bookings.pages.week import Week, week
from bookings.pages.words import day_in_words, time_button
from bookings.portal import lookups
from bookings.portal.draft import draft_of, keep_draft
from bookings.portal.forms.prescribed import AcceptsForm, HourForm, SessionsForm, SessionsHoldForm
from bookings.portal.forms.slot_choice import chosen_day, chosen_first_day
from bookings.portal.permissions import portal_access_required
from bookings.portal.request import hold_buttons, query_of, times_of, whose
from bookings.portal.session_offers import Offering, are_theirs, offering, offerings
from bookings.portal.times_page import NOT_VALID, other_times, week_context
from bookings.portal.visitor import address, signed_in
from bookings.slots.bookable_orders import slot_request_for, verdict_on
from bookings.slots.search import NOBODY_ACCEPTED
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient
from clinic.people.patients import change_patient
from clinic.people.permissions import holder


@portal_access_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """What is prescribed for each person whose record the account sees, what is left, where and with whom."""
    now, user = timezone.now(), signed_in(request)
    offers = offerings(user, now)
    rows = {one.person for one in offers}
    people = [
        (one, one.form(number=number), AcceptsForm(auto_id=f"id_{number}_%s"))
        for number, one in enumerate(offers, start=1)
    ]
    narrow = [person for person in lookups.people_of(user, now) if person not in rows]
    return render(request, "portal/prescribed.html", {"people": people, "narrow": narrow})


@portal_access_required
@require_POST
def accepts(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Keep whom the patient accepts as therapist; who only sees appointments does not say that."""
    now, user, form = timezone.now(), signed_in(request), AcceptsForm(request.POST)
    patient = lookups.person_or_404(user, public_id, now)
    if form.is_valid():
        change_patient(patient=patient, by=user, now=now, **form.cleaned_data)
    else:
        messages.error(request, _("Please choose one of the answers."))
    return redirect(f"{reverse('portal:prescribed')}#person-{public_id}")


@portal_access_required
@require_safe
def times(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The free times of a week, once nothing is left to be asked."""
    now = timezone.now()
    patient, offer = _offered(request, public_id, request.GET, now)
    form = offer.form(request.GET)
    if not form.is_valid():
        return _choose_again(request, offer, form)
    slot_request = _slot_request_of(form, offer)
    first = _first(request, offer, slot_request)
    if first:
        return first
    own = lookups.held_id(holder(request), draft_of(request).hold) if draft_of(request).hold else None
    shown = week(
        slot_request, asked=chosen_first_day(request.GET), now=now, ignoring=own, patient_facts=offer.patient_facts
    )
    context = week_context(
        shown, slot_request, path=request.path, asked=query_of(slot_request), chosen=chosen_day(request.GET)
    )
    context |= {
        "patient": patient,
        "form": form,
        "suits": _suits(request, shown, slot_request),
        "ways": _ways(slot_request, form, shown),
    }
    return render(request, "portal/prescribed_times.html", context)


@portal_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def hold_time(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The choice of a time holds it for this person; coming back to the answer begins again."""
    now = timezone.now()
    _patient, offer = _offered(request, public_id, request.POST, now)
    if request.method != "POST":
        return redirect("portal:prescribed")
    form = SessionsHoldForm(request.POST, offered=offer.open, people=offer.people)
    if not form.is_valid():
        return _choose_again(request, offer, form)
    slot_request = _slot_request_of(form, offer)
    return _first(request, offer, slot_request) or _hold(request, offer, slot_request, form)


def _hold(request: HttpRequest, found: Offering, slot_request: SlotRequest, form: SessionsHoldForm) -> HttpResponse:
    now, start = found.patient_facts.now, form.cleaned_data["start"]
    try:
        visit = hold(
            slot_request=slot_request,
            start=start,
            holder=holder(request),
            by=signed_in(request),
            now=now,
            key=form.key(draft_of(request).hold),
            address=address(request),
        )
    except JustTaken as refusal:
        return other_times(
            request,
            refusal,
            slot_request,
            start,
            now=now,
            patient_facts=found.patient_facts,
            **hold_buttons(slot_request),
        )
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
        return redirect(times_of(slot_request, start.astimezone(slot_request.clinic.zone).date()))
    keep_draft(request, hold=str(visit.public_id), patient=str(found.person.public_id))
    return redirect("portal:confirm")


# --- what both ask ----------------------------------------------------------------------------------------------------


def _offered(request: HttpRequest, public_id: uuid.UUID, said: Any, now: dt.datetime) -> tuple[Patient, Offering]:
    """The person and what is open for them; an order that was never theirs is not found."""
    patient = lookups.person_or_404(signed_in(request), public_id, now)
    if not are_theirs(patient, said.getlist("item")):
        raise Http404
    return patient, offering(patient, now)


def _choose_again(request: HttpRequest, found: Offering, form: SessionsForm) -> HttpResponse:
    """What was asked for is not to be had (any longer): say why, beside the choice."""
    gone = {row.prescribed.number: row.prescribed.why_not for row in found.rows}
    rows = [int(number) for number in form["item"].value() or ()]
    reasons = [
        gone.get(number, _("This prescription has ended. A Vaidya will decide how to continue.")) for number in rows
    ]
    reasons = [reason for reason in reasons if reason] or [str(e) for errors in form.errors.values() for e in errors]
    context = {"people": [(found, found.form(form.data), AcceptsForm())], "reasons": list(dict.fromkeys(reasons))}
    return render(request, "portal/prescribed.html", context, status=NOT_VALID)


def _slot_request_of(form: SessionsForm, found: Offering) -> SlotRequest:
    data = form.cleaned_data
    return slot_request_for(data["clinic"], form.variants, found.patient_facts, practitioner_id=data["who"])


def _first(request: HttpRequest, found: Offering, slot_request: SlotRequest) -> HttpResponse | None:
    """Where to go before there are times: whom the patient accepts, the health questions, or back with the reason."""
    if any(variant.therapy.same_gender for variant in slot_request.variants) and not found.person.accepts_therapist:
        messages.info(request, _("First choose whether a woman or a man may treat the patient."))
        return redirect(f"{reverse('portal:prescribed')}#person-{found.person.public_id}")
    today = slot_request.clinic.today(found.patient_facts.now)
    verdict = verdict_on(slot_request, found.patient_facts, on=today)
    if verdict.why_never:
        messages.error(request, verdict.why_never)
        return redirect("portal:prescribed")
    if verdict.has_questions:
        pages = reverse("portal:questions", args=[found.person.public_id])
        return redirect(f"{pages}?{urlencode({'next': times_of(slot_request)})}")
    return None


def _suits(request: HttpRequest, shown: Week, slot_request: SlotRequest) -> dict[str, str] | None:
    """The first time of the week at the hour that suited last time, or nearest to it on the first day that has one."""
    hour, zone = HourForm.hour(request.GET), slot_request.clinic.zone
    day = next((day for day in shown.days if day.starts), None)
    if hour is None or day is None:
        return None

    def far(start: dt.datetime) -> int:
        local = start.astimezone(zone)
        return abs((local.hour - hour.hour) * 60 + local.minute - hour.minute)

    exact = [start for each in shown.days for start in each.starts if far(start) == 0]
    start = exact[0] if exact else min(day.starts, key=far)
    return time_button(start, zone) | {"day": day_in_words(start.astimezone(zone).date())}


def _ways(slot_request: SlotRequest, form: SessionsForm, shown: Week) -> list[tuple[str, str]]:
    """Where else there may be times: with anybody, at another clinic, and in a full week with a smaller crew.

    Where nobody whom the patient accepts works in a week without a time, also by saying anew whom one accepts.
    """
    query, path = query_of(slot_request), reverse("portal:prescribed_times", args=[whose(slot_request)])
    anybody = {name: value for name, value in query.items() if name != "who"}
    ways = [(_("With any available practitioner"), anybody)] if slot_request.practitioner_id else []
    if form.only_clinic is None:
        others = lookups.open_clinics().exclude(pk=slot_request.clinic.pk)
        ways += [(_("At %(clinic)s") % {"clinic": clinic.name}, anybody | {"clinic": clinic.slug}) for clinic in others]
    if form.longer is not None and "small" not in query and not any(day.starts for day in shown.days):
        words = _("With fewer therapists, %(minutes)s minutes longer")
        ways.append((words % {"minutes": form.longer}, query | {"small": 1}))
    result = [(label, f"{path}?{urlencode(value, doseq=True)}") for label, value in ways]
    reasons = {day.why for day in shown.days}
    if not any(day.starts for day in shown.days) and str(NOBODY_ACCEPTED) in reasons:
        result.append((_("Change your choice of therapist"), reverse("portal:person", args=[whose(slot_request)])))
    return result
