"""Calls by the front desk: messages to patients whom e-mail does not reach."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.phonenumber import PhoneNumber

from bookings.errors import PolicyRefused, StaleVersion
from bookings.models import Channel, Message, MessageKind, State
from clinic.people.independence import Origins
from clinic.people.models import Membership, Patient, Role, User
from clinic.premises.models import Clinic

from .content.appointment import appointment_of
from .content.composition import message_clock
from .content.patient import person_of
from .content.patient_words import PERSON_MESSAGES
from .content.visit_words import words_for
from .content.words import Words
from .kinds import BEFORE_START, offset_of

AGAIN_AFTER = {"no_answer": dt.timedelta(minutes=45), "later": dt.timedelta(hours=2)}


class CallOutcome(models.TextChoices):
    DONE = "done", gettext_lazy("Completed")
    NO_ANSWER = "no_answer", gettext_lazy("No answer")
    LATER = "later", gettext_lazy("Later")
    WHATSAPP = "whatsapp", gettext_lazy("Sent by WhatsApp")
    SMS = "sms", gettext_lazy("Sent by SMS")


SETTLES = frozenset({CallOutcome.DONE, CallOutcome.WHATSAPP, CallOutcome.SMS})
"""After these the patient knows."""


@dataclass(frozen=True)
class Call:
    """One message with what the desk needs to call: the person, the number and the words."""

    message: Message
    patient: Patient
    who: str
    phone: str
    phone_link: str
    language: str
    tries: str
    words: Words | None
    whatsapp: str = ""
    sms: str = ""


def due_calls(*, clinics: Iterable[Clinic], now: dt.datetime) -> list[Call]:
    """Calls that are due. Left out: what is only useful before a visit that has already started."""
    rows = Message.objects.calls(now).at(clinics).with_visit()  # type: ignore[arg-type]
    begun = models.Q(kind__in=BEFORE_START, visit__bookings__starts_at__lte=now)
    return [_call(row) for row in rows.exclude(begun).distinct()]


def papers(*, clinics: Iterable[Clinic], now: dt.datetime) -> list[Call]:
    """Messages that are due to be handed over on paper."""
    return [_call(row) for row in Message.objects.papers(now).at(clinics).with_visit()]  # type: ignore[arg-type]


def _call(row: Message) -> Call:
    patient = row.whom
    assert patient is not None  # noqa: S101 - no call is about an account
    phone = phone_of(row, patient)
    return Call(
        message=row,
        patient=patient,
        who=patient.full_name,
        phone=phone.as_international if phone else "",
        phone_link=phone.as_e164 if phone else "",
        language=_language_of(row),
        tries=_tries(row),
        words=_words(row),
        **_links(row, phone.as_e164 if phone else ""),
    )


def _links(row: Message, phone: str) -> dict[str, str]:
    """Where a person sends the message by hand, with its words in the patient's language: no therapy, no health."""
    with translation.override(row.language), message_clock(row):
        words = _words(row)
    if not phone or words is None:
        return {}
    text = quote(short_text(words))
    return {"whatsapp": f"https://wa.me/{phone.removeprefix('+')}?text={text}", "sms": f"sms:{phone}?body={text}"}


def short_text(words: Words) -> str:
    """A message as people send it by telephone: who writes, what it is about, when and where, and whom to call."""
    sender = words.sender
    lines = [f"{sender.name}: {words.title}" if sender else words.title, *words.before]
    lines += [f"{label}: {value}" for label, value in words.facts]
    return "\n".join([*lines, sender.phone] if sender and sender.phone else lines)


def by_hand(row: Message) -> Call | None:
    """A message as somebody may send it by hand; None where it is settled, or about no patient."""
    return _call(row) if row.whom is not None and row.state in (State.DUE, State.FAILED) else None


def phone_of(row: Message, patient: Patient) -> Any:
    """The number to call: the one stored in the message, otherwise the patient's."""
    return PhoneNumber.from_string(row.recipient) if row.recipient.startswith("+") else patient.phone


def _words(row: Message) -> Words | None:
    """What to say, in the patient's language; None if composing fails, so that the call stays on the list."""
    try:
        return _words_about(row)
    except Exception:  # noqa: BLE001 - the desk can still call: it has the name and the number
        return None


def _words_about(row: Message) -> Words | None:
    person = person_of(row)
    if person and row.kind in PERSON_MESSAGES:
        return PERSON_MESSAGES[row.kind](person)
    if row.visit is None:
        return None
    late = offset_of(row) if row.kind == MessageKind.RUNNING_LATE else 0
    return words_for(row.kind, replace(appointment_of(row.visit), late_minutes=late))


def _language_of(row: Message) -> str:
    """The name of the patient's language."""
    return str(translation.get_language_info(row.language)["name_translated"])


def _tries(row: Message) -> str:
    """The outcome of the last attempt."""
    if not row.outcome:
        return ""
    return _("%(outcome)s (attempts: %(count)d)") % {"outcome": CallOutcome(row.outcome).label, "count": row.attempts}


def why_not_settle(row: Message, *, by: User, now: dt.datetime) -> str:
    """Why this member may not mark the call as done; "" when they may.

    A change must be reported to the patient by somebody other than the person who made it, and whose account is not
    tied to theirs, unless nobody else works at the clinic's desk.
    """
    makers = row.secret.get("makers", ())
    if not makers:
        return ""
    origins = Origins.at(now)
    desk = Membership.objects.holding_at(now, Role.FRONT_DESK, Role.MANAGER).filter(clinic=row.clinic_id)
    others = {
        user for user in desk.values_list("user", flat=True) if not any(origins.are_tied(user, each) for each in makers)
    }
    if by.pk in others or not others:
        return ""
    return _("You made this change yourself. Please ask a colleague to inform the patient.")


@transaction.atomic
def settle_call(*, message: Message, outcome: str, by: User, now: dt.datetime) -> Message:
    """Record the outcome of a call or a paper: "done" settles it, anything else makes it due again a little later.

    Raises StaleVersion, and PolicyRefused when `why_not_settle` gives a reason.
    """
    row = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if row.state != State.DUE or row.channel == Channel.EMAIL:
        raise StaleVersion
    if outcome in SETTLES and (reason := why_not_settle(row, by=by, now=now)):
        raise PolicyRefused(reason)
    row.outcome, row.settled_by, row.attempts = CallOutcome(outcome).value, by, row.attempts + 1
    if row.outcome in SETTLES:
        row.state, row.sent_at, row.secret = State.SENT, now, {}
    else:
        row.due_at = now + AGAIN_AFTER[row.outcome]
    row.save()
    return row


@transaction.atomic
def settle_by_hand(*, message: Message, outcome: str, by: User, now: dt.datetime) -> Message:
    """Somebody told the patient what an e-mail was to tell: it is not sent any more, and no longer counts as failed.

    Raises StaleVersion where it is settled, or on its way.
    """
    row = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if row.channel != Channel.EMAIL:
        return settle_call(message=message, outcome=outcome, by=by, now=now)
    if row.state not in (State.DUE, State.FAILED) or row.lease_token is not None:
        raise StaleVersion
    if reason := why_not_settle(row, by=by, now=now):
        raise PolicyRefused(reason)
    row.outcome, row.settled_by = CallOutcome(outcome).value, by
    row.state, row.sent_at, row.secret = State.SENT, now, {}
    row.save()
    return row
