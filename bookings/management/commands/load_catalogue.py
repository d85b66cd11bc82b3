"""Loads the clinic's catalogue of therapies, questions and rules from YAML, also while the clinic is at work."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bookings.actions.sessions_ahead import look_again_after_upgrade, patients_with_sessions_ahead
from bookings.errors import Busy
from therapies.catalogue.loader import Report, load_catalogue
from therapies.catalogue.merge import Kept
from therapies.catalogue.reader import HOME, CatalogueBroken, read_catalogue

LONGEST = 90


def _shown(value: object) -> str:
    """A value in one short line."""
    words = json.dumps(value, ensure_ascii=False)
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


class Command(BaseCommand):
    help = "Loads the catalogue. What was edited here is kept and listed, unless --force."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="overwrite what was edited here")
        parser.add_argument("--path", type=Path, default=HOME, help="a folder with other catalogue files")

    def handle(self, *args: Any, force: bool, path: Path, **options: Any) -> None:
        try:
            report = load_catalogue(catalogue=read_catalogue(path), now=timezone.now(), force=force)
        except CatalogueBroken as broken:
            count = len(broken.problems)
            lines = "\n".join(f"  {problem}" for problem in broken.problems)
            raise CommandError(f"The catalogue has {count} mistakes; nothing was changed.\n{lines}") from None
        self._tell(report)
        if report.is_upgrade:
            self._look_again()

    def _look_again(self) -> None:
        """What is booked stays booked; what is to be asked now becomes due."""
        busy = 0
        for patient in patients_with_sessions_ahead(timezone.now()):
            try:
                look_again_after_upgrade(patient=patient, now=timezone.now())
            except Busy:
                busy += 1
        if busy:
            self.stdout.write(f"Somebody was at work on {busy} patients: their sessions are judged when they begin.")

    def _tell(self, report: Report) -> None:
        counts = f"{len(report.added)} added, {len(report.changed)} changed, {report.unchanged} unchanged"
        self.stdout.write(f"Catalogue loaded: {counts}.")
        if report.kept:
            self.stdout.write("Edited here and kept (use --force to take the catalogue's):")
            for kept in report.kept:
                self._tell_kept(kept)
        if report.retired:
            self.stdout.write("No longer in the catalogue, and out of use (questions keep their answers):")
            for entry in sorted(report.retired):
                self.stdout.write(f"  {entry}")
        if report.removed:
            self.stdout.write("No longer in the catalogue, and still here:")
            for entry in sorted(report.removed):
                self.stdout.write(f"  {entry}")

    def _tell_kept(self, kept: Kept) -> None:
        self.stdout.write(f"  {kept.entry} {kept.part}")
        self.stdout.write(f"    catalogue: {_shown(kept.said)}")
        self.stdout.write(f"    here:      {_shown(kept.here)}")
