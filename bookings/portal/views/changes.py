"""Moving and cancelling one's visit."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.actions.changes import cancel, move
from bookings.errors import ActionRefused, Busy, IdempotencyKeyReused, StaleVersion
from bookings.models import CancelledBy, Visit
from bookings.pages.moved_people import other_people_at
from bookings.pages.week import week, without_reasons
from bookings.pages.words import moment_in_words, posted_value
from bookings.portal import lookups
from bookings.portal.forms.changes import CancelForm, MoveForm, StartForm
from bookings.portal.forms.slot_choice import chosen_day, chosen_first_day
from bookings.portal.next_sessions import patient_facts_while_moving
from bookings.portal.permissions import portal_access_required
from bookings.portal.request import slot_request_behind
from bookings.portal.summary import VisitSummary
from bookings.portal.times_page import NOT_VALID, other_times, week_context
from bookings.portal.visitor import signed_in


@portal_access_required
@require_safe
def move_times(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The times it could be moved to; its own time counts as free."""
    now = timezone.now()
    visit, facts = _found(request, public_id, now)
    if not facts.may_move:
        return _not_changed(request, visit, _("The time of this appointment can no longer be changed."))
    slot_request = slot_request_behind(visit)
    first = chosen_first_day(request.GET) or slot_request.clinic.today(visit.arrives_at)
    shown = week(
        slot_request, asked=first, now=now, ignoring=visit.pk, patient_facts=patient_facts_while_moving(visit, now)
    )
    shown = shown if facts.in_full else without_reasons(shown)
    context = week_context(shown, slot_request, path=request.path, asked={}, chosen=chosen_day(request.GET))
    context |= {"facts": facts, "action": reverse("portal:move_to", args=[public_id])}
    return render(request, "portal/move_times.html", context)


@portal_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def move_to(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The old and the new time beside each other; the button moves."""
    now = timezone.now()
    visit, facts = _found(request, public_id, now)
    posted = request.method == "POST"
    form = MoveForm(request.POST) if posted else StartForm(request.GET)
    if not form.is_valid():
        messages.error(request, _("Choose one of the times in the list."))
        return redirect("portal:move", public_id)
    if posted:
        return _move(request, facts, **form.cleaned_data)
    if not facts.may_move:
        return _not_changed(request, visit, _("The time of this appointment can no longer be changed."))
    start = form.cleaned_data["start"]
    context = {
        "facts": facts,
        "start": posted_value(start),
        "new_time": moment_in_words(start, visit.zone),
        "others": other_people_at(visit, start=start, now=now),
        "key": uuid.uuid4(),
    }
    return render(request, "portal/move_to.html", context)


def _move(
    request: HttpRequest, facts: VisitSummary, *, start: dt.datetime, version: int, key: uuid.UUID
) -> HttpResponse:
    visit, people = facts.visit, facts.people
    try:
        move(visit=visit, start=start, by=signed_in(request), now=facts.now, key=key, version=version)
    except StaleVersion as refusal:
        return _not_changed(request, visit, refusal.reason)
    except (Busy, IdempotencyKeyReused) as refusal:
        messages.error(request, refusal.reason)
        return redirect("portal:move", visit.public_id)
    except ActionRefused as refusal:
        if not facts.may_move:
            return _not_changed(request, visit, _("The time of this appointment can no longer be changed."))
        address = reverse("portal:move", args=[visit.public_id])
        buttons: dict[str, Any] = {
            "action": reverse("portal:move_to", args=[visit.public_id]),
            "method": "get",
            "all_times": address,
        }
        buttons |= {"patient_facts": patient_facts_while_moving(visit, facts.now)}
        refusal = (
            refusal if facts.in_full else ActionRefused(_("This time is not available. Please choose another one."))
        )
        return other_times(request, refusal, slot_request_behind(visit), start, now=facts.now, **buttons)
    messages.success(request, _("The time of your appointment has been changed."))
    _tell_who_comes(request, facts, people)
    return redirect("portal:visit", visit.public_id)


def _tell_who_comes(request: HttpRequest, before: VisitSummary, people: list[str]) -> None:
    """Somebody else than the `people` before is no surprise at the clinic."""
    moved = lookups.visit_or_404(signed_in(request), before.visit.public_id, before.now)
    now_with = VisitSummary(moved, before.now, in_full=before.in_full).people
    if people and now_with and {*people} != {*now_with}:
        names = {"new": ", ".join(now_with), "old": ", ".join(people)}
        messages.info(request, _("Please note: the appointment is with %(new)s, not with %(old)s.") % names)


@portal_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_visit(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Says what a cancellation means before the button is pressed."""
    now, user = timezone.now(), signed_in(request)
    visit, facts = _found(request, public_id, now)
    if not facts.may_cancel:
        return _not_changed(request, visit, _("This visit can no longer be cancelled here."))
    form = CancelForm(request.POST or None, initial={"version": facts.version})
    if not form.is_valid():
        return render(
            request, "portal/cancel.html", {"facts": facts, "form": form}, status=NOT_VALID if form.is_bound else 200
        )
    try:
        cancel(visit=visit, by=user, now=now, ended_by=CancelledBy.PATIENT, **form.cleaned_data)
    except ActionRefused as refusal:
        return _not_changed(request, visit, refusal.reason)
    messages.success(request, _("Your appointment is cancelled."))
    return redirect("portal:visit", public_id)


def _found(request: HttpRequest, public_id: uuid.UUID, now: dt.datetime) -> tuple[Visit, VisitSummary]:
    """The visit, and as much of it as this account may read."""
    visit = lookups.visit_or_404(signed_in(request), public_id, now)
    return visit, VisitSummary(visit, now, in_full=lookups.is_seen_in_full(visit))


def _not_changed(request: HttpRequest, visit: Visit, reason: str) -> HttpResponse:
    """Back to the visit as it is now, with the reason."""
    messages.error(request, reason)
    return redirect("portal:visit", visit.public_id)
