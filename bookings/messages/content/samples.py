"""Every message with made-up people, for the preview at the desk and for the tests of their words."""

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation

from bookings.models import MessageKind
from clinic.people.models.access import Relation

from .account_words import ACCOUNT_MESSAGES, account_words
from .appointment import Appointment, Sender
from .composition import as_html, as_text
from .patient_words import PERSON_MESSAGES, Joined, MaskedContact, PatientContact
from .staff_words import STAFF_MESSAGES, staff_words_of
from .visit_words import VISIT_MESSAGES, words_for
from .words import Words

SAMPLE_SENDER = Sender(
    "Shanti", ("1 Temple Road", "Kozhikode 673001"), "+91 495 230 0000", "+914952300000", "hello@clinic.example"
)
SECRET = {
    "code": "Q7K-2P9",
    "password_reset_url": "https://clinic.example/accounts/password/reset/sample/",
    "at": "2027-03-09T05:00:00+00:00",
    "zone": "Asia/Kolkata",
    "clinic": "Shanti",
    "number": "4711",
    "role": "nurse",
    "roles": "nurse",
}
CONTACT: dict[str, Any] = {
    "contact": MaskedContact("m...@example.org", "...09"),
    "address_link": "https://clinic.example/letters/contact/sample/",
}
SAMPLE_MANAGER = {"en": "Devi", "hi": "देवी"}

# A reminder two days ahead or more also says how to prepare.
PREPARED_REMINDER = "reminder-prepared"
# A confirmation to an address that is not confirmed yet.
TO_SOMEBODY = "confirmed-to-somebody"
PREPARED = frozenset({str(MessageKind.PREPARATION), str(MessageKind.NEXT_VISIT), PREPARED_REMINDER})
SAMPLE_POINTS = {
    "en": ("Eat lightly the evening before.", "Wear loose clothes."),
    "hi": ("एक शाम पहले हल्का भोजन करें।", "ढीले कपड़े पहनें।"),
}


def sample_appointment(language: str, *, prepared: bool = False) -> Appointment:
    """A visit on a Tuesday in March."""
    zone = ZoneInfo("Asia/Kolkata")
    starts = dt.datetime(2027, 3, 9, 10, 30, tzinfo=zone)
    return Appointment(
        sender=SAMPLE_SENDER,
        name="मीरा" if language == "hi" else "Meera",
        starts=starts,
        ends=starts + dt.timedelta(minutes=45),
        arrives=starts - dt.timedelta(minutes=15),
        zone_name=zone.key,
        language=language,
        uid="sample@clinic.example",
        sequence=0,
        link="https://clinic.example/visits/sample/",
        points=SAMPLE_POINTS.get(language, ()) if prepared else (),
        prepare_link="https://clinic.example/letters/prepare/sample/" if prepared else "",
        aftercare_link="https://clinic.example/letters/aftercare/sample/",
        questions_link="https://clinic.example/letters/questions/sample/",
        late_minutes=30,
    )


def sample_person(language: str) -> PatientContact:
    """A patient, with a day in March."""
    visit = sample_appointment(language)
    acting = "https://clinic.example/people/sample/acting/"
    joined = Joined("lakshmi@example.org", str(Relation.PARENT.label), sees_record=False)
    day = visit.starts.date()
    return PatientContact(visit.sender, visit.name, "https://clinic.example/book/", day, acting, joined, **CONTACT)


def sample_codes() -> list[str]:
    """The names of all samples."""
    return [
        *(str(MessageKind(kind)) for kind in VISIT_MESSAGES),
        PREPARED_REMINDER,
        TO_SOMEBODY,
        *(str(MessageKind(kind)) for kind in PERSON_MESSAGES),
        *(f"account-{name}" for name in ACCOUNT_MESSAGES),
        *map(str, STAFF_MESSAGES),
    ]


def sample_words(code: str, language: str) -> Words:
    """The words of a sample in a language."""
    with translation.override(language):
        if code.startswith("account-"):
            return account_words(code.removeprefix("account-"), SECRET | {"by": SAMPLE_MANAGER.get(language, "")})
        if code in PERSON_MESSAGES:
            return PERSON_MESSAGES[code](sample_person(language))
        if code in STAFF_MESSAGES:
            return staff_words_of(code, 12, SAMPLE_SENDER)
        if code == TO_SOMEBODY:
            return words_for(MessageKind.CONFIRMED, replace(sample_appointment(language), asks=True))
        kind = MessageKind.REMINDER if code == PREPARED_REMINDER else code
        return words_for(kind, sample_appointment(language, prepared=code in PREPARED))


def sample_parts(code: str, language: str) -> tuple[str, str]:
    """The text and the HTML of a sample."""
    words = sample_words(code, language)
    with translation.override(language):
        sender = words.sender or SAMPLE_SENDER
        return as_text(words, sender), as_html(words, sender, language=language)
