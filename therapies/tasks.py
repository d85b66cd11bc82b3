"""The door by which Celery comes in. A tick that is lost or doubled does no harm."""

from celery import shared_task
from django.utils import timezone

from therapies.next_steps import put_minutes_in_force
from therapies.safety.decisions import put_due_in_force


@shared_task(name="therapies.tasks.put_safety_changes_in_force", ignore_result=True, acks_late=False)
def put_safety_changes_in_force() -> None:
    """Changes of safety data that one person confirmed alone act when their time of waiting is over."""
    put_due_in_force(now=timezone.now())


@shared_task(name="therapies.tasks.put_minutes_in_force", ignore_result=True, acks_late=False)
def put_minutes_of_today_in_force() -> None:
    """Minutes of treatments that were entered from a day on."""
    put_minutes_in_force(now=timezone.now())
