"""The words of messages to staff: a count and a link."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import MessageKind

from .appointment import Sender, absolute
from .words import MessageButton, Words


def day_sheet(count: int, clinic: str) -> Words:
    sentence = ngettext("%(count)d visit is booked for today.", "%(count)d visits are booked for today.", count)
    return Words(
        subject=_("Today at %(clinic)s") % {"clinic": clinic},
        title=_("Today"),
        before=(sentence % {"count": count},),
        button=MessageButton(_("Open the day view"), absolute(reverse("desk:day"))),
    )


def booked_online_words(count: int, clinic: str) -> Words:
    sentence = ngettext("%(count)d visit was booked online.", "%(count)d visits were booked online.", count)
    return Words(
        subject=_("New bookings at %(clinic)s") % {"clinic": clinic},
        title=_("Booked online since yesterday"),
        before=(sentence % {"count": count},),
        button=MessageButton(_("Open the day view"), absolute(reverse("desk:day"))),
    )


def failed_messages(count: int, clinic: str) -> Words:
    sentence = ngettext("%(count)d message could not be sent.", "%(count)d messages could not be sent.", count)
    return Words(
        subject=_("Failed messages at %(clinic)s") % {"clinic": clinic},
        title=_("Some messages did not arrive"),
        before=(
            sentence % {"count": count},
            _("The messages page shows the reasons. Phone calls to make are in the call list."),
        ),
        button=MessageButton(_("View the messages"), absolute(reverse("desk:letters"))),
    )


STAFF_MESSAGES: dict[str, Callable[[int, str], Words]] = {
    MessageKind.DAY_SHEET: day_sheet,
    MessageKind.NEW_BOOKINGS: booked_online_words,
    MessageKind.FAILED_MESSAGES: failed_messages,
}


def staff_words_of(kind: str, count: int, sender: Sender) -> Words:
    """The words of a message to staff of this clinic."""
    return STAFF_MESSAGES[kind](count, sender.name)
