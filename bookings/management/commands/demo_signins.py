"""Prints the sign-ins of the demo clinic again."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bookings.demo import house, sign_ins


class Command(BaseCommand):
    help = "Prints the sign-ins of the demo clinic."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE != "local" or not house.is_there():
            raise CommandError("There is no demo clinic here.")
        house.give_second_steps()
        self.stdout.write(sign_ins.sign_ins())
