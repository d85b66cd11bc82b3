"""Brings the database up to the code: tables and catalogue, in one process. `python -m clinic.local.preparation`."""

import os
import sys

from django.core.management import CommandError, call_command


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    os.environ.setdefault("PROCESS", "command")
    import django  # the settings must be named first

    django.setup()
    try:
        call_command("migrate", interactive=False)
        call_command("load_catalogue")
    except CommandError as error:
        print(error, file=sys.stderr)  # noqa: T201 - read by the launcher and by people
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
