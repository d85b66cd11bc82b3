"""The page that says what the answers mean, and the one that says that nothing is asked."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from .entrance import Door
from .outcome import GOES_ON, Level, Outcome, outcome_of
from .questionnaire import Sitting

IN_SESSION = "answered"


def tell(request: HttpRequest, sitting: Sitting, door: Door) -> HttpResponse:
    """What all answers mean now, for whoever may see the record; while some are missing, back to the questions."""
    found = outcome_of(sitting)
    if sitting.due and found.level in GOES_ON:
        return HttpResponseRedirect(door.page(1))
    return _page(request, sitting, door, found)


def tell_only_what_was_sent(request: HttpRequest, sitting: Sitting, door: Door) -> HttpResponse:
    """The same for somebody who has a link and nothing else: what this browser was told when it sent the answers."""
    told = request.session.get(IN_SESSION, {}).get(sitting.key)
    if told is None and sitting.due:
        return HttpResponseRedirect(door.page(1))
    return _page(request, sitting, door, Outcome(Level(told) if told else Level.CLEAR, ()))


def remember(request: HttpRequest, sitting: Sitting, level: Level) -> None:
    """Keep in this browser's session what the answers meant when they were sent; nothing of the answers."""
    request.session[IN_SESSION] = {sitting.key: level}


def _page(request: HttpRequest, sitting: Sitting, door: Door, found: Outcome) -> HttpResponse:
    page = {
        "door": door,
        "level": found.level,
        "each": found.each,
        "is_today": sitting.is_today,
        "clinic": sitting.clinic,
        "on_url": door.after if found.goes_on else "",
        "unanswered": bool(sitting.due) and found.level != Level.EMERGENCY,
    }
    return render(request, "questionnaire/outcome.html", page)


def nothing(request: HttpRequest, frame: str, title: str, text: str, home: Door | None = None) -> HttpResponse:
    """Nothing is asked, and why; a consultation can always be booked."""
    page = {"frame": frame, "title": title, "text": text, "home": home}
    return render(request, "questionnaire/nothing.html", page)
