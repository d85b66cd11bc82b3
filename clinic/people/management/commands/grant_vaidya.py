"""The operator makes somebody a Vaidya of a clinic: the first one, whom no other Vaidya can confirm."""

import argparse
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.people.members import CannotGive
from clinic.people.operator import make_vaidya


class Command(BaseCommand):
    help = "Give an account the role of Vaidya at a clinic. An account that does not exist is opened."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--user", required=True, help="e-mail address or staff number")
        parser.add_argument("--clinic", required=True, help="the clinic's short name in addresses (slug)")
        parser.add_argument("--registration-number", required=True, help="in the state or national register")
        parser.add_argument("--name", default="", help="name of the person, for a new account")

    def handle(self, *args: Any, **options: Any) -> None:
        clinic = apps.get_model("premises", "Clinic").objects.filter(slug=options["clinic"]).first()
        if clinic is None:
            raise CommandError(f"There is no clinic {options['clinic']!r}.")
        number = options["registration_number"].strip()
        if not number:
            raise CommandError("Give the registration number.")
        try:
            user, link = make_vaidya(
                login=options["user"].strip(),
                name=options["name"],
                clinic=clinic,
                registration_number=number,
                now=timezone.now(),
            )
        except CannotGive as refusal:
            raise CommandError(refusal.reason) from refusal
        self.stdout.write(f"{user} ({user.username}) is a Vaidya at {clinic}, registration number {number}.")
        if link:
            self.stdout.write(f"To choose a password, once, within 24 hours: {link}")
