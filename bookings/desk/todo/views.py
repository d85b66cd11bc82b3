"""What is to be done, for whoever asks."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.actions import screening as screening_actions
from bookings.desk import lookups
from bookings.desk.buttons import DESK
from bookings.desk.frame import roles_of
from bookings.desk.reads import reads_page
from bookings.desk.record_access.page import opened_lately
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import StaffRequest
from clinic.people import factor_resets
from clinic.people.models import Role
from clinic.people.permissions import staff_required
from clinic.premises.editions import edition_of
from therapies.safety.contents import unreviewed

from .page import sections_of, tasks_of


@staff_required()
@require_safe
@reads_page(lambda page: [row.patient for section in page["sections"] for row in section.rows if row.patient])
def todo(request: StaffRequest) -> HttpResponse:
    """The list of this person at the clinics where they work."""
    now = timezone.now()
    sections = sections_of(request.user, now)
    roles = roles_of(request)
    managed = [clinic for clinic in request.clinics if Role.MANAGER in roles[clinic.pk]]
    page = {"sections": sections, "now": now, "opened": opened_lately(managed, now), "manages": bool(managed)}
    page["todo_count"] = sum(len(section.rows) for section in sections)
    reviews = any({Role.MANAGER, Role.VAIDYA} & held for held in roles.values())
    page["unreviewed"] = unreviewed(edition_of(request)) if reviews else 0
    page["resets"] = factor_resets.waiting_for(request.user, now=now)
    return TemplateResponse(request, "desk/todo/todo.html", page)


@staff_required()
@require_safe
def count(request: StaffRequest) -> HttpResponse:
    """How much waits: the number on the link in the frame, which htmx loads once the page is there."""
    if "HX-Request" not in request.headers:
        return redirect("desk:todo")
    return render(request, "desk/todo/_count.html", {"count": len(tasks_of(request.user, timezone.now()))})


@staff_required(*DESK)
@require_POST
def rung(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """The patient was told that treatments go on."""
    patient = lookups.patient_or_404(request, public_id)
    with refusals_as_messages(request):
        screening_actions.note_rung(patient=patient, clinics=request.clinics, by=request.user, now=timezone.now())
        messages.success(request, _("Recorded: the patient has been informed."))
    return redirect("desk:todo")
