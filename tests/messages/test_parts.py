"""Each part of a mail, read back as a mail program reads it, in every language."""

import datetime as dt
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.conf import settings
from icalendar import Calendar

from bookings.messages.content.composition import compose
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Message, Visit
from clinic.people.models import Patient

NAMES = {"en": "Meera", "hi": "मीरा"}


def parts_of(message: Message, now: dt.datetime) -> dict[str, bytes]:
    """The content of every part by its type, decoded from the bytes that leave."""
    sent = message_from_bytes(
        compose(message, now=now).message().as_bytes(), _class=EmailMessage, policy=policy.default
    )
    parts = [part for part in sent.walk() if not part.is_multipart()]
    return {part.get_content_type(): part.get_payload(decode=True) for part in parts}  # type: ignore[misc]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_part_of_a_letter_reads_as_it_was_written(
    visit: Visit, patient: Patient, now: dt.datetime, language: str
) -> None:
    patient.given_name, patient.language = NAMES[language], language
    patient.save()
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)

    parts = parts_of(Message.objects.get(kind="confirmed"), now)

    assert set(parts) == {"text/plain", "text/html", "text/calendar", "application/ics"}
    texts = {kind: content.decode() for kind, content in parts.items()}
    assert [kind for kind, text in texts.items() if "\\u" in text] == []
    assert parts["application/ics"].splitlines() == parts["text/calendar"].splitlines()
    (event,) = Calendar.from_ical(parts["application/ics"]).walk("VEVENT")
    assert event["ATTENDEE"].params["CN"] == NAMES[language]
    assert [kind for kind in ("text/plain", "text/html") if NAMES[language] not in texts[kind]] == []
