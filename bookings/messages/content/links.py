"""Links in messages: opaque, signed, valid for a limited time. Opening one changes nothing."""

import datetime as dt
import uuid

from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from bookings.models import Visit
from clinic.people.models import Patient

from .appointment import absolute

STOP = "letters.stop"
STOP_REMINDERS = "letters.stop_reminders"
VISIT = "letters.visit"
QUESTIONS = "letters.questions"
ADDRESS = "letters.confirm_contact"
ADDRESS_DAYS = 30
STOP_DAYS = 400
AFTER_VISIT = dt.timedelta(days=120)
"""How long the links of a visit stay valid after it; they do not expire before it."""


class LinkLapsed(Exception):
    """The link has expired, or its signature is not ours."""


def _token(public_id: uuid.UUID, salt: str) -> str:
    return signing.dumps(public_id.hex, salt=salt)


def _public_id(token: str, salt: str, *, days: int | None = None) -> uuid.UUID:
    try:
        text = signing.loads(token, salt=salt, max_age=days * 86400 if days else None)
        return uuid.UUID(str(text).partition(":")[0])
    except (signing.BadSignature, ValueError, TypeError) as fault:
        raise LinkLapsed from fault


def stop_link(patient: Patient, *, reminders: bool = False) -> str:
    """Stops optional messages, or those and the `reminders`."""
    salt = STOP_REMINDERS if reminders else STOP
    return absolute(reverse("letters:stop", args=[_token(patient.public_id, salt)]))


def visit_link(visit: Visit, *, address: str = "") -> str:
    """Shows what the message said, and lets the patient cancel or move the visit without signing in.

    With an `address` it also proves that whoever opens it reads the mail of that address.
    """
    text = visit.public_id.hex + (f":{_digest(address)}" if address else "")
    return absolute(reverse("letters:visit", args=[signing.dumps(text, salt=VISIT)]))


def is_sent_to(token: str, address: str) -> bool:
    """Whether this valid `visit_link` was made to confirm this address."""
    return bool(address) and str(signing.loads(token, salt=VISIT)).partition(":")[2] == _digest(address)


def address_link(patient: Patient, address: str) -> str:
    """Lets the owner of this address confirm that it is theirs."""
    text = f"{patient.public_id.hex}:{_digest(address)}"
    return absolute(reverse("letters:contact", args=[signing.dumps(text, salt=ADDRESS)]))


def patient_to_write_to(token: str) -> Patient:
    """The patient of an `address_link`, if their address is still the one it was sent to. Raises LinkLapsed."""
    patient = Patient.objects.named(_public_id(token, ADDRESS, days=ADDRESS_DAYS)).first()
    text = str(signing.loads(token, salt=ADDRESS))
    if patient is None or not patient.email or text.partition(":")[2] != _digest(patient.email):
        raise LinkLapsed
    return patient


def _digest(address: str) -> str:
    return salted_hmac("letters.address", address.lower(), algorithm="sha256").hexdigest()[:20]


def prepare_link(visit: Visit) -> str:
    """Shows how to prepare, in neutral words."""
    return absolute(reverse("letters:prepare", args=[_token(visit.public_id, VISIT)]))


def aftercare_link(visit: Visit) -> str:
    """Shows advice for after the visit, in neutral words."""
    return absolute(reverse("letters:aftercare", args=[_token(visit.public_id, VISIT)]))


def questions_link(visit: Visit) -> str:
    """Opens the questions before the visit; `visit_behind(token, QUESTIONS)` reads it."""
    return absolute(reverse("letters:questions", args=[_token(visit.public_id, QUESTIONS)]))


def patient_behind(token: str) -> tuple[Patient, bool]:
    """The patient of a `stop_link`, and whether it stops the reminders too. Raises LinkLapsed."""
    try:
        public_id, reminders = _public_id(token, STOP, days=STOP_DAYS), False
    except LinkLapsed:
        public_id, reminders = _public_id(token, STOP_REMINDERS, days=STOP_DAYS), True
    patient = Patient.objects.named(public_id).first()
    if patient is None:
        raise LinkLapsed
    return patient, reminders


def visit_behind(token: str, salt: str = VISIT, *, now: dt.datetime) -> Visit:
    """The visit of a link with this purpose. Raises LinkLapsed."""
    visits = Visit.objects.select_related("patient", "clinic").prefetch_related("bookings")
    visit = visits.filter(public_id=_public_id(token, salt), patient__isnull=False).first()
    if visit is None or all(booking.ends_at + AFTER_VISIT <= now for booking in visit.bookings.all()):
        raise LinkLapsed
    return visit
