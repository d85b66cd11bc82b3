"""The operator opens a clinic from a file, and asks what is missing before its first booking."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bookings.management.setup.clinic_file import FileUnclear, read_clinic_file
from bookings.management.setup.first_clinic import OpenedClinic, open_clinic_from
from bookings.management.setup.readiness import missing_before_booking
from clinic.premises.models import Clinic


class Command(BaseCommand):
    help = "Open a clinic from a file such as docs/clinic.yaml; without one, say what each clinic still needs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="the clinic's file")
        parser.add_argument("--mail-to", default="", help="also send a test letter to this address")

    def handle(self, *args: Any, file: Path | None, mail_to: str, **options: Any) -> None:
        if file:
            self._tell(self._opened(file))
        if mail_to:
            send_mail("Test of the clinic's mail", "Mail of the booking system arrives.", None, [mail_to])
            self.stdout.write(f"A test letter was handed over for {mail_to}.")
        for clinic in Clinic.objects.order_by("name"):
            lines = missing_before_booking(clinic, now=timezone.now())
            self.stdout.write(f"\n{clinic}: " + ("still missing:" if lines else "ready for the first booking."))
            for line in lines:
                self.stdout.write(f"  - {line}")

    def _opened(self, file: Path) -> OpenedClinic:
        try:
            return open_clinic_from(read_clinic_file(file.read_text(encoding="utf-8")), now=timezone.now())
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error}") from None
        except FileUnclear as unclear:
            lines = "\n".join(f"  {problem}" for problem in unclear.problems)
            raise CommandError(f"Nothing was written. In {file.name}:\n{lines}") from None

    def _tell(self, opened: OpenedClinic) -> None:
        self.stdout.write(f"{opened.clinic} is open at /book/. Its people choose a password, once, within 24 hours:")
        for colleague in opened.colleagues:
            roles = ", ".join(colleague.roles)
            self.stdout.write(f"  {colleague.user} ({roles}): {colleague.link or 'has a password'}")
