"""What each text that was kept belongs to, for the one who wrote it: whose record, which session, which part."""

import datetime as dt
from dataclasses import dataclass

from django.http import Http404
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.desk import lookups
from bookings.desk.request import StaffRequest
from clinic.clock import clock_words
from clinic.people import kept_forms
from clinic.people.models import KeptForm


@dataclass(frozen=True)
class WrittenText:
    """`title` is "" where what it belonged to is not within reach any more."""

    form: KeptForm
    title: str


def written_texts(request: StaffRequest, *, now: dt.datetime) -> list[WrittenText]:
    """What this person was writing when the device locked, the newest first."""
    return [WrittenText(form, _title(request, form.path)) for form in kept_forms.kept_of(request.user, now=now)]


def _title(request: StaffRequest, path: str) -> str:
    try:
        page = resolve(path)
        return _of_session(request, page) if "position" in page.kwargs else _of_patient(request, page)
    except (Resolver404, Http404):
        return ""


def _of_session(request: StaffRequest, page: ResolverMatch) -> str:
    visit = lookups.visit_or_404(request, page.kwargs["public_id"])
    booking = lookups.booking_or_404(visit, page.kwargs["position"])
    details = {
        "patient": lookups.patient_of(visit),
        "therapy": booking.variant.therapy,
        "time": clock_words(timezone.localtime(booking.starts_at, visit.zone)),
    }
    if page.url_name == "session_before":
        return _("%(patient)s, %(therapy)s %(time)s, before the session") % details
    return _("%(patient)s, %(therapy)s %(time)s, during or after the session") % details


def _of_patient(request: StaffRequest, page: ResolverMatch) -> str:
    patient = lookups.patient_or_404(request, page.kwargs["public_id"])
    if page.url_name == "prescribe":
        return _("%(patient)s, prescription") % {"patient": patient}
    return _("%(patient)s, examination") % {"patient": patient}
