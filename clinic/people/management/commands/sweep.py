"""Removes what nobody needs any more; the worker does it once a day, this is for houses without one."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from clinic.people.expiry import sweep


class Command(BaseCommand):
    help = "Remove sessions that are over, and accounts that asked for a code but never came in within 30 days."

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweep(now=timezone.now())
        self.stdout.write(f"removed {swept.sessions} sessions, {swept.accounts} accounts")
