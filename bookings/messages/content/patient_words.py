"""The words of messages about a patient without a visit: a review that is due, a requested call, changed contacts."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from bookings.models import MessageKind

from .appointment import Sender
from .words import MessageButton, Words, long_day


@dataclass(frozen=True)
class Joined:
    """An account that got access to a patient: its address or name, its relation to the patient, what it sees."""

    account: str
    relation: str
    sees_record: bool
    is_own: bool = False
    """Whether it joined as the patient's own account."""


@dataclass(frozen=True)
class MaskedContact:
    """Changed contact details, masked; "" means unchanged, "-" means none."""

    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class PatientContact:
    """A patient of the clinic. `on` is the day that the message is about, if any.

    `acting_link` is the page that shows who acts for them; it requires a sign-in.
    """

    sender: Sender
    name: str
    book_link: str
    on: dt.date | None = None
    acting_link: str = ""
    joined: Joined | None = None
    is_for_account: bool = False
    """Whether the message goes to the owner of an account, and not to the patient."""
    contact: MaskedContact = MaskedContact()
    address_link: str = ""


def review_due(person: PatientContact) -> Words:
    phone = person.sender.phone
    return Words(
        subject=_("Your follow-up consultation with %(clinic)s is due") % {"clinic": person.sender.name},
        title=_("Your follow-up consultation is due"),
        sender=person.sender,
        name=person.name,
        before=(_("We would like to see you again. Please choose a time that suits you."),),
        facts=((_("Around this day"), long_day(person.on)),) if person.on else (),
        button=MessageButton(_("See available times"), person.book_link),
        after=(_("Questions? Call us at %(phone)s.") % {"phone": phone},) if phone else (),
        why=_("You received this e-mail because you are registered with %(clinic)s.") % {"clinic": person.sender.name},
    )


def call_back(person: PatientContact) -> Words:
    """Never sent by e-mail: shown on the list of calls."""
    return Words(
        subject=_("Please call back"),
        title=_("Please call back"),
        sender=person.sender,
        name=person.name,
        before=(
            _(
                "Please call now: the patient may need urgent help. Ask whether somebody is with them and whether they "
                "are on the way to a hospital. If not, call the emergency number with them."
            ),
        ),
    )


def wrong_answer(person: PatientContact) -> Words:
    """Never sent by e-mail either."""
    return Words(
        subject=_("An answer was pressed by mistake"),
        title=_("An answer was pressed by mistake"),
        sender=person.sender,
        name=person.name,
        before=(
            _("The patient pressed a wrong answer in the questions before a visit."),
            _("Ask a Vaidya to go through the answers with the patient. Until the Vaidya decides, the answer stays."),
        ),
    )


def access_begun(person: PatientContact) -> Words:
    is_own = person.joined is not None and person.joined.is_own
    return _news(
        person,
        _("Your appointments can now be seen online") if is_own else _("Someone else can now see your appointments"),
        _("An account was linked to you with a code from the clinic."),
        *((_who_joined(person.joined),) if person.joined else ()),
        _(
            "If you expected this, you do not need to do anything. If not, use the button to end "
            "this access, or call us."
        ),
        button=MessageButton(_("See who can book for you"), person.acting_link),
    )


def _who_joined(joined: Joined) -> str:
    words = {"account": joined.account, "relation": joined.relation}
    if joined.is_own:
        return _("%(account)s was linked as your own account. It can view and book your appointments.") % words
    if joined.sees_record:
        return (
            _("%(account)s (who says of you: %(relation)s) can view and book your appointments and view your record.")
            % words
        )
    return (
        _("%(account)s (who says of you: %(relation)s) can view and book your appointments, but not view your record.")
        % words
    )


def access_ended(person: PatientContact) -> Words:
    if person.is_for_account:
        return _news(
            replace(person, name=""),
            _("Your account no longer acts for a patient"),
            _("You can no longer see or book the appointments of %(name)s.") % {"name": person.name},
            _("If you did not expect this, please call us."),
        )
    return _news(
        person,
        _("An account can no longer see your appointments"),
        _("Someone else ended the access of this account to your appointments."),
        _("If you did not expect this, please call us."),
    )


def contact_changed(person: PatientContact) -> Words:
    """Sent to the previous address, and to the accounts that see the record."""
    clinic, contact = person.sender.name, person.contact
    return _news(
        person,
        _("%(clinic)s has new contact details for you") % {"clinic": clinic},
        *((_now_by_mail(clinic, contact.email),) if contact.email else ()),
        *((_now_by_phone(contact.phone),) if contact.phone else ()),
        _("If this was not you, please call us."),
    )


def _now_by_mail(clinic: str, address: str) -> str:
    if address == "-":
        return _("%(clinic)s no longer has an e-mail address for you.") % {"clinic": clinic}
    return _("Your e-mails from %(clinic)s now go to %(address)s.") % {"clinic": clinic, "address": address}


def _now_by_phone(number: str) -> str:
    if number == "-":
        return _("We no longer have a phone number for you.")
    return _("The phone number we have for you now ends in %(digits)s.") % {"digits": number.strip(".")}


def confirm_contact(person: PatientContact) -> Words:
    """Sent to an address that may belong to somebody else, so it contains no name."""
    clinic = person.sender.name
    return Words(
        subject=_("Is this your e-mail address?"),
        title=_("Is this your e-mail address?"),
        sender=person.sender,
        before=(
            _("This address was given to %(clinic)s for e-mails about appointments.") % {"clinic": clinic},
            _("Reminders will start when you have opened the link."),
        ),
        button=MessageButton(_("Yes, this is my address"), person.address_link),
        after=(_("If you do not know %(clinic)s, you do not need to do anything.") % {"clinic": clinic},),
        why=_("You received this e-mail because someone gave this address to %(clinic)s.") % {"clinic": clinic},
    )


def new_clinic(person: PatientContact) -> Words:
    return _news(
        person,
        _("You can now be seen at %(clinic)s") % {"clinic": person.sender.name},
        _("One of our clinics has registered you with your phone number and date of birth, and can book for you."),
        _("If this was not you, please call us."),
    )


def record_shared(person: PatientContact) -> Words:
    return _news(
        person,
        _("%(clinic)s can now read your records from our other clinics") % {"clinic": person.sender.name},
        _("We recorded this because you agreed to it."),
        _("If you did not agree, use the button to end this access, or call us."),
        button=MessageButton(_("See who can book for you"), person.acting_link),
    )


def _news(person: PatientContact, title: str, *before: str, button: MessageButton | None = None) -> Words:
    phone = person.sender.phone
    return Words(
        subject=title,
        title=title,
        sender=person.sender,
        name=person.name,
        before=before,
        button=button,
        after=(_("Questions? Call us at %(phone)s.") % {"phone": phone},) if phone else (),
        why=_("You received this e-mail because you are registered with %(clinic)s.") % {"clinic": person.sender.name},
    )


PERSON_MESSAGES: dict[str, Callable[[PatientContact], Words]] = {
    MessageKind.REVIEW_DUE: review_due,
    MessageKind.CALL_BACK: call_back,
    MessageKind.WRONG_ANSWER: wrong_answer,
    MessageKind.ACCESS_BEGUN: access_begun,
    MessageKind.ACCESS_ENDED: access_ended,
    MessageKind.NEW_CLINIC: new_clinic,
    MessageKind.RECORD_SHARED: record_shared,
    MessageKind.CONTACT_CHANGED: contact_changed,
    MessageKind.CONFIRM_CONTACT: confirm_contact,
}
