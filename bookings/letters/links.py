"""Addresses inside letters: opaque, signed, good for a while. Opening one changes nothing."""

from django.core import signing
from django.urls import reverse

from bookings.models import Message

from .appointment import absolute

SALT = "letters.stop"
STOP_DAYS = 400


class LinkLapsed(Exception):
    """The link is too old, or was never ours."""


def stop_token(patient_id: int) -> str:
    return signing.dumps(patient_id, salt=SALT)


def patient_of_stop_token(token: str) -> int:
    """The patient who may stop optional letters with this token."""
    try:
        return int(signing.loads(token, salt=SALT, max_age=STOP_DAYS * 86400))
    except signing.BadSignature as fault:
        raise LinkLapsed from fault


def stop_link(message: Message) -> str:
    """Where the reader stops optional letters."""
    assert message.visit is not None  # noqa: S101 - only letters about visits are optional
    return absolute(reverse("letters:stop", args=[stop_token(message.visit.patient_id or 0)]))
