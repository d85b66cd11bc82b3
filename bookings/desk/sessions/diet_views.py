"""After Vamana and Virechana: the grade of cleansing, and the sheet of the diet that the patient takes home."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.actions.session_notes import note_session
from bookings.desk import lookups
from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required, record_of_visit
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import ClinicalRequest
from bookings.facts.diet import diet_after
from bookings.facts.record_access import TREATS
from bookings.facts.sessions import note_of
from clinic.people.models import Role

from .diet_forms import GradeForm, SheetForm


@record_access_required(Role.VAIDYA, find=record_of_visit)
@require_POST
@reads(of_record)
def grade(request: ClinicalRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """The Vaidya says how much was cleansed; the days of the diet follow from it."""
    booking = lookups.booking_or_404(request.visit, position)
    diet = diet_after(booking, note_of(booking))
    form = GradeForm(request.POST, diet=diet, therapy=booking.variant.therapy.code) if diet else None
    if form is not None and form.is_valid():
        with refusals_as_messages(request):
            note_session(booking=booking, by=request.user, now=timezone.now(), grade=form.cleaned_data["grade"])
            messages.success(request, _("The grade has been saved. You can print the diet now."))
    else:
        messages.error(request, _("Please choose a grade.") if form else _("No diet follows this session."))
    return redirect("desk:session", public_id=public_id, position=position)


@record_access_required(*TREATS, find=record_of_visit)
@require_safe
@reads(of_record)
def diet_sheet(request: ClinicalRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """The days of the diet with their meals, for A4: in the language that was chosen, the page around it in ours."""
    visit = request.visit
    booking, form = lookups.booking_or_404(visit, position), SheetForm(request.GET)
    diet = diet_after(booking, note_of(booking))
    if diet is None or diet.chosen is None or not form.is_valid():
        messages.error(request, _("Please choose the grade first.") if diet else _("No diet follows this session."))
        return redirect("desk:session", public_id=public_id, position=position)
    language = form.cleaned_data["language"]
    with translation.override(language):
        days = diet.days(from_evening=form.cleaned_data["begins"] == "evening")
    page = {"visit": visit, "booking": booking, "patient": visit.patient, "diet": diet, "days": days}
    return render(request, "desk/sessions/diet_sheet.html", page | {"sheet_language": language})
