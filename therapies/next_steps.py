"""Minutes whose day has come everywhere become the minutes of now, so that pages and lists say them too."""

import datetime as dt

from django.db import transaction

from therapies.models import Step

FIRST_ZONES = dt.timedelta(hours=12)
"""West of Greenwich the day begins this much later, at most."""


def put_minutes_in_force(*, now: dt.datetime) -> int:
    """Returns how many steps got other minutes. No booking changes: search went by the day all the time."""
    with transaction.atomic():
        due = Step.objects.filter(next_on__lte=(now - FIRST_ZONES).date()).select_for_update(of=("self",))
        rows = [_advanced(step) for step in due.order_by("pk")]
        Step.objects.bulk_update(rows, ["offset", "minutes", "next_on", "next_offset", "next_minutes"])
    return len(rows)


def _advanced(step: Step) -> Step:
    step.offset, step.minutes = step.next_offset or 0, step.next_minutes or step.minutes
    step.next_on = step.next_offset = step.next_minutes = None
    return step
