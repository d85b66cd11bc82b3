"""Sends the letters that are due: once, or for ever without a broker."""

import logging
import signal
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from bookings.messages.outbox.heartbeat import LOOP, ONCE
from bookings.messages.outbox.rounds import make_round
from bookings.messages.wakeup import ears, heard

log = logging.getLogger(__name__)
AFTER_A_FAULT_SECONDS = 2.0


class Command(BaseCommand):
    help = "Send the letters that are due. --loop goes on, wakes at once for sign-in codes, and needs no broker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until told to stop")
        parser.add_argument(
            "--every", type=float, default=settings.LETTERS_TICK_SECONDS, help="seconds between two looks"
        )

    def handle(self, *args: Any, loop: bool = False, every: float = 30.0, **options: Any) -> None:
        if not loop:
            tally = make_round(sender=ONCE)
            self.stdout.write(f"sent {tally.count('sent')}, failed {tally.count('failed')}")
            return
        signal.signal(signal.SIGTERM, _stop)
        try:
            while True:
                _listen_and_send(every)
        except KeyboardInterrupt:
            log.info("stopped")


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _listen_and_send(every: float) -> None:
    """Until the database goes away; then come back by itself."""
    try:
        with ears() as listening:
            while True:
                if not make_round(sender=LOOP).is_unfinished:
                    heard(listening, seconds=every)
    except Exception as fault:  # noqa: BLE001 - whatever it is, a loop that ends in silence is worse
        log.warning("the loop rests: %s", type(fault).__name__)
        connection.close()
        time.sleep(AFTER_A_FAULT_SECONDS)
