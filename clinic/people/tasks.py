"""The door by which Celery comes in; a tick that is lost or doubled does no harm."""

from celery import shared_task
from django.utils import timezone

from clinic.people.expiry import sweep


@shared_task(name="clinic.people.tasks.sweep_people", ignore_result=True, acks_late=False)
def sweep_people() -> None:
    """Remove what nobody needs any more."""
    sweep(now=timezone.now())
