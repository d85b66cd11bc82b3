"""Addresses inside letters: opaque, signed, good for a while. Opening one changes nothing."""

import datetime as dt
import uuid

from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from bookings.models import Visit
from clinic.people.models import Patient

from .appointment import absolute

STOP = "letters.stop"
VISIT = "letters.visit"
QUESTIONS = "letters.questions"
ADDRESS = "letters.confirm_contact"
ADDRESS_DAYS = 30
STOP_DAYS = 400
AFTER_VISIT = dt.timedelta(days=120)
"""How long the links of a visit stay open once it is over; before, they do not lapse, however early it was booked."""


class LinkLapsed(Exception):
    """The link is too old, or was never ours."""


def _token(public_id: uuid.UUID, salt: str) -> str:
    return signing.dumps(public_id.hex, salt=salt)


def _public_id(token: str, salt: str, *, days: int | None = None) -> uuid.UUID:
    try:
        text = signing.loads(token, salt=salt, max_age=days * 86400 if days else None)
        return uuid.UUID(str(text).partition(":")[0])
    except (signing.BadSignature, ValueError, TypeError) as fault:
        raise LinkLapsed from fault


def stop_link(patient: Patient) -> str:
    """Where the reader stops optional letters."""
    return absolute(reverse("letters:stop", args=[_token(patient.public_id, STOP)]))


def visit_link(visit: Visit, *, address: str = "") -> str:
    """Where the reader sees the visit as the letter tells it, and may cancel it without signing in.

    With an `address` it shows that whoever opens it reads the mail of that address.
    """
    text = visit.public_id.hex + (f":{_digest(address)}" if address else "")
    return absolute(reverse("letters:visit", args=[signing.dumps(text, salt=VISIT)]))


def is_sent_to(token: str, address: str) -> bool:
    """Whether a visit's link, which has been opened already, was mailed to this address to be confirmed."""
    return bool(address) and str(signing.loads(token, salt=VISIT)).partition(":")[2] == _digest(address)


def address_link(patient: Patient, address: str) -> str:
    """Where whoever reads the mail of this address says that it is theirs."""
    text = f"{patient.public_id.hex}:{_digest(address)}"
    return absolute(reverse("letters:contact", args=[signing.dumps(text, salt=ADDRESS)]))


def patient_to_write_to(token: str) -> Patient:
    """The patient of an `address_link`, while their contact is the address that it was mailed to. Raises LinkLapsed."""
    patient = Patient.objects.filter(public_id=_public_id(token, ADDRESS, days=ADDRESS_DAYS)).first()
    text = str(signing.loads(token, salt=ADDRESS))
    if patient is None or not patient.email or text.partition(":")[2] != _digest(patient.email):
        raise LinkLapsed
    return patient


def _digest(address: str) -> str:
    return salted_hmac("letters.address", address.lower(), algorithm="sha256").hexdigest()[:20]


def prepare_link(visit: Visit) -> str:
    """Where the reader finds how to prepare, in neutral words."""
    return absolute(reverse("letters:prepare", args=[_token(visit.public_id, VISIT)]))


def aftercare_link(visit: Visit) -> str:
    """Where the reader finds what helps after the visit, in neutral words."""
    return absolute(reverse("letters:aftercare", args=[_token(visit.public_id, VISIT)]))


def questions_link(visit: Visit) -> str:
    """Where the reader answers the questions before the visit; `visit_behind(token, QUESTIONS)` finds it again."""
    return absolute(reverse("letters:questions", args=[_token(visit.public_id, QUESTIONS)]))


def patient_behind(token: str) -> Patient:
    """Whose letters this link stops. Raises LinkLapsed."""
    patient = Patient.objects.filter(public_id=_public_id(token, STOP, days=STOP_DAYS)).first()
    if patient is None:
        raise LinkLapsed
    return patient


def visit_behind(token: str, salt: str = VISIT, *, now: dt.datetime) -> Visit:
    """The visit that this link of that purpose is about. Raises LinkLapsed."""
    visits = Visit.objects.select_related("patient", "clinic").prefetch_related("bookings")
    visit = visits.filter(public_id=_public_id(token, salt), patient__isnull=False).first()
    if visit is None or all(booking.ends_at + AFTER_VISIT <= now for booking in visit.bookings.all()):
        raise LinkLapsed
    return visit
