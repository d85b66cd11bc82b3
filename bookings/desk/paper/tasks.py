"""The door by which Celery comes in: the day on paper is kept as files, hour by hour."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from .kept_file import keep_sheets


@shared_task(name="bookings.desk.paper.tasks.keep_day_sheets", ignore_result=True, acks_late=False)
def keep_day_sheets() -> None:
    """Write today's sheets of all clinics anew; nothing where no folder is named."""
    if settings.DAY_SHEETS_FOLDER:
        keep_sheets(settings.DAY_SHEETS_FOLDER, now=timezone.now())
