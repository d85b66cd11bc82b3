"""What letters may say about a visit, and nothing else: no therapy, no practitioner, no fee."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from bookings.models import Visit
from clinic.people.models import Patient
from clinic.people.person_names import is_label
from clinic.premises.models import Clinic


@dataclass(frozen=True)
class Sender:
    """The clinic as letters name it."""

    name: str
    address: tuple[str, ...]
    phone: str
    phone_link: str
    email: str
    emergency: tuple[str, ...] = ("112",)


@dataclass(frozen=True)
class Appointment:
    """One visit in words' reach. Times are aware, in the clinic's zone; `name` is empty in discreet mode.

    `link` asks for a sign-in; `message_link` opens what the letter says anyway; `others` are the day's other visits.
    `asks`: the reader has not shown yet that the address is theirs.
    """

    sender: Sender
    name: str
    starts: dt.datetime
    ends: dt.datetime
    arrives: dt.datetime
    zone_name: str
    language: str
    uid: str
    sequence: int
    link: str
    message_link: str = ""
    prepare_link: str = ""
    aftercare_link: str = ""
    questions_link: str = ""
    book_link: str = ""
    stop_link: str = ""
    points: tuple[str, ...] = ()
    asks: bool = False
    others: "tuple[Appointment, ...]" = ()

    @property
    def minutes(self) -> int:
        return round((self.ends - self.starts).total_seconds() / 60)


def one_line(text: str) -> str:
    """Names are typed by people: a line break in one must not become a header."""
    return " ".join(text.split())


def name_in_messages(patient: Patient) -> str:
    """The first name, or in discreet mode the label the family chose, or nothing.

    What could be read as an address or a number stays out, however it came into the record.
    """
    name = one_line(patient.label if patient.discreet else patient.given_name)
    return name if is_label(name) else ""


def sender_of(clinic: Clinic) -> Sender:
    phone = clinic.phone
    return Sender(
        name=one_line(clinic.sender_name or clinic.name),
        address=tuple(line.strip() for line in clinic.address.splitlines() if line.strip()),
        phone=phone.as_international if phone else "",
        phone_link=phone.as_e164 if phone else "",
        email=clinic.email,
        emergency=tuple(clinic.emergency_numbers) or ("112",),
    )


def appointment_of(visit: Visit, sender: Sender | None = None) -> Appointment:
    """Reads the visit's bookings, patient and clinic as they are now; `sender` is that clinic, where it is known."""
    patient = visit.patient
    assert patient is not None  # noqa: S101 - a held visit has no letters
    bookings = list(visit.bookings.all())
    return Appointment(
        sender=sender or sender_of(visit.clinic),
        name=name_in_messages(patient),
        starts=min(booking.starts_at for booking in bookings).astimezone(visit.zone),
        ends=max(booking.ends_at for booking in bookings).astimezone(visit.zone),
        arrives=visit.arrives_at.astimezone(visit.zone),
        zone_name=visit.timezone,
        language=patient.language,
        uid=visit.ics_uid,
        sequence=visit.sequence,
        link=absolute(reverse("portal:visit", args=[visit.public_id])),
        book_link=absolute(reverse("portal:book")),
    )


def absolute(path: str) -> str:
    """The address of one of our pages as people type it."""
    return f"{settings.SITE_URL}{path}"


def mail_domain() -> str:
    """The right-hand side of Message-IDs: our site's host."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"
