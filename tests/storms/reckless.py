"""Senders with one guard off, for the controls: `RECKLESS` says which. The storms must notice each of them.

mark-first: the row is marked before the mail is handed over. no-lease: whoever sees a row sends it.
no-look: what was read at the lease is sent, whatever became of the visit since.
"""

import os
import time
from contextlib import closing

from bookings.messages.content.composition import compose
from bookings.messages.outbox.delivery import Pace
from bookings.messages.outbox.leases import database_clock, lease
from bookings.messages.outbox.smtp import DeliveryFailed, Mailer
from bookings.models import Message, State


def rows(*, with_lease: bool) -> list[Message]:
    now = database_clock()
    if with_lease:
        _token, ids = lease(now=now, length=Pace.set().lease, rows=20)
        return list(Message.objects.filter(pk__in=ids))
    return list(Message.objects.due(now)[:5])


def send_batch(mailer: Mailer, *, with_lease: bool, mark_first: bool) -> None:
    for row in rows(with_lease=with_lease):
        sent = Message.objects.filter(pk=row.pk, state=State.DUE)
        marked = {"state": State.SENT, "sent_at": database_clock(), "leased_until": None, "lease_token": None}
        mail = compose(row, now=database_clock())
        if mark_first:
            sent.update(**marked)
        time.sleep(0.02)  # as long as a distant mail server takes to say hello
        try:
            mailer.connect()
            mailer.send(mail, still_valid=lambda: True)
        except DeliveryFailed:
            continue
        sent.update(**marked)


def main() -> None:
    without = os.environ["RECKLESS"]
    with closing(Mailer(deadline_seconds=Pace.set().deadline_seconds)) as mailer:
        while True:
            send_batch(mailer, with_lease=without != "no-lease", mark_first=without == "mark-first")
            time.sleep(0.05)
