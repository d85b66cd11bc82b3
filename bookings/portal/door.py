"""The door of the portal: a patient's door that also writes down what members of staff read through it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from clinic.people.auditing import record_read
from clinic.people.doors import patient_door, person
from clinic.people.models import Patient

View = Callable[..., HttpResponseBase]


def portal_door(view: View) -> View:
    """Whoever is signed in. What a member of staff opens here is audited like a page of the desk."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        audit_member(request, kwargs.get("public_id"))
        return view(request, *args, **kwargs)

    door = patient_door(opened)
    door.audits_members = True  # type: ignore[attr-defined]
    return door


def audit_member(request: HttpRequest, public_id: Any = None) -> None:
    """Write the read of whoever works at a clinic: of the patient, or the visit, of the address, else of everybody."""
    user, now = person(request), timezone.now()
    request.works_here = user.clinics_at(now).exists()  # type: ignore[attr-defined]
    if not request.works_here:  # type: ignore[attr-defined]
        return
    people = Patient.objects.of(user, now.date())
    if public_id:
        people = people.filter(Q(public_id=public_id) | Q(visits__public_id=public_id))
    match = request.resolver_match
    door = f"portal:{match.url_name}" if match else "portal"
    record_read(request=request, patients=people, door=door, clinic=None, now=now)
