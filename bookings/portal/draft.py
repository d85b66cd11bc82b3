"""What a browser session remembers of the booking under way, so that a lapsed hold or a sign-in loses nothing."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.http import HttpRequest

from bookings.portal.forms.people import NewPatientForm

IN_SESSION = "booking"
LONGEST = 254
"""Letters of one answer that are remembered; no field takes more."""


@dataclass(frozen=True)
class Draft:
    """`hold` and `booked` are public ids of visits, `patient` of a patient; `typed` is a form not yet sent off."""

    hold: str = ""
    patient: str = ""
    booked: str = ""
    typed: dict[str, str] = field(default_factory=dict)


def draft_of(request: HttpRequest) -> Draft:
    """The booking under way; an empty one when there is none."""
    return Draft(**request.session.get(IN_SESSION, {}))


def keep_draft(request: HttpRequest, **changes: Any) -> Draft:
    """Remember these, and what was remembered before; where nothing is new, the session is not written."""
    before = draft_of(request)
    draft = replace(before, **changes)
    if draft != before:
        request.session[IN_SESSION] = asdict(draft)
    return draft


def keep_typed(request: HttpRequest) -> None:
    """Remember the details of a person that came with a button beside them; nothing when there were none."""
    typed = {name: request.POST[name][:LONGEST] for name in NewPatientForm.base_fields if name in request.POST}
    if typed:
        keep_draft(request, typed=typed)
