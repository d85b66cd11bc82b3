"""The public catalogue, a page for each therapy, and the guide to a cared-for back.

They are the same for everybody: what stands inside the frame is rendered once for each edition of the catalogue.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clinic.people.permissions import public
from clinic.premises.context import house_of
from clinic.premises.editions import edition_of, fragment, of_edition
from therapies import pages
from therapies.models import Question, Therapy
from therapies.page_body import body_of
from therapies.search import matching
from therapies.sections import grouped

LONGEST_QUERY = 80


@public
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """What is offered, in groups; or what answers to `q`, the best first."""
    query = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    if query:
        cards = pages.cards(matching(query, Therapy.objects.offered().with_texts()))
        return render(request, "therapies/catalogue.html", {"query": query, "found": cards})
    body = fragment(edition_of(request), "therapies", "therapies/_groups.html", _groups)
    return render(request, "therapies/catalogue.html", {"body": body})


def _groups() -> dict[str, Any]:
    offered = Therapy.objects.offered().with_texts()
    return {"groups": [(group.section, pages.cards(group.therapies)) for group in grouped(offered)]}


@public
@require_safe
def therapy(request: HttpRequest, code: str) -> HttpResponse:
    """What it is, what happens, before and after, when not, who gives it, and what it rests on."""
    shown = of_edition(edition_of(request), f"therapy:{code}", lambda: _therapy(code))
    return render(request, "therapies/therapy.html", shown)


def _therapy(code: str) -> dict[str, str]:
    """Its name and its page, as text of templates; another's code is not found."""
    row = get_object_or_404(Therapy.objects.offered().with_page(), code=code)
    return {"name": row.local_name, "body": body_of(row)}


@public
@require_safe
def back_care(request: HttpRequest) -> HttpResponse:
    """Massage at home: how, how often, and when not."""

    def context() -> dict[str, Any]:
        signs = [question.sign for question in Question.objects.emergency_signs()]
        return {"emergency_signs": signs, "house": house_of(request)}

    body = fragment(edition_of(request), "back-care", "therapies/_back_care.html", context)
    return render(request, "therapies/back_care.html", {"body": body})
