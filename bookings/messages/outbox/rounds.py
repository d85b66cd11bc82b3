"""One round of a sender: send due messages, plan messages to staff, report to the external watcher."""

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
    """The entry point of all senders; reads PostgreSQL's clock. Messages planned here are sent in the next round."""
    tally = send_due(clock=database_clock, sender=sender)
    now = database_clock()
    plan_staff_messages(now=now)
    if settings.LETTERS_WATCHER_URL and pulse(now=now).well:
        tell_watcher(settings.LETTERS_WATCHER_URL)
    return tally


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follow no redirects: only the address of the settings is called."""

    def redirect_request(self, *_answer: Any) -> None:
        return None


def tell_watcher(url: str) -> None:
    """Call the watcher once; a failure is only logged. The settings allow only http and https."""
    try:
        with urllib.request.build_opener(NoRedirects).open(url, timeout=WATCHER_SECONDS):
            pass
    except OSError as fault:
        log.warning("the watcher does not answer: %s", type(fault).__name__)
