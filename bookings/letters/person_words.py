"""The words of what concerns a person and no visit: a talk that is due, a call that was asked for."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bookings.models import Kind

from .appointment import Sender
from .words import Button, Words, long_day


@dataclass(frozen=True)
class Person:
    """Somebody the clinic knows. `on` is the day that a letter is about, if it is about one."""

    sender: Sender
    name: str
    book_link: str
    on: dt.date | None = None


def review_due(person: Person) -> Words:
    phone = person.sender.phone
    return Words(
        subject=_("A follow-up talk with %(clinic)s is due") % {"clinic": person.sender.name},
        title=_("A follow-up talk with the clinic is due"),
        sender=person.sender,
        name=person.name,
        before=(_("We would like to talk with you again. Please choose a time that suits you."),),
        facts=((_("Around this day"), long_day(person.on)),) if person.on else (),
        button=Button(_("See free times"), person.book_link),
        after=(_("Questions? Call us at %(phone)s.") % {"phone": phone},) if phone else (),
        why=_("You get this letter because you are registered with %(clinic)s.") % {"clinic": person.sender.name},
    )


def call_back(person: Person) -> Words:
    """Never mailed: it stands on the list of calls."""
    return Words(
        subject=_("Please call back"),
        title=_("Please call back"),
        sender=person.sender,
        name=person.name,
        before=(_("Please call back: the patient asked for help."),),
    )


PERSON_LETTERS: dict[str, Callable[[Person], Words]] = {Kind.REVIEW_DUE: review_due, Kind.CALL_BACK: call_back}
