"""What anybody reads before signing in: clinics, prices, notices and answers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.portal.consultations import clinic_lines, clinic_of
from bookings.portal.lookups import open_clinics
from bookings.portal.public_pages import LEADS, clinic_context, late_rows, price_groups, sections
from bookings.portal.team_page import people_treating
from clinic.people.permissions import public
from clinic.premises.editions import edition_of, fragment
from clinic.premises.models import PublicPage

TEXT_PAGES = tuple(LEADS)
READ_ANEW_SECONDS = 300


@public
@require_safe
def clinics(request: HttpRequest) -> HttpResponse:
    """Where we are; the only clinic at once."""
    lines = clinic_lines(edition_of(request))
    if len(lines) == 1:
        return redirect("portal:clinic", lines[0].slug)
    return render(request, "public/clinics.html", {"clinics": lines})


@public
@require_safe
def clinic(request: HttpRequest, slug: str) -> HttpResponse:
    """Hours, how to come and to reach it, what to bring."""
    shown = clinic_of(edition_of(request), slug)
    if shown is None:
        raise Http404
    today = shown.today(timezone.now())
    body = fragment(
        edition_of(request), f"clinic:{slug}:{today}", "public/_clinic.html", lambda: clinic_context(shown, today)
    )
    return render(request, "public/clinic.html", {"clinic": shown, "body": body, "house": shown})


@public
@require_safe
def prices(request: HttpRequest) -> HttpResponse:
    """What each therapy costs, and what a late change costs."""
    body = fragment(
        edition_of(request),
        "prices",
        "public/_prices.html",
        lambda: {"groups": price_groups(), "late_rows": late_rows(list(open_clinics().order_by("name")))},
    )
    return render(request, "public/prices.html", {"body": body})


@public
@require_safe
def practitioners(request: HttpRequest) -> HttpResponse:
    """Who treats here. Who joins or leaves is no change of an edition: so it is read anew every five minutes."""
    now = timezone.now()
    name = f"team:{int(now.timestamp()) // READ_ANEW_SECONDS}"
    body = fragment(edition_of(request), name, "public/_team.html", lambda: {"groups": people_treating(now.date())})
    return render(request, "public/team.html", {"body": body})


@public
@require_safe
def text_page(request: HttpRequest, page: PublicPage) -> HttpResponse:
    """A page whose sections the clinic writes."""
    body = fragment(
        edition_of(request), f"page:{page}", "public/_sections.html", lambda: {"sections": sections(page), "page": page}
    )
    return render(request, "public/text_page.html", {"title": page.label, "lead": LEADS[page], "body": body})
