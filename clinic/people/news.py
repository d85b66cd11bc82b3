"""What a patient is told when somebody may see more of them than before: letters, or a call by the desk."""

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from clinic.people.contacts import Contact, Recipients, masked, note_contact, recipients_of
from clinic.people.models import Access, Patient, User
from clinic.people.models.access import Relation
from clinic.people.models.contact_change import Field


class News(StrEnum):
    """The values are kinds of letters."""

    ACCESS_BEGUN = "access_begun"
    ACCESS_ENDED = "access_ended"
    NEW_CLINIC = "new_clinic"
    RECORD_SHARED = "record_shared"
    CONTACT_CHANGED = "contact_changed"
    CONFIRM_CONTACT = "confirm_contact"


TO_ACCOUNT = "account"
"""`to` in the detail of news that goes to the owner of an account, and not to the patient."""


class WriteNews(Protocol):
    """The rooms above say who writes the rows, in settings.NEWS_WRITER: people know nothing of letters.

    `makers` are who did what the news tells of: none of them settles the call. `detail` is what its words need.
    """

    def __call__(
        self,
        *,
        patient: Patient,
        kind: str,
        clinic: Any,
        by: User,
        now: dt.datetime,
        recipients: Recipients,
        makers: Iterable[int],
        detail: Mapping[str, str],
    ) -> object: ...


def tell(
    patient: Patient,
    news: News,
    recipients: Recipients,
    *,
    clinic: Any,
    by: User,
    now: dt.datetime,
    makers: Iterable[int] = (),
    detail: Mapping[str, str] | None = None,
) -> None:
    """Write the letters in the transaction of the change that they tell of; who gets them is fixed with it."""
    write: WriteNews = import_string(settings.NEWS_WRITER)
    write(
        patient=patient,
        kind=news,
        clinic=clinic or patient.clinics.order_by("pk").first(),
        by=by,
        now=now,
        recipients=recipients,
        makers={by.pk, *makers},
        detail=detail or {},
    )


def tell_patient(patient: Patient, news: News, *, clinic: Any, by: User, now: dt.datetime) -> None:
    """Tell everybody who hears that somebody may see more of the patient."""
    tell(patient, news, recipients_of(patient, now=now), clinic=clinic, by=by, now=now)


def tell_of_access(access: Access, *, clinic: Any, code_by: int, now: dt.datetime) -> None:
    """An account was joined by a code that the account `code_by` made; it is no witness of itself."""
    patient, user = access.patient, access.user
    recipients = recipients_of(patient, now=now, joining=user)
    tell(patient, News.ACCESS_BEGUN, recipients, clinic=clinic, by=user, now=now, makers=[code_by])


def tell_of_end(access: Access, *, by: User, now: dt.datetime) -> None:
    """Whose access somebody else ended hears of it; where it was the patient's own account, everybody does."""
    if by == access.user:
        return
    patient, address = access.patient, access.user.email
    recipients, detail = Recipients((address,) if address else ()), {"to": TO_ACCOUNT}
    if access.relation == Relation.SELF:
        detail = {}
        everybody = recipients_of(patient, now=now)
        addresses = dict.fromkeys([*recipients.addresses, *everybody.addresses])
        recipients = Recipients(tuple(addresses), rings=everybody.rings and not address, phone=everybody.phone)
    tell(patient, News.ACCESS_ENDED, recipients, clinic=None, by=by, now=now, detail=detail)


def tell_of_contact(patient: Patient, *, before: Contact, clinic: Any, by: User, now: dt.datetime) -> None:
    """Write down that the patient is reached otherwise now, and tell the old address, and every account in full.

    A new address that is not known to be the patient's gets a link that shows it. Without an old one nobody is rung.
    """
    changes = note_contact(patient=patient, before=before, by=by, clinic=clinic, now=now)
    if not changes:
        return
    fields = {str(row.field): masked(row.after) or "-" for row in changes}
    other = patient.email if Field.EMAIL in fields else ""
    recipients = recipients_of(patient, now=now, without=other)
    if not any(row.before for row in changes):
        recipients = Recipients(recipients.addresses)
    tell(patient, News.CONTACT_CHANGED, recipients, clinic=clinic, by=by, now=now, detail=fields)
    if other and not patient.email_is_proved:
        tell(patient, News.CONFIRM_CONTACT, Recipients((other,)), clinic=clinic, by=by, now=now)
