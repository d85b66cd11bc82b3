#!/usr/bin/env python
"""Run one of the project's management commands."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    os.environ.setdefault("PROCESS", "command")
    from django.core.management import execute_from_command_line  # Django may be missing: its message helps

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
