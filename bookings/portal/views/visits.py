"""My visits: the list, one of them, and its calendar file."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.facts.prices import price_of
from bookings.messages.content.appointment import appointment_of
from bookings.messages.content.ics import calendar_file
from bookings.portal import lookups
from bookings.portal.consultations import prices_of_edition, with_catalogue
from bookings.portal.next_sessions import next_one
from bookings.portal.permissions import portal_access_required
from bookings.portal.summary import VisitSummary
from bookings.portal.visitor import signed_in
from bookings.slots.itinerary import itinerary_of, neutral
from clinic.people.forms import AddressForm
from clinic.people.models import Patient
from clinic.premises.editions import edition_of

PAGE = 20


@portal_access_required
@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """What is ahead and what has been, for everybody the account acts for or for one of them."""
    now, user = timezone.now(), signed_in(request)
    people = list(lookups.people_of(user, now))
    person = _chosen(people, request.GET.get("who", ""))
    mine = lookups.visits_of(user, now)
    if person:
        mine = mine.filter(patient=person)
    past = Paginator(mine.past(now).with_everything(), PAGE).get_page(request.GET.get("page"))
    full = set(lookups.people_in_full(user, now))
    context = {
        "people": people,
        "in_full": [each for each in people if each in full],
        "tabs": _tabs(people, person),
        "upcoming": [
            VisitSummary(visit, now, in_full=visit.patient in full) for visit in mine.upcoming(now).with_everything()
        ],
        "past": [VisitSummary(visit, now, in_full=visit.patient in full) for visit in past],
        "page": past,
        "by_address": None if people else AddressForm(),
    }
    return render(request, "portal/visits.html", context)


def _chosen(people: list[Patient], wanted: str) -> Patient | None:
    """The person of the address; another's is as unknown as a missing one."""
    if not wanted:
        return None
    found = next((person for person in people if str(person.public_id) == wanted), None)
    if found is None:
        raise Http404
    return found


def _tabs(people: list[Patient], person: Patient | None) -> list[dict[str, Any]]:
    """A tab for each person, where there are several."""
    if len(people) < 2:
        return []
    everybody = {"url": "?", "label": _("Everyone"), "current": person is None}
    return [everybody] + [
        {"url": f"?who={one.public_id}", "label": one.given_name, "current": one == person} for one in people
    ]


@portal_access_required
@require_safe
def visit(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One visit: where it stands, what to bring, and how to change it."""
    now, user = timezone.now(), signed_in(request)
    edition = edition_of(request)
    person = with_catalogue(lookups.visit_or_404(user, public_id, now), edition)
    in_full, itinerary = lookups.is_seen_in_full(person), itinerary_of(person)
    price = price_of(person, prices_of_edition(person.clinic_id, edition))
    facts = VisitSummary(person, now, in_full=in_full, price=price)
    context = {
        "facts": facts,
        "itinerary": itinerary if in_full else neutral(itinerary),
        "next_one": next_one(person, now) if in_full else "",
        "house": person.clinic,
    }
    return render(request, "portal/visit.html", context)


@portal_access_required
@require_safe
def calendar(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The visit for a calendar, the same entry as in the letters: a cancelled one takes it out again."""
    now, user = timezone.now(), signed_in(request)
    visit = lookups.visit_or_404(user, public_id, now)
    facts = VisitSummary(visit, now, in_full=False)  # a calendar may be anybody's
    method = "CANCEL" if facts.status == "cancelled" else "PUBLISH"
    content = calendar_file(appointment_of(visit), method=method, recipient=user.email, now=now)
    headers = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
