"""Brings the database up to the code: tables, catalogue and, when asked, the demo clinic. `python -m clinic.preparing`.

One process for all steps, because starting Django costs more than most of them.
"""

import gc
import os
import sys

from django.core.management import CommandError, call_command


def main() -> int:
    gc.disable()  # migrations build thousands of classes, and this process ends before it would pay to collect them
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    os.environ.setdefault("PROCESS", "command")
    import django  # the settings must be named first

    django.setup()
    try:
        call_command("migrate", interactive=False, verbosity=1)
        call_command("load_catalogue")
        if "--demo" in sys.argv:
            call_command("load_demo")
    except CommandError as error:
        print(error, file=sys.stderr)  # noqa: T201 - read by the launcher and by people
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
