"""What is looked for, as an address or hidden fields say it: numbers only, so that no address names a therapy."""

import datetime as dt
import uuid
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from bookings.actions.visits import bookings_of
from bookings.models import Visit
from bookings.slots.search_space import Wish, wish_of


def asked_of(wish: Wish) -> dict[str, Any]:
    """The fields of a WishForm, or of a SessionsForm, that ask for this."""
    items = [item.pk for item in wish.items if item]
    what = {"item": items} if items else {"what": wish.variants[0].pk}
    who = {"who": wish.practitioner_id} if wish.practitioner_id else {}
    small = {"small": 1} if items and any(variant.smaller_crew_of for variant in wish.variants) else {}
    return {"clinic": wish.clinic.slug, **what, **who, **small}


def wish_behind(visit: Visit) -> Wish:
    """What this visit fulfils: the verbs look for the same when it is booked or moved."""
    return wish_of(bookings_of(visit), visit.patient)


def is_of_sessions(wish: Wish) -> bool:
    """Whether it fulfils orders: those have pages of their own."""
    return any(wish.items)


def address_of(name: str, wish: Wish, day: dt.date | None = None) -> str:
    """The page of that name for this wish, the list of times from that day on."""
    asked = asked_of(wish) | ({"from": day.isoformat()} if day else {})
    return f"{reverse(name)}?{urlencode(asked, doseq=True)}"


def whose(wish: Wish) -> uuid.UUID:
    """The public id of the patient of the orders."""
    return next(item.prescription.patient.public_id for item in wish.items if item)


def times_of(wish: Wish, day: dt.date | None = None) -> str:
    """The list of times for this wish, from that day on."""
    if not is_of_sessions(wish):
        return address_of("portal:times", wish, day)
    asked = asked_of(wish) | ({"from": day.isoformat()} if day else {})
    return f"{reverse('portal:prescribed_times', args=[whose(wish)])}?{urlencode(asked, doseq=True)}"


def hold_buttons(wish: Wish) -> dict[str, Any]:
    """What a page with other times needs so that its buttons hold one."""
    sessions = is_of_sessions(wish)
    return {
        "action": reverse("portal:prescribed_hold", args=[whose(wish)]) if sessions else reverse("portal:hold"),
        "method": "post",
        "asked": asked_of(wish),
        "all_times": times_of(wish),
    }
