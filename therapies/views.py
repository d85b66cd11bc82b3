"""The public catalogue, a page for each therapy, and the guide to a cared-for back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clinic.people.permissions import public
from therapies import pages
from therapies.models import Question, Therapy, TherapyKind
from therapies.search import matching
from therapies.sections import grouped

LONGEST_QUERY = 80


@public
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """What is offered, in groups; or what answers to `q`, the best first."""
    query = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    offered = Therapy.objects.offered().with_texts()
    cards = pages.cards(matching(query, offered)) if query else []
    groups = [] if query else [(group.section, pages.cards(group.therapies)) for group in grouped(offered)]
    return render(request, "therapies/catalogue.html", {"query": query, "found": cards, "groups": groups})


@public
@require_safe
def therapy(request: HttpRequest, code: str) -> HttpResponse:
    """What it is, what happens, before and after, when not, who gives it, and what it rests on."""
    get_object = get_object_or_404(Therapy.objects.offered().with_page(), code=code)
    context = {
        "therapy": get_object,
        "text": pages.text_of(get_object),
        "courses": pages.courses(get_object),
        "own_preparation": pages.own_preparation(get_object, pages.text_of(get_object)),
        "not_given": pages.not_given(get_object),
        "before_booking": pages.advice_before_booking(get_object),
        "facts": pages.facts(get_object),
        "sources": pages.sources_of_page(get_object),
        "has_unsourced": pages.has_unsourced(get_object),
        "is_consultation": get_object.kind == TherapyKind.CONSULTATION,
    }
    return render(request, "therapies/therapy.html", context)


@public
@require_safe
def back_care(request: HttpRequest) -> HttpResponse:
    """Massage at home: how, how often, and when not."""
    signs = [question.sign for question in Question.objects.emergency_signs()]
    return render(request, "therapies/back_care.html", {"emergency_signs": signs})
