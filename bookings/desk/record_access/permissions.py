"""The access decorator of every page that shows a clinical record: it asks who may read the record now.

Who works where the patient is known but does not treat them gets a page with the reasons instead; one press goes on.
Everybody else finds nothing, as before.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings.desk import lookups
from bookings.desk.request import ClinicalRequest, StaffRequest
from bookings.facts.record_access import access_of
from bookings.models import Visit
from clinic.people.audit import record_read
from clinic.people.models import Patient
from clinic.people.permissions import staff_required

from .forms import OpeningForm

View = Callable[..., HttpResponseBase]
Find = Callable[[StaffRequest, uuid.UUID], tuple[Patient, Visit | None]]

CLOSED = 403


def record_of_patient(request: StaffRequest, public_id: uuid.UUID) -> tuple[Patient, Visit | None]:
    """The address names the patient."""
    return lookups.patient_or_404(request, public_id), None


def record_of_visit(request: StaffRequest, public_id: uuid.UUID) -> tuple[Patient, Visit | None]:
    """The address names a visit."""
    visit = lookups.visit_or_404(request, public_id)
    return lookups.patient_of(visit), visit


def record_access_required(*roles: str, find: Find = record_of_patient) -> Callable[[View], View]:
    """Members of one of `roles` who may read the record that `find` leads to; the view finds `request.record`."""

    def decorator(view: View) -> View:
        if not hasattr(view, "names_patients"):
            raise ImproperlyConfigured(f"{view.__name__} shows a record: it must wear `reads(of_record)`.")

        @wraps(view)
        def opened(request: HttpRequest, public_id: uuid.UUID, **kwargs: Any) -> HttpResponseBase:
            clinical_request, now = cast("ClinicalRequest", request), timezone.now()
            patient, visit = find(clinical_request, public_id)
            record = access_of(user=clinical_request.user, patient=patient, now=now)
            if not record.is_open:
                return closed_page(
                    clinical_request, patient, OpeningForm(initial={"next": _address(clinical_request, patient)}), now
                )
            clinical_request.patient, clinical_request.record, clinical_request.opened_for = (
                patient,
                record,
                record.opened_for,
            )
            if visit is not None:
                clinical_request.visit = visit
            return view(request, public_id=public_id, **kwargs)

        marked = staff_required(*roles)(opened)
        marked.is_clinical = True  # type: ignore[attr-defined]
        return marked

    return decorator


def closed_page(
    request: StaffRequest, patient: Patient, form: OpeningForm, now: dt.datetime, *, status: int = CLOSED
) -> HttpResponse:
    """Who it is, and the reasons for which one opens the record: nothing clinical."""
    record_read(request=request, patients=[patient], door="desk:closed_record", clinic=request.clinic, now=now)
    return render(request, "desk/clinical/closed.html", {"patient": patient, "form": form}, status=status)


def _address(request: HttpRequest, patient: Patient) -> str:
    """Where it goes on after the press: to the page that was asked for; what was posted is looked at anew first."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return reverse("desk:record", args=[patient.public_id])
