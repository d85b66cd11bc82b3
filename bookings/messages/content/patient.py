"""What messages about a patient without a visit need."""

import datetime as dt
from collections.abc import Mapping

from django.urls import reverse

from bookings.messages.content.appointment import absolute, name_in_messages, sender_of
from bookings.messages.content.links import address_link
from bookings.messages.content.patient_words import Joined, MaskedContact, PatientContact
from bookings.models import Message, MessageKind
from clinic.people.models.access import Relation, Width
from clinic.people.news import TO_ACCOUNT


def person_of(message: Message) -> PatientContact | None:
    """What messages about a patient need; None for a message about an account or to staff."""
    patient, clinic = message.whom, message.clinic
    if patient is None or clinic is None:
        return None
    return PatientContact(
        sender=sender_of(clinic),
        name=name_in_messages(patient),
        is_for_account=message.secret.get("to") == TO_ACCOUNT,
        book_link=absolute(reverse("portal:book")),
        acting_link=absolute(reverse("portal:acting", args=[patient.public_id])),
        on=_day_of(message),
        joined=_joined(message),
        contact=contact_of(message.secret),
        address_link=address_link(patient, message.recipient) if message.kind == MessageKind.CONFIRM_CONTACT else "",
    )


def _joined(message: Message) -> Joined | None:
    """Who was given access to the patient: the account that used the code, which wrote the message."""
    if message.kind != MessageKind.ACCESS_BEGUN or message.made_by is None:
        return None
    access = message.made_by.accesses.filter(patient=message.patient_id).order_by("-pk").first()
    if access is None:
        return None
    account = message.made_by.email or str(message.made_by)
    is_own = access.relation == Relation.SELF
    return Joined(account, access.get_relation_display(), access.width == Width.FULL, is_own=is_own)


def contact_of(detail: Mapping[str, str]) -> MaskedContact:
    """The patient's new contact details, masked; "-" where there are none."""
    return MaskedContact(email=detail.get("email", ""), phone=detail.get("phone", ""))


def _day_of(message: Message) -> dt.date | None:
    """The day for which a review was planned; part of the key."""
    return dt.date.fromisoformat(message.key.split(":")[2]) if message.kind == MessageKind.REVIEW_DUE else None
