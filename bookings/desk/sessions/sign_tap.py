"""One tap on a sign: what is done, and what the page says then."""

import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.actions import session_notes as session_note_actions
from bookings.facts import sessions as session_facts
from bookings.models import Booking
from clinic.people.models import User
from therapies.session_rules import Action

TOLD: dict[Action, str | Promise] = {
    Action.STOP: _("The session has been stopped. Follow the steps below."),
    Action.END: _("Saved. The session can end here. Record how it went and complete the session."),
    Action.PAUSE: _("Saved. Pause and correct the problem. Then continue or complete the session."),
    Action.CALL: _("Saved. Call the Vaidya now."),
}


def tap(booking: Booking, code: str, *, by: User, now: dt.datetime, locked_device: int | None = None) -> str:
    """Do what the sign asks for; `locked_device` where it is pressed on a locked screen.

    Raises PolicyRefused, also for a sign that is not one of this treatment.
    """
    sign = session_facts.sign_of(booking, code)
    action = sign.action if sign else Action.STOP
    act = session_note_actions.stop_session if action is Action.STOP else session_note_actions.report_sign
    act(booking=booking, sign=code, by=by, now=now, locked_device=locked_device)
    return str(TOLD[action])
