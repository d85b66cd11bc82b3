"""The doors by which Celery comes in. A tick carries nothing; one that is lost or doubled does no harm."""

from celery import shared_task

from bookings.letters.heartbeat import TICK
from bookings.letters.rounds import make_round


@shared_task(name="bookings.tasks.send_due_letters", ignore_result=True, acks_late=False)
def send_due_letters() -> None:
    """Look now for letters that are due."""
    make_round(sender=TICK)
