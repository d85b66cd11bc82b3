"""The patient's timeline: visits, examinations, prescriptions, sessions, decisions and pauses on one page."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.desk.addresses import say_not_understood
from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required
from bookings.desk.request import ClinicalRequest
from bookings.facts import pain
from bookings.facts.record_access import TREATS

from .timeline_page import KIND_WORDS, TimelineKind, asked_kinds, timeline_of


@record_access_required(*TREATS)
@require_safe
@reads(of_record)
def timeline(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """All of it, or the kinds that `?kind=` names; `?all=1` without a limit."""
    words = request.GET.getlist("kind")
    kinds = asked_kinds(words)
    if strange := ", ".join(sorted({*words} - {*kinds})):
        say_not_understood(request, strange, instead=", ".join(str(KIND_WORDS[kind]) for kind in kinds))
    shown = timeline_of(request, kinds=kinds, now=timezone.now(), everything=request.GET.get("all") == "1")
    page = {
        "patient": request.patient,
        "record": request.record,
        "timeline": shown,
        "chart": pain.chart(pain.felt_in(shown.notes)),
        "filters": [(kind.value, KIND_WORDS[kind], kind in kinds) for kind in TimelineKind],
        "filtered": len(kinds) < len(TimelineKind),
    }
    return render(request, "desk/clinical/timeline.html", page)
