"""The rules of the house that a machine can hold."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from tests import house_figures

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("clinic", "therapies", "bookings")
SOURCES = sorted(
    path
    for room in ROOMS
    for path in (ROOT / room).rglob("*.py")
    if "migrations" not in path.parts and "__pycache__" not in path.parts
)
TESTS = sorted(path for path in (ROOT / "tests").rglob("*.py"))


@cache
def trees() -> dict[Path, ast.Module]:
    """Of the sources: read by the first test that looks at them, not by each worker that collects tests."""
    return {path: ast.parse(path.read_text()) for path in SOURCES}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def lines_of(function: ast.FunctionDef) -> int:
    """From `def` to the end, without the docstring."""
    body = function.body
    words = ast.get_docstring(function, clean=False)
    said = body[0].end_lineno - body[0].lineno + 1 if words is not None and body[0].end_lineno else 0
    return (function.end_lineno or 0) - function.lineno + 1 - said


def decorated_by(node: ast.FunctionDef | ast.ClassDef) -> set[str]:
    """The names of its decorators, dotted and by their last part: `admin.action(…)` is `admin.action` and `action`."""
    found = set()
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        found |= {ast.unparse(called), called.attr if isinstance(called, ast.Attribute) else ast.unparse(called)}
    return found


# --- interfaces: what they are, and how thin -------------------------------------------------------------------------

ACCESS_DECORATORS = {
    "public",
    "token_required",
    "account_required",
    "staff_required",
    "manager_required",
    "factor_required",
    "first_factor_required",
    "fresh_factor_required",
}
INTERFACE_DECORATORS = ACCESS_DECORATORS | {"admin.action", "shared_task", "task"}
FORBIDDEN_IN_INTERFACES = {"save", "create", "delete", "get_or_create", "update_or_create", "bulk_create"}
# Pages for everybody have nobody to start at, so `Therapy.objects.offered()` is right: a word of ours after `objects`.
# What is forbidden is to say there what only a QuerySet should know: `objects.filter(…)`, `.get(…)`, `.all()`.
NO_WORDS_OF_OURS = frozenset(dir(models.QuerySet))


def interfaces(tree: ast.AST) -> list[ast.FunctionDef]:
    """Views, tasks and admin actions, by what they wear."""
    return [function for function in functions(tree) if decorated_by(function) & INTERFACE_DECORATORS]


def writes(function: ast.AST) -> list[str]:
    """Where a function asks the database itself instead of a word of the house."""
    asked = {id(node.value) for node in ast.walk(function) if isinstance(node, ast.Attribute) and is_own_word(node)}
    return [
        f"{node.attr} in line {node.lineno}"
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and is_forbidden(node) and id(node) not in asked
    ]


def is_own_word(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Attribute) and node.value.attr == "objects" and node.attr not in NO_WORDS_OF_OURS


def is_forbidden(node: ast.Attribute) -> bool:
    return node.attr == "objects" or (node.attr in FORBIDDEN_IN_INTERFACES and not of_the_session(node))


def of_the_session(node: ast.Attribute) -> bool:
    """`request.session.save` and the like are no rows of the clinic."""
    return isinstance(node.value, ast.Attribute) and node.value.attr == "session"


def test_interfaces_are_found() -> None:
    named = {function.name for tree in trees().values() for function in interfaces(tree)}

    assert {"day", "visit", "signed_in"} <= named


@pytest.mark.parametrize("limit", [25])
def test_views_are_short(limit: int) -> None:
    long = [
        f"{name_of(path)}:{function.name} has {lines_of(function)} lines"
        for path, tree in trees().items()
        for function in interfaces(tree)
        if lines_of(function) > limit
    ]

    assert long == []


def test_interfaces_write_nothing_themselves() -> None:
    found = [
        f"{name_of(path)}:{function.name}: {what}"
        for path, tree in trees().items()
        for function in interfaces(tree)
        for what in writes(function)
    ]

    assert found == []


def test_an_interface_that_writes_is_found() -> None:
    tree = ast.parse("@staff_required()\ndef view(request):\n    Visit.objects.create()\n    request.session.save()\n")

    assert writes(interfaces(tree)[0]) == ["create in line 3", "objects in line 3"]


@pytest.mark.parametrize(
    ("asked", "found"), [("Visit.objects.upcoming(now)", []), ("Visit.objects.all()", ["objects in line 3"])]
)
def test_a_word_of_ours_is_no_writing(asked: str, found: list[str]) -> None:
    tree = ast.parse(f"@public\ndef view(request):\n    return {asked}\n")

    assert writes(interfaces(tree)[0]) == found


# --- sizes ------------------------------------------------------------------------------------------------------------


def test_functions_are_short() -> None:
    long = [
        f"{name_of(path)}:{function.name} has {lines_of(function)} lines"
        for path, tree in trees().items()
        for function in functions(tree)
        if lines_of(function) > 40
    ]

    assert long == []


# Settings are one file by design: a list of facts, read from the top, which splitting would only hide.
MAY_BE_LONG = {"clinic/settings.py"}


def test_files_are_short() -> None:
    long = {name_of(path): len(path.read_text().splitlines()) for path in SOURCES}

    assert {name: lines for name, lines in long.items() if lines > 300 and name not in MAY_BE_LONG} == {}


NAMES_THAT_SAY_NOTHING = {
    "utils",
    "helpers",
    "services",
    "common",
    "misc",
    "manager",
    "managers",
    "base",
    "util",
    "helper",
}


def test_files_are_named_for_ideas() -> None:
    parts = {part for path in [*SOURCES, *TESTS] for part in path.relative_to(ROOT).with_suffix("").parts}

    assert parts & NAMES_THAT_SAY_NOTHING == set()


# --- the figures of the house: `make figures` prints them -----------------------------------------------------------


def test_rooms_are_few_and_so_are_the_arrows_between_them() -> None:
    assert (len(house_figures.rooms()) <= 20, len(house_figures.arrows()) <= 70) == (True, True)


# A module is a noun; these are nouns too.
NOUNS_IN_ING = {"booking", "screening", "signing"}


def test_modules_are_named_for_things() -> None:
    verbs = [path for path in house_figures.modules_named_ing() if not Path(path).stem.endswith(tuple(NOUNS_IN_ING))]

    assert verbs == []


def test_a_class_has_one_home() -> None:
    assert house_figures.class_names_with_two_homes() == {}


# Each interface has its own: the same question, asked for another person; the words of a notice have its code.
MAY_HAVE_TWO_HOMES = {"consent_or_404", "emergency_signs", "paper_or_404", "visit_or_404", "main", "password_link"}


def test_a_public_function_has_one_home() -> None:
    assert set(house_figures.function_names_with_two_homes()) <= MAY_HAVE_TWO_HOMES


def test_a_value_is_named_for_what_it_is() -> None:
    """`visit` and `reason` instead of `found` and `said`: at most one assignment in two hundred is a participle."""
    participles, assignments = house_figures.participles()

    assert participles <= assignments / 200


# Roles, sealed tables and the zone's check run before a request or once a form; the rest is decision 0022.
def test_statements_by_hand_are_few() -> None:
    assert house_figures.raw_sql().total() <= 9


def test_the_formatter_is_never_switched_off() -> None:
    assert house_figures.formatting_switched_off() == []


# --- no hidden machinery ----------------------------------------------------------------------------------------------


def own_class(cls: ast.ClassDef, *ancestors: str) -> bool:
    names = {base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in cls.bases}
    return any(name.endswith(ancestors) for name in names)


def test_no_logic_in_save() -> None:
    """Neither a model nor a manager changes what saving means; a ModelAdmin may say who saved."""
    found = [
        f"{name_of(path)}:{cls.name}.{method.name}"
        for path, tree in trees().items()
        for cls in ast.walk(tree)
        if isinstance(cls, ast.ClassDef) and not own_class(cls, "Admin", "Inline", "Form", "FormSet")
        for method in cls.body
        if isinstance(method, ast.FunctionDef) and method.name in {"save", "asave", "delete", "bulk_create"}
    ]

    assert found == []


def words_in(tree: ast.AST) -> set[str]:
    """Keyword arguments by name."""
    return {word.arg for node in ast.walk(tree) if isinstance(node, ast.Call) for word in node.keywords if word.arg}


@pytest.mark.parametrize("word", ["auto_now", "auto_now_add", "eta", "countdown"])
def test_no_time_that_others_decide(word: str) -> None:
    """The clock is passed in, and no broker keeps a date for us."""
    assert [name_of(path) for path, tree in trees().items() if word in words_in(tree)] == []


# --- what ruff holds --------------------------------------------------------------------------------------------------


def ruff_codes(source: str, name: str) -> list[str]:
    """What `ruff check` says of such a file of ours."""
    options = ["check", "--no-cache", "--output-format=json", "--stdin-filename"]
    ruff = [sys.executable, "-m", "ruff", *options, name, "-"]
    found = subprocess.run(ruff, cwd=ROOT, input=source, capture_output=True, text=True, check=False)
    return [breach["code"] for breach in json.loads(found.stdout)]


CLOCK = """import datetime as dt

