"""What an address asks for, and where a form goes back to."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from bookings.models import Visit
from clinic.fields import date_in_address


def asked_date(words: str, otherwise: dt.date) -> dt.date:
    """The date in an address such as 2026-03-02; anything else is not worth an error page."""
    return date_in_address(words) or otherwise


def day_url(visit: Visit) -> str:
    """The day list at this visit's line."""
    on = visit.arrives_at.astimezone(visit.zone).date()
    query = urlencode({"date": on.isoformat(), "clinic": visit.clinic.slug})
    return f"{reverse('desk:day')}?{query}#visit-{visit.public_id}"


def back(request: HttpRequest, visit: Visit) -> HttpResponse:
    """To the day list, where most buttons are pressed, or to the page of the visit when it says so."""
    if request.POST.get("from") == "visit":
        return redirect("desk:visit", public_id=visit.public_id)
    if request.POST.get("from") == "queue":
        return redirect("desk:queue")
    return HttpResponseRedirect(day_url(visit))


WISHED = ("item", "what", "who", "from_on", "at")


def choose_url(patient: uuid.UUID, said: Mapping[str, Any]) -> str:
    """Where times are chosen, with what was wished for."""
    read = said.getlist if isinstance(said, QueryDict) else said.get
    query = urlencode({name: read(name) for name in WISHED if said.get(name)}, doseq=True)
    return f"{reverse('desk:choose', args=[patient])}?{query}"


def uuid_in(words: str) -> uuid.UUID | None:
    """The public id that these words are; none where they are something else."""
    try:
        return uuid.UUID(words)
    except ValueError:
        return None
