"""Every code that the history keeps has words at the desk: a generated list, read from where the codes are written."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bookings.desk.visits.page import VERBS
from bookings.desk.words import BY_THE_DESK, reason_in_words
from bookings.portal.forms.changes import CancelForm

BOOKINGS = Path(__file__).parents[2] / "bookings"
WRITERS = {"write": 1, "write_each": 0, "end_holds": None}
"""Functions that write history, and which of their arguments is the code; named arguments count too."""


def texts(nodes: list[ast.expr]) -> Iterator[str]:
    return (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def codes_of(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    whose = call.func.value.id if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) else ""
    if name not in WRITERS or (name != "end_holds" and whose != "history"):
        return
    place = WRITERS[name]
    yield from texts([*([] if place is None else call.args[place : place + 1])])
    yield from texts([word.value for word in call.keywords if word.arg == "verb"])


def written() -> set[str]:
    """The codes of acts that any module of `bookings` writes."""
    found: set[str] = set()
    for path in BOOKINGS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                found |= {*codes_of(node)}
            elif isinstance(node, ast.FunctionDef) and node.name == "end_holds":
                found |= {*texts([default for default in node.args.kw_defaults if default])}
    return found


def test_every_act_that_is_written_has_words() -> None:
    codes = written()

    assert {"book", "expire", "release", "block", "send_questions", "screening"} <= codes
    assert codes - VERBS.keys() == set()


@pytest.mark.parametrize("code", [*BY_THE_DESK, *(code for code, _words in CancelForm.REASONS if code), "by_manager"])
def test_every_reason_has_words(code: str) -> None:
    assert reason_in_words(code) != code
