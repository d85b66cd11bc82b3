"""Moving a visit behind a letter's link: free times, and a press. No more is shown than the letter said."""

import datetime as dt
import uuid

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.actions.changes import move as move_visit
from bookings.errors import ActionRefused, Busy, JustTaken, StaleVersion
from bookings.messages.content.links import LinkLapsed, visit_behind
from bookings.messages.content.words import long_day
from bookings.models import Visit
from clinic.clock import clock_words
from clinic.fields import MomentField, VersionField
from clinic.people.permissions import token_required

from .day_of_visit import DayOfVisitForm
from .page import visit_state_of
from .times import week_for


class MoveForm(forms.Form):
    """`page` is the number of the list: pressed twice, a time of it is one wish. `version` is the visit's."""

    start = MomentField()
    version = VersionField()
    page = forms.UUIDField()

    @property
    def key(self) -> uuid.UUID:
        return uuid.uuid5(self.cleaned_data["page"], self.cleaned_data["start"].isoformat())


@require_http_methods(["GET", "HEAD", "POST"])
@token_required
def move(request: HttpRequest, token: str) -> HttpResponse:
    """A week of free times, each a button that leads to the question whether the visit is to move there."""
    try:
        visit = visit_behind(token, now=timezone.now())
    except LinkLapsed as fault:
        raise Http404 from fault
    now = timezone.now()
    with translation.override(visit.patient.language if visit.patient else None):
        visit_state = visit_state_of(visit, now=now)
        if visit_state.why_not_move:
            return redirect("letters:visit", token=token)
        if request.method == "POST":
            return _move(request, visit, token, now=now)
        week = week_for(visit, asked=request.GET.get("from", ""), now=now)
        page = {"visit_state": visit_state, "week": week, "token": token, "page": uuid.uuid4()}
        return render(request, "links/move.html", page)


def _move(request: HttpRequest, visit: Visit, token: str, *, now: dt.datetime) -> HttpResponse:
    form = MoveForm(request.POST)
    if not form.is_valid() or not _is_within_reach(form.cleaned_data["start"], visit, now=now):
        messages.error(request, _("Choose one of the times in the list."))
        return redirect("letters:move", token=token)
    data, day = (
        form.cleaned_data,
        DayOfVisitForm(request.POST if "day" in request.POST else None, visit=visit, now=timezone.now()),
    )
    if not day.is_valid():
        return _asked_again(request, visit, token, form, day)
    try:
        move_visit(visit=visit, start=data["start"], by=None, now=now, key=form.key, version=data["version"])
    except ActionRefused as refusal:
        messages.error(request, neutral(refusal))
        return redirect("letters:move", token=token)
    messages.success(request, _("The appointment time has been changed."))
    return redirect("letters:visit", token=token)


def _asked_again(request: HttpRequest, visit: Visit, token: str, form: MoveForm, day: DayOfVisitForm) -> HttpResponse:
    """The old and the new time, and a question that a mail scanner does not answer. Nothing has changed yet."""
    start = form.cleaned_data["start"].astimezone(visit.zone)
    page = {
        "visit_state": visit_state_of(visit, now=timezone.now()),
        "token": token,
        "said": form.cleaned_data | {"start": form.cleaned_data["start"].isoformat()},
        "new_time": f"{long_day(start)}, {clock_words(start)}",
        "form": day,
    }
    return render(request, "links/move_to.html", page, status=422 if day.errors else 200)


def _is_within_reach(start: dt.datetime, visit: Visit, *, now: dt.datetime) -> bool:
    """Years without a calendar never reach the search."""
    return now < start < now + dt.timedelta(days=visit.clinic.horizon_days + 1)


def neutral(refusal: ActionRefused) -> str:
    """Why not, in words that tell nothing of what is given: a policy's own reason may name a treatment."""
    if isinstance(refusal, JustTaken):
        return _("This time has just been booked by someone else. Please choose another one.")
    if isinstance(refusal, Busy | StaleVersion):
        return refusal.reason
    return _("The appointment cannot be changed to this time. Please choose another time, or call us.")
