"""Makes the demo clinic, for trying out in local mode."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bookings.demo import day, extras, house, sign_ins, visits
from therapies.models import Therapy


class Command(BaseCommand):
    help = "Makes a clinic with people, patients and visits that do not exist. Only in local mode."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--few", action="store_true", help="without the visits of the day itself")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE != "local":
            raise CommandError("The demo clinic is made in local mode only (MODE=local).")
        if not Therapy.objects.consultations().exists():
            raise CommandError("The catalogue is empty: run `manage.py load_catalogue` first.")
        now = timezone.now()
        clinic = house.open_clinic(now)
        desk = house.employ(clinic, now)
        patients = house.welcome(clinic, desk, now)
        made = visits.fill(clinic, patients, desk, now)
        if made and not options["few"]:
            diary = day.DemoDiary(clinic, patients, desk, now)
            lived = day.live(diary)
            extras.add_all(diary, lived, visits.reminded(made))
            made += [booking.visit for _planned, booking in lived]
        self.stdout.write(f"{clinic}: {len(patients)} patients, {len(made)} visits made now.")
        self.stdout.write(sign_ins.sign_ins())
