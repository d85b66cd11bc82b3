"""Makes the demo clinic, for trying out in local mode."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bookings.demo import house, sign_ins, visits
from therapies.models import Therapy


class Command(BaseCommand):
    help = "Makes a clinic with people, patients and visits that do not exist. Only in local mode."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE != "local":
            raise CommandError("The demo clinic is made in local mode only (MODE=local).")
        if not Therapy.objects.consultations().exists():
            raise CommandError("The catalogue is empty: run `manage.py load_catalogue` first.")
        now = timezone.now()
        clinic = house.open_clinic()
        desk = house.employ(clinic, now)
        patients = house.welcome(clinic, desk, now)
        made = visits.fill(clinic, patients, desk, now)
        self.stdout.write(f"{clinic}: {len(patients)} patients, {len(made)} visits made now.")
        self.stdout.write(sign_ins.sign_ins())
