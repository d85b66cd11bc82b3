"""Writes the page of every two therapies on the same day and the days after."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from therapies.catalogue.reader import read_catalogue
from therapies.pairs_page import pairs_page

PAGE = settings.BASE_DIR / "docs" / "same-day-and-days-after.md"


class Command(BaseCommand):
    help = "Write docs/same-day-and-days-after.md from the catalogue."
    requires_system_checks: list[str] = []

    def handle(self, **_options: Any) -> None:
        with translation.override("en"):
            PAGE.write_text(pairs_page(read_catalogue()), encoding="utf-8")
