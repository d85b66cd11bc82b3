"""A course at the desk: look at the days that are proposed, change what does not suit, book all in one press."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from bookings.actions.course_bookings import CourseChanged, book_course, booked_before
from bookings.desk.buttons import DESK
from bookings.desk.reads import by_patient, reads
from bookings.desk.request import PatientRequest
from bookings.errors import ActionRefused
from bookings.facts.patient import patient_facts_of
from clinic.people.permissions import staff_required

from .forms import TimetableForm
from .lookups import orders_in_force, signed_or_404
from .page import CoursePage


def _page(request: PatientRequest, prescription_id: uuid.UUID, now: dt.datetime) -> CoursePage:
    prescription = signed_or_404(request.patient, prescription_id)
    facts = patient_facts_of(request.patient, now=now)
    query = request.POST if request.method == "POST" else request.GET
    orders = orders_in_force(prescription, facts)
    return CoursePage(request.patient, request.clinic, prescription, orders, facts, query)


@staff_required(*DESK)
@require_safe
@reads(by_patient)
def course(request: PatientRequest, public_id: uuid.UUID, prescription_id: uuid.UUID) -> HttpResponse:
    """What is left of a prescription, and the days that are proposed for it."""
    page = _page(request, prescription_id, timezone.now())
    context = {"patient": request.patient, "page": page, "key": uuid.uuid4()}
    return render(request, "desk/courses/course.html", context)


@staff_required(*DESK)
@require_POST
@reads(by_patient)
def book(request: PatientRequest, public_id: uuid.UUID, prescription_id: uuid.UUID) -> HttpResponse:
    """Book every visit at the starts that the page showed, or none and say why."""
    now = timezone.now()
    page, form = _page(request, prescription_id, now), TimetableForm(request.POST)
    if not form.is_valid() or not page.chosen:
        messages.error(request, _("Please look at the days again."))
        return redirect("desk:course", public_id, prescription_id)
    key = form.cleaned_data["key"]
    try:
        visits = page.timetable()
        book_course(visits=visits, patient=request.patient, by=request.user, now=now, key=key)
    except ActionRefused as refusal:
        if count := booked_before(patient=request.patient, key=key, by=request.user):
            return _booked(request, public_id, prescription_id, count)
        messages.error(request, " ".join([refusal.reason, _("Nothing has been booked.")]))
        again = "" if isinstance(refusal, CourseChanged) else page.address_again
        return HttpResponseRedirect(f"{reverse('desk:course', args=[public_id, prescription_id])}?{again}")
    return _booked(request, public_id, prescription_id, len(visits))


def _booked(request: PatientRequest, public_id: uuid.UUID, prescription_id: uuid.UUID, count: int) -> HttpResponse:
    words = ngettext("%(count)s visit has been booked.", "All %(count)s visits have been booked.", count)
    messages.success(request, words % {"count": count})
    return redirect("desk:course", public_id, prescription_id)


@staff_required(*DESK)
@require_safe
@reads(by_patient)
def sheet(request: PatientRequest, public_id: uuid.UUID, prescription_id: uuid.UUID) -> HttpResponse:
    """The days of a course on paper, for the patient's kitchen wall; in the patient's language."""
    page = _page(request, prescription_id, timezone.now())
    return render(request, "desk/courses/sheet.html", {"patient": request.patient, "page": page})
