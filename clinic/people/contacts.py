"""How a patient is reached: how it changed, who is told when somebody may see more of them, and what waits after it.

Whoever changes an address, and then gives somebody access, must not be the only one who hears of it. So news goes to
every address of the last `REMEMBERED` days and to every account that sees the whole record, as they are at the act.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clinic.people.days import first_day
from clinic.people.independence import may_second
from clinic.people.models import ContactChange, Patient, User
from clinic.people.models.access import Width
from clinic.people.models.contact_change import Field
from clinic.people.records import RecordsOf

REMEMBERED = dt.timedelta(days=30)
"""How long an address that was replaced still hears news (a clinic default, unsourced)."""
WAIT = dt.timedelta(hours=24)
"""How long whoever changed a contact leaves it to others to open the patient's data to somebody."""
CHANGES_A_DAY = 5
"""How many addresses that nobody took face to face an account may write, and the accounts of one patient, so that we
mail no strangers."""
LINKS_A_DAY = 2
"""How often one such address is written to, whatever the accounts and the patients: each time with one link."""


class TooManyChanges(Exception):
    """The contact e-mail was changed too often within a day; `reason` says so in words."""

    def __init__(self) -> None:
        self.reason = _("This e-mail was changed several times today. Please try again tomorrow, or call us.")
        super().__init__(self.reason)


@dataclass(frozen=True)
class Contact:
    """The e-mail and the phone of a patient at one moment, each perhaps empty."""

    email: str
    phone: str

    @classmethod
    def of(cls, patient: Patient) -> "Contact":
        return cls(patient.email, str(patient.phone) if patient.phone else "")


@dataclass(frozen=True)
class Recipients:
    """Addresses that are written to, and the number to ring (or ""). `rings`: whether the desk is asked to do so."""

    addresses: tuple[str, ...]
    rings: bool = False
    phone: str = ""


def recipients_of(patient: Patient, *, now: dt.datetime, joining: User | None = None, without: str = "") -> Recipients:
    """Who hears that somebody may see more of this patient; an account that is `joining` is no witness of itself.

    An address that nobody has shown to be the patient's hears nothing: it may be a stranger's, or mistyped.
    The desk rings too where no address of the patient's own is known, or none was until lately: then on the number of
    that time. `without` is an address left out.
    """
    changes = list(
        ContactChange.objects.filter(patient__in=RecordsOf(patient), at__gt=now - REMEMBERED).order_by("at", "pk")
    )
    emails = [row.before for row in changes if row.field == Field.EMAIL]
    own = _once(_shown_to_be_theirs(patient, emails), without)
    phones = [row.before for row in changes if row.field == Field.PHONE and row.before]
    return Recipients(
        addresses=_once([*own, *_sign_ins(patient, now, joining)], without),
        rings=not own or "" in emails,
        phone=phones[0] if phones else Contact.of(patient).phone,
    )


def note_contact(*, patient: Patient, before: Contact, by: User, clinic: Any, now: dt.datetime) -> list[ContactChange]:
    """Write down what is another address or number than `before`; capitals make no other address."""
    after = Contact.of(patient)
    rows = [
        ContactChange(patient=patient, field=field, before=old, after=new, by=by, clinic=clinic, at=now)
        for field, old, new in ((Field.EMAIL, before.email, after.email), (Field.PHONE, before.phone, after.phone))
        if old.lower() != new.lower()
    ]
    return ContactChange.objects.bulk_create(rows)


def check_number_of_changes(patient: Patient, *, is_known: bool, by: User, now: dt.datetime) -> None:
    """Raises TooManyChanges: for the patient, and for an address that is not known to be theirs, of the account and of
    the address too. `patient` has the new address already.

    Ask it under the locks on the account and the patient. Two accounts that write to one address at once may both pass.
    """
    today = ContactChange.objects.filter(clinic=None, field=Field.EMAIL, at__gt=now - WAIT)
    limits = [(today.filter(patient__in=RecordsOf(patient)), CHANGES_A_DAY)]
    if not is_known:
        limits += [(today.filter(by=by), CHANGES_A_DAY), (today.filter(after__iexact=patient.email), LINKS_A_DAY)]
    if any(rows.count() >= most for rows, most in limits):
        raise TooManyChanges


def why_wait(patient: Patient, *, by: User, now: dt.datetime) -> str:
    """Why this member of staff may not open the patient's data to others now; "" when they may.

    Whoever has an account that is tied to that of the changer, or a new one, counts as the changer. Ask it under the
    lock on the patient.
    """
    changes = ContactChange.objects.filter(patient__in=RecordsOf(patient), at__gt=now - WAIT)
    makers = set(changes.values_list("by", flat=True))
    if by.pk in makers:
        return _(
            "You changed this patient's contact details in the last 24 hours. For safety, the "
            "same person cannot do both. Please ask a colleague, or do this tomorrow."
        )
    if not may_second(by, of=makers, now=now):
        return _(
            "Somebody changed how this patient is reached within the last 24 hours, and you two do not count as two"
            " people here: your account is new, or one of you was invited by the other. Please ask another colleague"
            " to do this, or do it tomorrow."
        )
    return ""


def masked(contact: str) -> str:
    """Enough for its owner to know it again: m...@example.org, or the last two digits of a number."""
    name, at, domain = contact.rpartition("@")
    if at:
        return f"{name[:1]}...@{domain}"
    return f"...{contact[-2:]}" if contact else ""


def _shown_to_be_theirs(patient: Patient, earlier: list[str]) -> list[str]:
    """The patient's address, and those of the `earlier` ones that were once known to be theirs."""
    current = [patient.email] if patient.email_is_proved else []
    history = patient.events.exclude(proved_email="") if earlier else None  # type: ignore[attr-defined]
    proved = history.values_list("proved_email", flat=True) if history is not None else ()
    known_once = {address.lower() for address in proved}
    return [*current, patient.proved_email, *(row for row in earlier if row.lower() in known_once)]


def _sign_ins(patient: Patient, now: dt.datetime, joining: User | None) -> list[str]:
    """The addresses of the accounts that see the whole record."""
    rows = patient.accesses.in_force(first_day(now)).filter(width=Width.FULL, user__is_active=True)
    if joining is not None:
        rows = rows.exclude(user=joining)
    return list(rows.order_by("starts_on", "pk").values_list("user__email", flat=True))


def _once(addresses: list[str], without: str = "") -> tuple[str, ...]:
    """Each address once, whatever its capitals, in the order in which they came."""
    rows: dict[str, str] = {}
    for address in addresses:
        rows.setdefault(address.lower(), address)
    return tuple(address for key, address in rows.items() if key not in ("", without.lower()))
