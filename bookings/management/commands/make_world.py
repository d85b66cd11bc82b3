"""Fill an empty database with a clinic as full as a real one, for measuring."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from benchmarks.world import Size, make_world
from bookings.models import Visit


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, default in (
            ("clinics", 1),
            ("practitioners", 20),
            ("rooms", 20),
            ("bookings", 100_000),
            ("days", 30),
            ("seed", 1),
        ):
            parser.add_argument(f"--{name}", type=int, default=default)

    def handle(self, *args: Any, **options: Any) -> None:
        if Visit.objects.exists():
            raise CommandError("This database has visits already; make a world in an empty one.")
        names = ("clinics", "practitioners", "rooms", "bookings", "days", "seed")
        make_world(Size(**{name: options[name] for name in names}), timezone.now())
        self.stdout.write(f"{Visit.objects.count()} visits")
