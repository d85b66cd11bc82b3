"""One round of a sender: send what is due, write the letters to staff, tell the watcher elsewhere that all is well."""

import logging
import urllib.request
from typing import Any

from django.conf import settings

from bookings.messages.schedule.staff_messages import plan_staff_messages

from .delivery import Tally, send_due
from .heartbeat import pulse
from .leases import database_clock

log = logging.getLogger(__name__)
WATCHER_SECONDS = 5


def make_round(*, sender: str) -> Tally:
    """For the doors that send; reads PostgreSQL's clock. What is written here goes out with the next round."""
    tally = send_due(clock=database_clock, sender=sender)
    now = database_clock()
    plan_staff_messages(now=now)
    if settings.LETTERS_WATCHER_URL and pulse(now=now).well:
        tell_watcher(settings.LETTERS_WATCHER_URL)
    return tally


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """The program calls the address of its settings, and none that an answer names."""

    def redirect_request(self, *_answer: Any) -> None:
        return None


def tell_watcher(url: str) -> None:
    """One call; a watcher that does not answer is its own trouble. The settings let only http and https in."""
    try:
        with urllib.request.build_opener(NoRedirects).open(url, timeout=WATCHER_SECONDS):
            pass
    except OSError as fault:
        log.warning("the watcher does not answer: %s", type(fault).__name__)
