"""What an address asks for, and where a form goes back to."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.models import Visit
from clinic.fields import date_in_address

SAID = 40
"""So many characters of what is not understood are repeated."""


def asked_date(request: HttpRequest, name: str, otherwise: dt.date) -> dt.date:
    """The date in an address such as 2026-03-02; anything else is no error page, and is said."""
    words = request.GET.get(name, "")
    on = date_in_address(words)
    if words and on is None:
        say_not_understood(request, words, instead=date_format(otherwise, "j F Y"))
    return on or otherwise


def say_not_understood(request: HttpRequest, words: str, *, instead: object) -> None:
    """The page shows something else than its address asks for: never in silence."""
    said = _("“%(words)s” in the address of this page is not understood. Shown instead: %(instead)s.")
    messages.warning(request, said % {"words": words[:SAID], "instead": instead})


def asked_page(request: HttpRequest, pages: "Paginator[Any]") -> "Page[Any]":
    """The page of a list; one that does not exist is the first or the last one, which is said."""
    words, page = request.GET.get("page", ""), pages.get_page(request.GET.get("page"))
    if words and words != str(page.number):
        say_not_understood(request, words, instead=_("page %(number)s") % {"number": page.number})
    return page


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
