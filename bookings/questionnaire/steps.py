"""One page after the other, then all answers at once: what the portal, the tablet and the letters' page share."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from bookings.actions import screening as screening_actions
from bookings.actions.screening import Given, QuestionsChanged
from bookings.errors import NotPossible
from bookings.facts.patient import open_findings
from clinic.fields import number_of
from therapies import questionnaire
from therapies.suitability import EMERGENCY_NOW

from .answers_so_far import Kept, drop, keep, kept_of
from .entrance import Door
from .forms import PageForm
from .last_page import remember
from .outcome import Level, level_of
from .questionnaire import Sitting

NOT_VALID = 422


def ask(request: HttpRequest, sitting: Sitting, door: Door) -> HttpResponse:
    """Show a page of the questions, or take one that was filled in; where nothing is due, on to the outcome."""
    if not sitting.pages:
        return HttpResponseRedirect(door.end)
    kept = kept_of(request, sitting.key)
    number = _number(request, sitting)
    if request.method == "POST":
        return _take(request, sitting, door, number)
    first = _first_open(sitting, kept) or len(sitting.pages)
    if number > first:
        messages.info(request, _("Some of your answers are not there any more. Please fill in this page."))
        return HttpResponseRedirect(door.page(first))
    form = _form(sitting, number)
    form.initial = {**form.initial, **_initial(form, kept)}
    return _show(request, sitting, door, number, form)


def _number(request: HttpRequest, sitting: Sitting) -> int:
    """The page of the address, counted from one; nonsense is the first."""
    asked = request.GET.get("page", "")
    return min(max(number_of(asked) or 1, 1), len(sitting.pages))


def _form(sitting: Sitting, number: int, data: object = None) -> PageForm:
    groups = sitting.pages[number - 1]
    return PageForm(data, groups=groups, rows=sitting.rows, limit=sitting.hours_after_meal)


def _initial(form: PageForm, kept: Kept) -> dict[str, object]:
    """What was answered before on this page."""
    found: dict[str, object] = {}
    for name, field in form.fields.items():
        values = kept.said.get(name, [])
        if values:
            found[name] = values if getattr(field.widget, "allow_multiple_selected", False) else values[-1]
    return found


def _show(
    request: HttpRequest, sitting: Sitting, door: Door, number: int, form: PageForm, *, status: int = 200
) -> HttpResponse:
    page = {
        "frame": door.frame,
        "sitting": sitting,
        "who": sitting.patient.full_name if door.by else "",  # a letter may be discreet
        "form": form,
        "number": number,
        "how_many": len(sitting.pages),
        "address": door.page(number),
    }
    return render(request, "questionnaire/page.html", page, status=status)


def _first_open(sitting: Sitting, kept: Kept) -> int:
    """The first page that is not filled in yet, counted from one; 0 when all are."""
    for number, groups in enumerate(sitting.pages, start=1):
        seen = kept.has_seen(question for group in groups for question in group.questions)
        if not seen or not _form(sitting, number, kept.data).is_valid():
            return number
    return 0


def _take(request: HttpRequest, sitting: Sitting, door: Door, number: int) -> HttpResponse:
    """Keep the page; then back, on, or send everything."""
    form = _form(sitting, number, request.POST)
    if form.is_outdated:
        keep(request, sitting.key, form, filled_in=False)
        messages.warning(request, QuestionsChanged().reason)
        return HttpResponseRedirect(door.page(number))
    kept = keep(request, sitting.key, form, filled_in=form.is_valid())
    if request.POST.get("go") == "back" and number > 1:
        return HttpResponseRedirect(door.page(number - 1))
    if not form.is_valid():
        return _show(request, sitting, door, number, form, status=NOT_VALID)
    given = list(form.given(sitting.now))
    missing = _first_open(sitting, kept)
    if _is_emergency(sitting, given) or not missing:
        return _send(request, sitting, door, number, _all_given(sitting, kept))
    return HttpResponseRedirect(door.page(number + 1 if number < len(sitting.pages) else missing))


def _is_emergency(sitting: Sitting, given: Sequence[Given]) -> bool:
    """Whether one of these answers must not wait for the pages that are left."""
    told = sitting.standing.with_answers({row.question.code: (row.value, row.text) for row in given}, at=sitting.now)
    codes, on = {row.question.code for row in given}, sitting.clinic.today(sitting.now)
    return any(
        finding.urgency == EMERGENCY_NOW and finding.question in codes
        for profile in sitting.profiles
        for finding in open_findings(told, profile, on=on, zone=sitting.clinic.zone)
    )


def _all_given(sitting: Sitting, kept: Kept) -> list[Given]:
    """The answers of all pages that are filled in."""
    found: list[Given] = []
    for number, groups in enumerate(sitting.pages, start=1):
        form = _form(sitting, number, kept.data)
        if kept.has_seen(question for group in groups for question in group.questions) and form.is_valid():
            found += form.given(sitting.now)
    return found


def _send(request: HttpRequest, sitting: Sitting, door: Door, number: int, given: list[Given]) -> HttpResponse:
    codes = {row.question.code for row in given}
    try:
        found = screening_actions.screen(
            patient=sitting.patient,
            clinic=sitting.clinic,
            stage=sitting.stage,
            given=given,
            shown=questionnaire.version(question for question in sitting.due if question.code in codes),
            variants=sitting.variants,
            by=door.by,
            now=sitting.now,
            visit=sitting.visit,
        )
    except NotPossible as refusal:
        messages.warning(request, refusal.reason)
        return HttpResponseRedirect(door.page(number))
    drop(request, sitting.key)
    level = level_of(found.findings)
    remember(request, sitting, level)
    if level is Level.CLEAR and door.after:
        messages.success(request, _("Thank you. Your answers are kept."))
        return HttpResponseRedirect(door.after)
    return HttpResponseRedirect(door.end)
