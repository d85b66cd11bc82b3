"""What is looked for, as an address or hidden fields say it: numbers only, so that no address names a therapy."""

import datetime as dt
import uuid
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from bookings.facts.visits_now import bookings_of
from bookings.models import Visit
from bookings.slots.search_space import SlotRequest, slot_request_of


def query_of(slot_request: SlotRequest) -> dict[str, Any]:
    """The fields of a WishForm, or of a SessionsForm, that ask for this."""
    items = [item.pk for item in slot_request.items if item]
    what = {"item": items} if items else {"what": slot_request.variants[0].pk}
    who = {"who": slot_request.practitioner_id} if slot_request.practitioner_id else {}
    small = {"small": 1} if items and any(variant.smaller_crew_of for variant in slot_request.variants) else {}
    return {"clinic": slot_request.clinic.slug, **what, **who, **small}


def slot_request_behind(visit: Visit) -> SlotRequest:
    """What this visit fulfils: the actions look for the same when it is booked or moved."""
    return slot_request_of(bookings_of(visit), visit.patient)


def is_of_sessions(slot_request: SlotRequest) -> bool:
    """Whether it fulfils orders: those have pages of their own."""
    return any(slot_request.items)


def address_of(name: str, slot_request: SlotRequest, day: dt.date | None = None) -> str:
    """The page of that name for this wish, the list of times from that day on."""
    query = query_of(slot_request) | ({"from": day.isoformat()} if day else {})
    return f"{reverse(name)}?{urlencode(query, doseq=True)}"


def whose(slot_request: SlotRequest) -> uuid.UUID:
    """The public id of the patient of the orders."""
    return next(item.prescription.patient.public_id for item in slot_request.items if item)


def times_of(slot_request: SlotRequest, day: dt.date | None = None) -> str:
    """The list of times for this wish, from that day on."""
    if not is_of_sessions(slot_request):
        return address_of("portal:times", slot_request, day)
    query = query_of(slot_request) | ({"from": day.isoformat()} if day else {})
    return f"{reverse('portal:prescribed_times', args=[whose(slot_request)])}?{urlencode(query, doseq=True)}"


def hold_buttons(slot_request: SlotRequest) -> dict[str, Any]:
    """What a page with other times needs so that its buttons hold one."""
    sessions = is_of_sessions(slot_request)
    return {
        "action": reverse("portal:prescribed_hold", args=[whose(slot_request)]) if sessions else reverse("portal:hold"),
        "method": "post",
        "asked": query_of(slot_request),
        "all_times": times_of(slot_request),
    }
