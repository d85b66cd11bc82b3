"""All that messages may say about a visit: no therapy, no practitioner, no fee but that of a late change."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from bookings.models import Visit
from clinic.maps import map_link
from clinic.people.models import Patient
from clinic.people.person_names import is_label
from clinic.premises.models import Clinic


@dataclass(frozen=True)
class Sender:
    """The clinic as messages name it."""

    name: str
    address: tuple[str, ...]
    phone: str
    phone_link: str
    email: str
    emergency: tuple[str, ...] = ("112",)

    @property
    def map_link(self) -> str:
        """Where the address is found on a map; opened only by a press."""
        return map_link(self.name, self.address)


@dataclass(frozen=True)
class Appointment:
    """One visit as the words see it. Times are aware, in the clinic's zone; `name` may be empty in discreet mode.

    `link` requires a sign-in; `message_link` shows without one what the message says; `others` are the day's other
    visits; `asks`: the address is not confirmed yet, and the message asks for it. `cost_of_change`: in one or two
    sentences, of a visit that can still be changed.
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
    stops_reminders: bool = False
    late_minutes: int = 0
    points: tuple[str, ...] = ()
    asks: bool = False
    cost_of_change: str = ""
    others: "tuple[Appointment, ...]" = ()
    course: "tuple[Appointment, ...]" = ()
    """The later visits that were booked together with it."""

    @property
    def minutes(self) -> int:
        return round((self.ends - self.starts).total_seconds() / 60)


def one_line(text: str) -> str:
    """Collapse white space, so that a line break in a typed name cannot start a header."""
    return " ".join(text.split())


def name_in_messages(patient: Patient) -> str:
    """The first name, or in discreet mode the label that the family chose, or nothing.

    A name that could be read as a web address or a number is left out.
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
    """Build the appointment from the visit's bookings, patient and clinic; `sender` saves building it again."""
    patient = visit.patient
    assert patient is not None  # noqa: S101 - a held visit has no messages
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
    """The absolute URL of a path of this site."""
    return f"{settings.SITE_URL}{path}"


def mail_domain() -> str:
    """The domain of Message-IDs: this site's host."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"
