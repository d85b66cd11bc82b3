"""`manage.py limit_roles`: how long the statements of web, worker and commands may last, behind a pooler too."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from clinic.database_roles import as_owner, limit_role, limits_of_role
from clinic.env import Process
from clinic.time_limits import TIME_LIMITS


class Command(BaseCommand):
    help = (
        "Give the login roles of web, worker and commands their time limits, and the rights of the role of"
        " DATABASE_URL. As the role of OWNER_DATABASE_URL, which needs CREATEROLE; may be repeated."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for kind in TIME_LIMITS:
            parser.add_argument(f"--{kind}", metavar="ROLE", required=True, help=f"login role of {kind} processes")
        parser.add_argument("--sql", action="store_true", help="only show the statements")

    def handle(self, *args: Any, **options: Any) -> None:
        roles: dict[Process, str] = {kind: options[kind] for kind in TIME_LIMITS}
        if len({*roles.values()}) < len(roles):
            raise CommandError("Each kind of process needs a role of its own: the limits belong to the role.")
        with as_owner():
            self._refuse_missing({*roles.values()})
            for kind, role in roles.items():
                if options["sql"]:
                    self.stdout.write("\n".join(f"{row.as_string(None)};" for row in limits_of_role(role, kind)))
                else:
                    limit_role(role, kind)
                    self.stdout.write(f"{role} has the limits of {kind}.")

    def _refuse_missing(self, wanted: set[str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [[*wanted, settings.SERVING_ROLE]])
            missing = wanted - {name for (name,) in cursor.fetchall()}
        if missing:
            raise CommandError(f"Create them first, with LOGIN and a password: {', '.join(sorted(missing))}.")
