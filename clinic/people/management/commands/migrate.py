"""Django's command, as the owner of the tables; the serving role gets its rights on new tables at the end.

A change that cannot have its table soon steps back and tries again: the clinic at work goes first.
"""

from functools import partial
from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import DEFAULT_DB_ALIAS

from clinic.database_roles import as_owner, grant_serving_role
from clinic.schema_changes import lock_limit, try_again


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        if options["database"] != DEFAULT_DB_ALIAS:
            super().handle(*args, **options)
            return
        with as_owner():
            with lock_limit():
                try_again(partial(super().handle, *args, **options), say=self.stdout.write)
            if not options["plan"] and not options["check_unapplied"]:
                grant_serving_role()
