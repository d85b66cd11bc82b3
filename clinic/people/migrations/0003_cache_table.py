"""The table of the cache (sign-in limits): made here, so that `migrate` is all that has to be run."""

from typing import Any

from django.core.management import call_command
from django.db import migrations


def create(apps: Any, schema_editor: Any) -> None:
    call_command("createcachetable", "cache", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("people", "0002_memberships_and_access")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
