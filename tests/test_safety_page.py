"""The hazard log shows the data that the program uses, and names tests that exist.

`UPDATE_SNAPSHOTS=1 pytest tests/test_safety_page.py` writes its tables anew.
"""

import ast
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from tests.shipped import CATALOGUE as SHIPPED

ROOT = Path(settings.BASE_DIR)
PAGE = ROOT / "docs" / "safety.md"


def questions() -> list[str]:
    found: dict[tuple[str, str], list[str]] = {}
    for question in SHIPPED.questions:
        found.setdefault((question.effect, question.urgency), []).append(f"`{question.code}`")
    lines = ["| effect | how soon | questions |", "|---|---|---|"]
    return lines + [f"| {effect} | {how} | {', '.join(codes)} |" for (effect, how), codes in sorted(found.items())]


def unsourced() -> list[str]:
    rules = [rule for rule in SHIPPED.rules if set(rule.sources) == {"clinic_default"}]
    lines = [f"| `{rule.code}` | {rule.kind} | {plain(rule.rule)} |" for rule in rules]
    return ["| rule | kind | value |", "|---|---|---|", *lines]


UNSAID = frozenset({"note", "says", "held_by"})


def plain(value: object) -> str:
    """Data as words: `systolic at least 160, or diastolic at least 100`."""
    if isinstance(value, dict):
        return ", ".join(
            f"{name.replace('_', ' ')} {plain(said)}" for name, said in value.items() if name not in UNSAID
        )
    if isinstance(value, list):
        return " ".join(plain(each) for each in value)
    return str(value).replace("_", " ").replace("|", "/")


def conflicts() -> list[str]:
    lines = ["| conflict | what we do | sources |", "|---|---|---|"]
    return lines + [
        f"| `{rule.code}` | {rule.rule['text']} | {', '.join(rule.sources)} |"
        for rule in SHIPPED.rules
        if rule.kind == "conflict"
    ]


TABLES: dict[str, Callable[[], list[str]]] = {"questions": questions, "unsourced": unsourced, "conflicts": conflicts}


@pytest.mark.parametrize("name", TABLES)
def test_page_shows_the_data(name: str) -> None:
    begin, end, table = f"<!-- {name} -->\n", f"<!-- end of {name} -->", "\n".join([*TABLES[name](), ""])
    before, rest = PAGE.read_text().split(begin)
    shown, after = rest.split(end)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        PAGE.write_text(before + begin + table + end + after)
        shown = table

    assert shown == table


def test_a_number_names_one_hazard() -> None:
    numbers = re.findall(r"^\| (H\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(numbers) > 90
    assert sorted(numbers) == sorted(set(numbers))


def test_every_hazard_names_a_test_that_exists() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if re.match(r"\| H\d+ \|", line)]
    named = {row.split("|")[1].strip(): re.findall(r"`(tests/[^`]+)`", row.split("|")[5]) for row in rows}

    missing = [f"{hazard}: {test}" for hazard, tests in named.items() for test in tests or ["none"] if not exists(test)]

    assert len(rows) >= 18
    assert missing == []


def exists(test: str) -> bool:
    path, _colons, function = test.partition("::")
    if not (ROOT / path).is_file():
        return False
    names = {node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(node, ast.FunctionDef)}
    return not function or function in names
