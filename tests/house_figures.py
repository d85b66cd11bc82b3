"""The figures of the house: `make figures` prints how large, how tangled and how well named the code is.

Each figure is a number of the source text alone; `tests/test_house.py` holds its limit.
"""

import ast
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTICIPLES = {"said", "told", "found", "known", "kept", "mine", "asked"}
# Where nobody waits for a page: commands, the demo, the launcher of a developer's machine.
NOT_ON_THE_REQUEST_PATH = re.compile(r"clinic/(?:schema_changes|database_roles)|/management/|/demo/|^clinic/local/")


@dataclass(frozen=True, slots=True)
class Module:
    """One source file, by its path from the project's folder."""

    path: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def package(self) -> str:
        return self.name if self.path.endswith("/__init__.py") else self.name.rpartition(".")[0]

    @property
    def room(self) -> str:
        """A direct child of `bookings`, such as `bookings.actions`."""
        return ".".join(self.name.split(".")[:2])

    @property
    def is_door(self) -> bool:
        """Views, addresses, admin classes and commands of different doors may share a name."""
        return bool(re.search(r"views|admin|urls\.py$|/commands/", self.path))


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """The modules of these folders, without migrations."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *folders], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    paths = [path for path in listed.split("\0") if path.endswith(".py") and "/migrations/" not in path]
    return tuple(Module(path, ast.parse((ROOT / path).read_text())) for path in paths if (ROOT / path).exists())


def product() -> tuple[Module, ...]:
    return modules("bookings", "clinic", "therapies")


# --- rooms and arrows -------------------------------------------------------------------------------------------------


def imported(module: Module, names: set[str]) -> Iterator[str]:
    """The modules of `names` that a module imports."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            targets = [f"{source_of(node, module)}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name for name in (longest_module(target, names) for target in targets) if name)


def source_of(node: ast.ImportFrom, module: Module) -> str:
    if not node.level:
        return node.module or ""
    parents = module.package.split(".")
    base = parents[: len(parents) - node.level + 1]
    return ".".join([*base, node.module] if node.module else base)


def longest_module(target: str, names: set[str]) -> str:
    while target and target not in names:
        target = target.rpartition(".")[0]
    return target


def rooms() -> set[str]:
    return {module.room for module in modules("bookings")} - {"bookings"}


def arrows() -> set[tuple[str, str]]:
    """Pairs of rooms with an import between them."""
    by_name = {module.name: module for module in modules("bookings")}
    pairs = {
        (module.room, by_name[target].room) for module in by_name.values() for target in imported(module, set(by_name))
    }
    return {(source, target) for source, target in pairs if source != target and "bookings" not in (source, target)}


# --- names ------------------------------------------------------------------------------------------------------------


def modules_named_ing() -> list[str]:
    return [
        module.path for module in modules("bookings", "clinic", "therapies", "tests", "benchmarks") if is_ing(module)
    ]


def is_ing(module: Module) -> bool:
    return module.path.endswith("ing.py")


def assigned_names() -> Counter[str]:
    """Every plain name that is assigned, in `for`, `with`, a walrus or a comprehension too, and how often."""
    return Counter(
        node.id
        for module in product()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )


def participles() -> tuple[int, int]:
    """Assignments to a participle, and all assignments."""
    names = assigned_names()
    return sum(names[word] for word in PARTICIPLES), names.total()


def class_names_with_two_homes() -> dict[str, list[str]]:
    return homes(ast.ClassDef, [module for module in product() if not module.is_door and "forms" not in module.path])


def function_names_with_two_homes() -> dict[str, list[str]]:
    return homes(ast.FunctionDef, [module for module in product() if not module.is_door])


def homes(kind: type[ast.ClassDef | ast.FunctionDef], sources: list[Module]) -> dict[str, list[str]]:
    places: dict[str, list[str]] = defaultdict(list)
    for module in sources:
        for name in {node.name for node in module.tree.body if isinstance(node, kind)}:
            if not name.startswith("_"):
                places[name].append(module.path)
    return {name: sorted(paths) for name, paths in sorted(places.items()) if len(paths) > 1}


# --- sizes ------------------------------------------------------------------------------------------------------------


def outbox_lines() -> int:
    """Lines of code of the outbox, without blank lines and comments."""
    texts = [(ROOT / module.path).read_text() for module in modules("bookings/messages/outbox")]
    return sum(bool(line.strip()) and not line.strip().startswith("#") for text in texts for line in text.splitlines())


def raw_sql() -> Counter[str]:
    """Modules on the request path that send SQL of their own, and in how many places: what Django compiled is none."""
    return Counter(
        module.path
        for module in product()
        if not NOT_ON_THE_REQUEST_PATH.search(module.path) and module.path != "clinic/compiled_query.py"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"execute", "executemany"}
    )


def formatting_switched_off() -> list[str]:
    pattern = re.compile(r"#\s*fmt:\s*(?:skip|off)")
    return [module.path for module in product() for _ in pattern.findall((ROOT / module.path).read_text())]


def share(part: int, whole: int) -> str:
    return f"{part} of {whole} = {100 * part / whole:.1f} %"


def table() -> dict[str, object]:
    return {
        "rooms of bookings": len(rooms()),
        "arrows between them": len(arrows()),
        "modules named -ing": share(
            len(modules_named_ing()), len(modules("bookings", "clinic", "therapies", "tests", "benchmarks"))
        ),
        "assignments to participles": share(*participles()),
        "class names with two homes": len(class_names_with_two_homes()),
        "function names with two homes": len(function_names_with_two_homes()),
        "lines of the outbox": outbox_lines(),
        "raw SQL on the request path": raw_sql().total(),
        "formatting switched off": len(formatting_switched_off()),
    }


def main() -> None:
    for what, figure in table().items():
        print(f"{what:34} {figure}")
    for name, paths in (class_names_with_two_homes() | function_names_with_two_homes()).items():
        print(f"  {name}: {', '.join(paths)}")
    for path, places in sorted(raw_sql().items()):
        print(f"  SQL of its own: {path} ({places})")


if __name__ == "__main__":
    main()
