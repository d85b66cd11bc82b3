"""`manage.py grant_serving_role`: what the program may do in the database while it serves."""

from typing import Any

from django.core.management.base import BaseCommand

from clinic.database_roles import as_owner, grant_serving_role


class Command(BaseCommand):
    help = "Give the role of DATABASE_URL its rights, as the role of OWNER_DATABASE_URL; may be repeated."

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            done = grant_serving_role()
        self.stdout.write("Granted." if done else "The owner serves itself: set OWNER_DATABASE_URL to another role.")
