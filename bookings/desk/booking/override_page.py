"""A rule that closes nothing speaks against a booking: what it says, and who may book all the same, with a reason."""

import datetime as dt
import uuid

from django.template.response import TemplateResponse

from bookings.desk.booking.forms import OverrideForm
from bookings.desk.request import StaffRequest
from bookings.errors import SoftLimit
from bookings.models import Visit
from bookings.rules.soft_limits import MAY_OVERRIDE
from clinic.people.audit import record_read
from clinic.people.models import Patient

OWN = {"csrfmiddlewaretoken", "key", "rules", "override"}
"""What the page writes itself; all else that was sent goes along."""


def override_page(
    request: StaffRequest, patient: Patient, refusal: SoftLimit, now: dt.datetime, *, visit: Visit | None = None
) -> TemplateResponse:
    """The same form once more, with a reason; for whoever may not, only what the rule says.

    `visit`: the time that is held; a page of its own is recorded as read by its decorator.
    """
    if visit is None:
        record_read(request=request, patients=[patient], door="desk:book_at_once", clinic=request.clinic, now=now)
    may = request.user.clinics_at(now, *MAY_OVERRIDE).filter(pk=request.clinic.pk).exists()
    sent = [(name, value) for name in request.POST for value in request.POST.getlist(name) if name not in OWN]
    page: dict[str, object] = {"patient": patient, "refusal": refusal, "may": may, "sent": sent, "key": uuid.uuid4()}
    page |= {"rules": sorted(refusal.rules), "form": OverrideForm()}
    return TemplateResponse(request, "desk/override.html", page | {"visit": visit}, status=422)
