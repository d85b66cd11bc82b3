"""The door of the portal: a patient's door that also writes down what others than the patient read through it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from bookings.portal.lookups import first_own_account
from clinic.people.audit import record_read
from clinic.people.models import Patient
from clinic.people.permissions import patient_door, person

View = Callable[..., HttpResponseBase]


def portal_door(view: View) -> View:
    """Whoever is signed in. What members of staff and other accounts than the patient's own open here is audited."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        audit_member(request, kwargs.get("public_id"))
        return view(request, *args, **kwargs)

    door = patient_door(opened)
    door.audits_members = True  # type: ignore[attr-defined]
    return door


def audit_member(request: HttpRequest, public_id: Any = None) -> None:
    """Write the read of whoever works at a clinic: of the patient, or the visit, of the address, else of everybody.

    Of all others, that of the patient or visit of the address, where the account is not the patient's first own one.
    """
    user, now = person(request), timezone.now()
    people = Patient.objects.of(user, now.date())
    if public_id:
        named = people.filter(Q(public_id=public_id) | Q(visits__public_id=public_id))
        first = first_own_account(OuterRef("pk"), now).values("user")
        works_here = Exists(user.clinics_at(now))
        rows = list(named.annotate(works_here=works_here, first_own=Subquery(first)))
        request.works_here = rows[0].works_here if rows else user.clinics_at(now).exists()  # type: ignore[attr-defined]
        shown = [row for row in rows if row.works_here or row.first_own != user.pk]  # type: ignore[attr-defined]
    else:
        request.works_here = user.clinics_at(now).exists()  # type: ignore[attr-defined]
        shown = list(people) if request.works_here else []  # type: ignore[attr-defined]
    if not shown:
        return
    match = request.resolver_match
    door = f"portal:{match.url_name}" if match else "portal"
    record_read(request=request, patients=shown, door=door, clinic=None, now=now)
