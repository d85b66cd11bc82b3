"""Send a message again, with the reason that a member of staff gives."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.errors import PolicyRefused
from bookings.models import Channel, Message, State, Visit
from clinic.people.models import User

from .outbox.delivery import why_void
from .schedule.opt_outs import resume_address
from .schedule.planner import channel_for
from .wakeup import at_once


def why_not_resend(message: Message, *, now: dt.datetime) -> str:
    """ "" or why this message cannot be sent again, in words for staff."""
    if message.visit is None:
        return _("Only messages about a visit can be sent again.")
    if message.state == State.DUE:
        return _("This message has not been sent yet.")
    if why_void(message, now=now):
        return _("The visit has changed since this message was sent, so it is no longer correct.")
    return ""


@transaction.atomic
def resend(*, message: Message, reason: str, by: User, now: dt.datetime) -> Message:
    """Write a new row with the same message to the patient's present address. Raises PolicyRefused.

    A stopped address is used again: whoever resends has checked it.
    """
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=message.visit_id) if message.visit_id else None
    message = Message.objects.get(pk=message.pk)  # read again under the lock: somebody else may have resent it
    why_not = why_not_resend(message, now=now)
    if why_not or visit is None or visit.patient is None:
        raise PolicyRefused(why_not)
    if not reason.strip():
        raise PolicyRefused(_("Give a reason for resending the message."))
    channel = channel_for(visit.patient)
    if channel == Channel.EMAIL:
        resume_address(address=visit.patient.email)
    first = message.resend_of or message
    return Message.objects.create(
        key=f"{first.key}:again:{first.resends.count() + 1}",
        kind=first.kind,
        channel=channel,
        clinic_id=first.clinic_id,
        visit=visit,
        sequence=visit.sequence,
        recipient=visit.patient.email if channel == Channel.EMAIL else "",
        language=visit.patient.language,
        due_at=at_once(now),
        made_by=by,
        made_at=now,
        resend_of=first,
        reason=reason.strip()[:200],
    )
