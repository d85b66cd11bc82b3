"""Registering somebody at the desk: what was typed to find them comes along, and who may be the same is shown first."""

import datetime as dt
import uuid
from typing import Any

from bookings.desk import lookups
from bookings.desk.addresses import uuid_in
from bookings.desk.request import StaffRequest
from clinic.people.models import Patient
from clinic.people.patient_search import Typed
from clinic.people.patients import register_patient
from clinic.people.twins import Key, PossibleTwins, Twin

from .forms import RegistrationForm, SearchForm

SHORTEST_PHONE = 8
"""Fewer digits are a part of a number, or an age."""
LONGEST_AGE = 2
OF_THE_FAMILY = ("family_name", "phone", "village", "language")


def details_of_search(form: SearchForm) -> dict[str, Any]:
    """What was typed to find somebody, as the first values of their registration."""
    typed = Typed.read(form.cleaned_data["words"] if form.is_valid() else "")
    names = [word.title() for word in typed.words]
    return {
        "given_name": " ".join(names[:1]),
        "family_name": " ".join(names[1:]),
        "phone": typed.digits if len(typed.digits) >= SHORTEST_PHONE else "",
        "age": typed.digits if typed.words and len(typed.digits) <= LONGEST_AGE else "",
        "email": typed.email,
        "birth_date": typed.birth_date or form.cleaned_data.get("birth_date"),
    }


def details_of_family(patient: Patient) -> dict[str, Any]:
    """What one of the same house has in common with this patient."""
    return {name: getattr(patient, name) for name in OF_THE_FAMILY}


def register_from(request: StaffRequest, form: RegistrationForm, now: dt.datetime) -> Patient:
    """Register who stands in the form. Raises PossibleTwins with those who may be the same, or of the same family."""
    facts = form.facts
    denied = _denied(request)
    elsewhere = (
        [] if facts["birth_is_approximate"] else lookups.twins(request, facts["phone"], facts["birth_date"], now)
    )
    here = lookups.patients_here(request)
    known = {*here.filter(pk__in=[patient.pk for patient in elsewhere]).values_list("pk", flat=True)}
    away = [Twin(patient, (Key.PERSON, Key.PHONE)) for patient in elsewhere if patient.pk not in known]
    if any(twin.patient.public_id not in denied for twin in away):
        raise PossibleTwins(away)
    return register_patient(by=request.user, clinic=request.clinic, now=now, among=here, denied=denied, **facts)


def page_of_twins(request: StaffRequest, twins: list[Twin]) -> dict[str, Any]:
    """What the page shows of them: who is of other clinics, and whether one may be the same person."""
    ids = [twin.patient.pk for twin in twins]
    here = {*lookups.patients_here(request).filter(pk__in=ids).values_list("pk", flat=True)}
    elsewhere = [twin.patient for twin in twins if twin.patient.pk not in here]
    return {"twins": twins, "elsewhere": elsewhere, "is_likely": any(twin.is_likely for twin in twins)}


def _denied(request: StaffRequest) -> set[uuid.UUID]:
    """Whom the desk was shown and said to be somebody else: the press says it of all who stood on the page."""
    if "anyway" not in request.POST:
        return set()
    return {shown for words in request.POST.getlist("denied") if (shown := uuid_in(words))}
