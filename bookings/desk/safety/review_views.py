"""Who of a Vaidya's standing has reviewed which question, rule, contraindication and text; and what differs from the
catalogue."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from bookings.desk.request import StaffRequest
from therapies.safety.contents import ContentGroup, content_groups
from therapies.safety.differences import catalogue_differences
from therapies.safety.policies import vaidyas_at
from therapies.safety.reviews import ReviewRefused, review_contents

from .page import ReviewLine, ReviewSummary
from .views import DECIDES, READS


@READS
@require_safe
def reviews(request: StaffRequest) -> HttpResponse:
    """How much is reviewed, group by group."""
    return render(request, "desk/safety/reviews.html", {"summary": ReviewSummary(content_groups())})


@READS
@require_safe
def review_group(request: StaffRequest, kind: str, group: str) -> HttpResponse:
    """All that one group says, with who has reviewed it."""
    contents = _group(kind, group)
    may_review = request.user.pk in vaidyas_at(timezone.now())
    context = {"group": contents, "lines": ReviewLine.of(contents), "may_review": may_review}
    return render(request, "desk/safety/review_group.html", context)


@DECIDES
@require_POST
def note_review(request: StaffRequest, kind: str, group: str) -> HttpResponse:
    """A Vaidya stands by one content of the page, or by all of them."""
    marks = dict(line.rsplit(" ", 1) for line in request.POST.getlist("shown") if " " in line)
    only = None if "all" in request.POST else request.POST.getlist("only")
    contents, on, now = _group(kind, group), timezone.localdate(), timezone.now()
    try:
        count = review_contents(group=contents, shown=marks, only=only, by=request.user, on=on, now=now)
    except ReviewRefused as refusal:
        messages.error(request, refusal.reason)
    else:
        words = ngettext("Review of %(count)s entry recorded.", "Review of %(count)s entries recorded.", count)
        messages.success(request, words % {"count": count})
    return redirect("desk:safety_review_group", kind=kind, group=group)


@READS
@require_safe
def catalogue_changes(request: StaffRequest) -> HttpResponse:
    """What managers edited, beside what the catalogue says."""
    return render(request, "desk/safety/catalogue_changes.html", {"differences": catalogue_differences()})


def _group(kind: str, code: str) -> ContentGroup:
    groups = content_groups(kind, code)
    if not groups:
        raise Http404
    return groups[0]
