"""Before a second record is made: whether the clinic writes to this account's address about somebody born that day.

No more is said than joining by the address says, and it counts as a try of it. The clinic hears of all other likeness:
names and phone numbers prove nothing, and a stranger must not learn from them who is a patient.
"""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest

from bookings.portal.forms.people import NewPatientForm
from bookings.portal.visitor import signed_in
from clinic.people import attempts
from clinic.people.models import Patient
from clinic.people.own_address import join_by_address, known_by_address
from clinic.people.views import tries_by_address

SAME, OTHER = "same", "other"
NEW_PERSON = frozenset({"new", SAME, OTHER})
"""The buttons below the details of a person."""


@dataclass(frozen=True)
class SeenBefore:
    """`asks`: whether it is that patient has to be said first; `joined`: it is, and this account sees appointments."""

    asks: bool = False
    joined: Patient | None = None


def seen_before(request: HttpRequest, new: NewPatientForm, now: dt.datetime) -> SeenBefore:
    """Of valid details. Who says that it is somebody else registers them; the clinic compares the two."""
    pressed, born, user = request.POST.get("act", ""), new.cleaned_data["birth_date"], signed_in(request)
    if pressed == OTHER or attempts.take_all(tries_by_address(request), now=now) is None:
        return SeenBefore()
    known = known_by_address(user=user, birth_date=born, now=now)
    if not known or pressed != SAME:
        return SeenBefore(asks=bool(known))
    joined = {access.patient_id for access in join_by_address(user=user, birth_date=born, now=now)}
    named = [patient for patient in known if patient.given_name.casefold() == new.cleaned_data["given_name"].casefold()]
    return SeenBefore(joined=next(patient for patient in [*named, *known] if patient.pk in joined))
