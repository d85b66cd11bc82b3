"""The doors by which Celery comes in. A tick carries nothing; one that is lost or doubled does no harm."""

import logging

from celery import shared_task
from django.db import DatabaseError
from django.utils import timezone

from bookings.actions import approval
from bookings.actions.idempotency import forget_requests
from bookings.errors import Busy
from bookings.messages.outbox.heartbeat import TICK
from bookings.messages.outbox.rounds import make_round
from bookings.messages.schedule.staff_messages import forget_rounds

log = logging.getLogger(__name__)


@shared_task(name="bookings.tasks.send_due_letters", ignore_result=True, acks_late=False)
def send_due_letters() -> None:
    """Look now for letters that are due."""
    make_round(sender=TICK)


@shared_task(name="bookings.tasks.sweep_bookings", ignore_result=True, acks_late=False)
def sweep_bookings() -> None:
    """Remove what nobody needs any more."""
    forget_requests(now=timezone.now())
    forget_rounds(now=timezone.now())


@shared_task(name="bookings.tasks.lapse_requests", ignore_result=True, acks_late=False)
def lapse_requests() -> None:
    """Give the time of requests back that nobody answered by their limit. What is locked waits.

    A bad value of one clinic, a time zone that nobody knows, stops no other request.
    """
    now = timezone.now()
    for visit in approval.lapsed_requests(now):
        try:
            approval.lapse(visit=visit, now=now)
        except Busy:
            continue
        except (DatabaseError, ValueError, KeyError, ArithmeticError):
            log.exception("the request of visit %s cannot lapse", visit.pk)
