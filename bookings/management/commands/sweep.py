"""Removes what nobody needs any more; the worker does it once a day, this is for houses without one."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bookings.actions.idempotency import forget_requests
from bookings.messages.schedule.staff_messages import forget_rounds
from clinic.people.expiry import sweep


class Command(BaseCommand):
    help = (
        "Remove sessions that are over, accounts that asked for a code but never came in within 30 days,"
        " and the answers to requests of more than 30 days ago."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        swept, requests = sweep(now=now), forget_requests(now=now)
        forget_rounds(now=now)
        self.stdout.write(f"removed {swept.sessions} sessions, {swept.accounts} accounts, {requests} requests")