from django.utils import timezone


def verb(now: dt.datetime, tz: dt.tzinfo) -> object:
    return ({})
"""
A_VERB, A_VIEW = "bookings/actions/new.py", "bookings/desk/new_views.py"


@pytest.mark.parametrize(
    "words", ["timezone.now()", "timezone.localdate()", "dt.datetime.now(tz)", "dt.datetime.now(dt.UTC)"]
)
def test_only_interfaces_read_the_clock(words: str) -> None:
    source = CLOCK.format(f"now, tz, timezone, {words}")

    assert (ruff_codes(source, A_VERB), ruff_codes(source, A_VIEW)) == (["TID251"], [])


@pytest.mark.parametrize("words", ["timezone.localtime(now, tz)", "now.date(), timezone, tz"])
def test_a_moment_that_was_passed_in_is_no_clock(words: str) -> None:
    assert ruff_codes(CLOCK.format(words), A_VERB) == []


@pytest.mark.parametrize(
    "line",
    [
        "from django.dispatch import receiver",
        "from django.db.models import signals",
        "from django.db.models.signals import post_save",
        "from django.core.signals import request_started",
        "from django.contrib.auth.signals import user_logged_in",
    ],
)
def test_no_signals(line: str) -> None:
    """Celery's own set its process up (logging, the worker's health); nothing of the clinic hangs on them."""
    _module, name = line.split(" import ")
    source = f'{line}\n\n__all__ = ["{name}"]\n'

    assert (ruff_codes(source, A_VERB), ruff_codes(source, A_VIEW)) == (["TID251", "TID253"], ["TID253"])


def test_sql_reads_no_clock() -> None:
    """The delivery door asks PostgreSQL once, for all machines; nothing else does."""
    asks = re.compile(r"\b(now\(\)|current_timestamp|clock_timestamp\(\)|statement_timestamp\(\))", re.IGNORECASE)
    found = {name_of(path) for path, tree in trees().items() for text in sql_in(tree) if asks.search(text)}

    assert found <= {"bookings/messages/outbox/leases.py"}


def sql_in(tree: ast.AST) -> list[str]:
    """Strings that look like statements."""
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    statement = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
    return [value for value in constants if isinstance(value, str) and statement.match(value)]


# A date's rules are asked along the local clock, which is no instant yet.
MAY_COMBINE = {"clinic/wall.py", "bookings/rules/limits.py"}


def test_one_module_makes_an_instant_of_a_date_and_a_zone() -> None:
    found = {
        name_of(path)
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "combine"
        and not any(ast.unparse(word.value) == "dt.UTC" for word in node.keywords)
    }

    assert found == MAY_COMBINE


# --- the models -------------------------------------------------------------------------------------------------------


def own_models() -> list[type[models.Model]]:
    """Ours, without the event tables that pghistory makes."""
    return [model for model in apps.get_models() if model.__module__.startswith(ROOMS) and not hasattr(model, "pgh_id")]


def test_text_is_never_null() -> None:
    null = [
        f"{model.__name__}.{field.name}"
        for model in own_models()
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField) and field.null
    ]

    assert null == []


def test_each_model_is_in_a_room() -> None:
    assert len(own_models()) > 30


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


# --- the whole tree ---------------------------------------------------------------------------------------------------


def test_arrows_point_down() -> None:
    checked = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


def tracked() -> list[Path]:
    """The files of the repository that people wrote."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    written = [ROOT / name for name in listed.split("\0") if name and "/vendor/" not in name]
    return [path for path in written if path.exists() and (path.suffix in WRITTEN or path.name in {"Makefile", "run"})]


WRITTEN = {".py", ".html", ".txt", ".in", ".toml", ".yaml", ".yml", ".md", ".json", ".js", ".css", ".cfg", ".example"}

# Written in pieces, so that this file does not find itself.
REGISTRIES = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry.npmjs" + ".org",
    "/" + "simple/",
    "--index" + "-url",
    "--extra-index" + "-url",
)


def mentions(words: tuple[str, ...]) -> Callable[[Path], bool]:
    return lambda path: any(word in path.read_text(errors="ignore") for word in words)


def test_no_registry_is_named() -> None:
    """Where packages come from is the machine's business."""
    found = [name_of(path) for path in tracked() if mentions(REGISTRIES)(path)]

    assert found == []


def test_files_are_looked_at() -> None:
    named = {name_of(path) for path in tracked()}

    assert {"clinic/settings.py", "requirements.txt", "Makefile", "templates/base.html"} <= named
