"""The access decorator of the portal: it requires an account, and records what others than the patient read."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from bookings.portal.people_rows import people_acted_for, people_of_address
from clinic.people.audit import record_read
from clinic.people.models import Patient
from clinic.people.permissions import account_required, signed_in_user
from clinic.people.workplaces import works_at_a_clinic

View = Callable[..., HttpResponseBase]


def portal_access_required(view: View) -> View:
    """Whoever is signed in. What members of staff and other accounts than the patient's own open here is audited.

    It is written before the answer leaves: a page whose read cannot be written is not shown.
    """

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        shown = shown_to_member(request, kwargs.get("public_id"))
        response = view(request, *args, **kwargs)
        if response.status_code < 400:  # what was refused, or not found, was not read
            _record(request, shown)
        return response

    view_of_members = account_required(opened)
    view_of_members.audits_members = True  # type: ignore[attr-defined]
    return view_of_members


def audit_member(request: HttpRequest) -> None:
    """Write the read of a page without an address of somebody, of which the view says itself that it is shown."""
    _record(request, shown_to_member(request))


def _record(request: HttpRequest, shown: list[Patient]) -> None:
    match = request.resolver_match
    door = f"portal:{match.url_name}" if match else "portal"
    record_read(request=request, patients=shown, door=door, clinic=None, now=timezone.now())


def shown_to_member(request: HttpRequest, public_id: Any = None) -> list[Patient]:
    """Whose page this is, where its read is written: by whoever works at a clinic, of the address, else of everybody.

    Of all others, that of the patient or visit of the address, where the account is not the patient's first own one.
    """
    user, now = signed_in_user(request), timezone.now()
    if public_id:
        rows: list[Any] = people_of_address(user, public_id, now)
        request.works_here = rows[0].works_here if rows else works_at_a_clinic(user, now)  # type: ignore[attr-defined]
        return [row for row in rows if row.works_here or row.first_own != user.pk]
    request.works_here = works_at_a_clinic(user, now)  # type: ignore[attr-defined]
    return people_acted_for(user, now) if request.works_here else []  # type: ignore[attr-defined]
