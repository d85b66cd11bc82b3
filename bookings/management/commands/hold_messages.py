"""To be run after a backup was restored, before any sender starts: nothing leaves until a person says so."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bookings.messages.outbox.leases import database_clock
from bookings.messages.outbox.switch import stop_and_hold


class Command(BaseCommand):
    help = "Stop all sending, and hold what is due: after a restore it may have been sent already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reason", default="A backup was restored.", help="shown to managers")

    def handle(self, *args: Any, reason: str, **options: Any) -> None:
        count = stop_and_hold(reason=reason[:200], now=database_clock())
        self.stdout.write(f"sending is stopped, {count} messages are held: a manager releases them at /desk/sending/")
