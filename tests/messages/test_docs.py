"""The page about messages shows the table that the program uses.

`UPDATE_SNAPSHOTS=1 pytest tests/messages/test_docs.py` writes the table anew.
"""

import os
from pathlib import Path

from django.conf import settings

from bookings.messages.schedule.plan import TABLE, Condition

PAGE = Path(settings.BASE_DIR) / "docs" / "messages.md"
BEGIN, END = "<!-- table -->\n", "\n<!-- end of table -->"


def table() -> str:
    lines = ["| when a visit is | message | due | by | if |", "|---|---|---|---|---|"]
    for event, rules in TABLE.items():
        if not rules:
            lines.append(f"| {event} | none | | | |")
        for rule in rules:
            ways = ", ".join(sorted(str(channel) for channel in rule.channels))
            condition = "" if rule.given == Condition.ALWAYS else str(rule.given)
            lines.append(f"| {event} | {rule.kind} | {rule.when} | {ways} | {condition} |")
    return "\n".join(lines)


def test_page_shows_the_table() -> None:
    before, rest = PAGE.read_text().split(BEGIN)
    shown, after = rest.split(END)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        PAGE.write_text(before + BEGIN + table() + END + after)
        shown = table()

    assert shown == table()
