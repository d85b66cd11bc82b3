"""The page about letters shows the table that the program uses."""

from pathlib import Path

from django.conf import settings

from bookings.letters.plan import TABLE, Given

PAGE = Path(settings.BASE_DIR) / "docs" / "letters.md"


def table() -> str:
    lines = ["| when a visit is | letter | due | by | if |", "|---|---|---|---|---|"]
    for event, rules in TABLE.items():
        if not rules:
            lines.append(f"| {event} | none | | | |")
        for rule in rules:
            ways = ", ".join(sorted(str(channel) for channel in rule.channels))
            condition = "" if rule.given == Given.ALWAYS else str(rule.given)
            lines.append(f"| {event} | {rule.kind} | {rule.when} | {ways} | {condition} |")
    return "\n".join(lines)


def test_page_shows_the_table() -> None:
    shown = PAGE.read_text().split("<!-- table -->\n")[1].split("\n<!-- end of table -->")[0]

    assert shown == table()
