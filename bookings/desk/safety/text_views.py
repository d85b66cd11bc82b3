"""Texts for patients, read and approved by a Vaidya."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.desk.request import StaffRequest
from clinic.people.versions import version_of
from therapies.models import TherapyText
from therapies.safety.policies import vaidyas_at
from therapies.safety.reviews import READ, ReviewRefused, approve_text

from .views import DECIDES, READS


@READS
@require_safe
def texts(request: StaffRequest) -> HttpResponse:
    """Those that nobody has approved, and the others with who did."""
    return render(request, "desk/safety/texts.html", {"texts": TherapyText.objects.for_review()})


@READS
@require_safe
def text(request: StaffRequest, pk: int) -> HttpResponse:
    """One text as patients read it."""
    row = get_object_or_404(TherapyText.objects.for_review(), pk=pk)
    may_approve = request.user.pk in vaidyas_at(timezone.now())
    context = {"text": row, "version": version_of(row, READ), "may_approve": may_approve}
    return render(request, "desk/safety/text.html", context)


@DECIDES
@require_POST
def approve(request: StaffRequest, pk: int) -> HttpResponse:
    """A Vaidya stands by what was shown."""
    row = get_object_or_404(TherapyText.objects.for_review(), pk=pk)
    version = request.POST.get("version", "")
    try:
        approve_text(text=row, version=version, by=request.user, on=timezone.localdate(), now=timezone.now())
    except ReviewRefused as refusal:
        messages.error(request, refusal.reason)
        return redirect("desk:safety_text", pk=pk)
    messages.success(request, _("Approved. Patients will see your name next to the text."))
    return redirect("desk:safety_texts")
