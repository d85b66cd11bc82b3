"""Takes a lost second step away where no two people are there to do it: for whoever runs the installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from clinic.people.factor_resets import take_away
from clinic.people.models import User


class Command(BaseCommand):
    help = "Takes the second step of an account away; its owner is told by mail and sets a new one up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sign_in", help="staff number or e-mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.by_sign_in(options["sign_in"])
        if user is None:
            raise CommandError("No such account.")
        with transaction.atomic(durable=True):
            take_away(user, by="the operator", now=timezone.now())
        self.stdout.write(f"{user} sets a new second step up at the next sign-in.")
