"""What is looked for, as an address or hidden fields say it: numbers only, so that no address names a therapy."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from bookings.availability import Wish
from bookings.models import Visit
from bookings.visits import bookings_of, wish_of


def asked_of(wish: Wish) -> dict[str, Any]:
    """The fields of a WishForm that ask for this."""
    asked = {"clinic": wish.clinic.slug, "what": wish.variants[0].pk}
    return asked | {"who": wish.practitioner_id} if wish.practitioner_id else asked


def wish_behind(visit: Visit) -> Wish:
    """What this visit fulfils: the verbs look for the same when it is booked or moved."""
    return wish_of(bookings_of(visit), visit.patient)


def address_of(name: str, wish: Wish, day: dt.date | None = None) -> str:
    """The page of that name for this wish, the list of times from that day on."""
    asked = asked_of(wish) | ({"from": day.isoformat()} if day else {})
    return f"{reverse(name)}?{urlencode(asked)}"


def hold_buttons(wish: Wish) -> dict[str, Any]:
    """What a page with other times needs so that its buttons hold one."""
    return {
        "action": reverse("portal:hold"),
        "method": "post",
        "asked": asked_of(wish),
        "all_times": address_of("portal:times", wish),
    }
