"""What and where, then when; the chosen time is held."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.actions.holds import extend_hold, hold, release_hold
from bookings.errors import ActionRefused
from bookings.models import Visit
from bookings.pages.week import week
from bookings.pages.words import moment_in_words
from bookings.portal import lookups
from bookings.portal.consultations import MOST_CLINICS, clinic_lines, clinics_matching
from bookings.portal.draft import draft_of, keep_draft, keep_typed
from bookings.portal.forms.slot_choice import HoldForm, SlotRequestForm, chosen_day, chosen_first_day
from bookings.portal.request import address_of, hold_buttons, slot_request_behind, times_of
from bookings.portal.time_filter import TimeFilter
from bookings.portal.times_page import NOT_VALID, other_times, week_context
from bookings.portal.visitor import account, address, chose_elsewhere, held
from clinic.people.permissions import holder, public
from clinic.premises.editions import edition_of

LONGEST_WORDS = 80


@public
@require_safe
def book(request: HttpRequest) -> HttpResponse:
    """Where, in a house of several clinics; then what, and with whom of those who consult there."""
    now, edition = timezone.now(), edition_of(request)
    return _choose(request, SlotRequestForm(initial=request.GET.dict(), on=now.date(), edition=edition))


def _choose(request: HttpRequest, form: SlotRequestForm, status: int = 200) -> HttpResponse:
    """The choice as far as it is made, and what is wrong with it."""
    where = request.GET.get("where", "").strip()[:LONGEST_WORDS]
    context = {
        "form": form,
        "where": where,
        "clinics": [] if form.chosen_clinic else clinics_matching(form.edition, where),
        "several": len(clinic_lines(form.edition)) > 1,
        "most_clinics": MOST_CLINICS,
    }
    about = {"house": form.chosen_clinic} if form.chosen_clinic else {}
    return render(request, "portal/book.html", context | about, status=status)


@public
@require_safe
def times(request: HttpRequest) -> HttpResponse:
    """The free times of a week. A time that this browser holds counts as free: a new choice replaces it."""
    now, wanted = timezone.now(), TimeFilter.of(request.GET)
    form = SlotRequestForm(request.GET, on=now.date(), edition=edition_of(request))
    if not form.is_valid():
        return _choose(request, form, NOT_VALID)
    hold_id, clinic = draft_of(request).hold, form.cleaned_data["clinic"]
    own = lookups.held_id(holder(request), hold_id) if hold_id else None
    suits = partial(wanted.suits, zone=clinic.zone) if wanted.leaves_out else None
    shown = week(form.slot_request, asked=chosen_first_day(request.GET), now=now, ignoring=own, suits=suits)
    context = week_context(
        shown,
        form.slot_request,
        path=reverse("portal:times"),
        asked=form.asked,
        chosen=chosen_day(request.GET),
        wanted=wanted,
    )
    back = address_of("portal:book", form.slot_request)
    return render(request, "portal/times.html", context | {"form": form, "house": clinic, "back": back})


@public
@require_http_methods(["GET", "HEAD", "POST"])
def hold_time(request: HttpRequest) -> HttpResponse:
    """The choice of a time holds it for this browser session; coming back to the answer begins again."""
    now = timezone.now()
    if request.method != "POST":
        return redirect("portal:book")
    form = HoldForm(request.POST, on=now.date(), edition=edition_of(request))
    if not form.is_valid():
        return _not_chosen(request, form)
    start, draft = form.cleaned_data["start"], draft_of(request)
    try:
        visit = hold(
            slot_request=form.slot_request,
            start=start,
            holder=holder(request),
            by=account(request),
            now=now,
            key=form.key(draft.hold),
            address=address(request),
        )
    except ActionRefused as refusal:
        return other_times(request, refusal, form.slot_request, start, now=now, **hold_buttons(form.slot_request))
    keep_draft(request, hold=str(visit.public_id))
    return redirect("portal:confirm" if draft.patient and account(request) else "portal:who")


def _not_chosen(request: HttpRequest, form: HoldForm) -> HttpResponse:
    """Something that was posted is not from our list: say so, beside the choice that it belongs to."""
    if {"clinic", "what", "who"} & form.errors.keys():
        return _choose(request, form, NOT_VALID)
    messages.error(request, _("Choose one of the times in the list."))
    return redirect(address_of("portal:times", form.slot_request))


@public
@require_POST
def extend(request: HttpRequest) -> HttpResponse:
    """Fifteen more minutes, once. What was typed beside the button is kept."""
    keep_typed(request)
    time = held(request)
    if time is None:
        return nothing_held(request)
    if chose_elsewhere(request, time):
        return another_tab(request, time)
    try:
        extend_hold(visit=time, holder=holder(request), by=account(request), now=timezone.now())
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
    return redirect("portal:confirm" if "confirm" in request.POST else "portal:who")


@public
@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """Give the time back and look at the others. What was typed beside the button is kept."""
    keep_typed(request)
    time = held(request)
    if time is None:
        return nothing_held(request)
    if chose_elsewhere(request, time):
        return another_tab(request, time)
    try:
        release_hold(visit=time, holder=holder(request), by=account(request), now=timezone.now())
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
    keep_draft(request, hold="")
    slot_request = slot_request_behind(time)
    return redirect(times_of(slot_request, slot_request.clinic.today(time.arrives_at)))


def another_tab(request: HttpRequest, time: Visit) -> HttpResponse:
    """The page that was sent showed another time than the one that is held now: say which, and change nothing."""
    start = min(booking.starts_at for booking in time.bookings.all())
    words = _("You have chosen another time in another tab: %(time)s. This is the time that is held for you now.")
    messages.warning(request, words % {"time": moment_in_words(start, time.zone)})
    return redirect("portal:confirm" if "confirm" in request.POST else "portal:who")


def nothing_held(request: HttpRequest) -> HttpResponse:
    """Where somebody goes who has no time yet, or no longer; what they typed waits for them."""
    if draft_of(request).typed:
        words = _("Your time is no longer held, but what you typed is saved. Please choose a time again.")
    else:
        words = _("No time is held for you at the moment. Please choose one.")
    messages.info(request, words)
    return redirect("portal:book")
