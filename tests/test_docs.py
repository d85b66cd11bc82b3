"""What the developers' pages name is there."""

import functools
import re
import subprocess
from pathlib import Path

import pytest

from tests.house_figures import modules

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/glossary.md", "docs/operations.md")


def in_code(page: str) -> set[str]:
    """What stands between backticks outside of blocks, without the name of a function after `::`."""
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text(), flags=re.DOTALL)
    return {words.partition("::")[0] for words in re.findall(r"`([^`]+)`", text)}


def paths(page: str) -> set[str]:
    return {words for words in in_code(page) if re.fullmatch(r"[\w./-]+(/|\.(py|md|yaml|toml|html))", words)}


@functools.cache
def places() -> frozenset[str]:
    """Each file and folder of the repository, also by the end of its path: pages say `actions/holds.py`."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [Path(name) for name in listed.split("\0") if name]
    folders = {folder for file in files for folder in file.parents}
    ends = [place.parts[index:] for place in {*files, *folders} for index in range(len(place.parts))]
    return frozenset("/".join(parts) for parts in ends)


def is_there(path: str) -> bool:
    return path.rstrip("/") in places()


@pytest.mark.parametrize("page", PAGES)
def test_each_path_that_a_page_names_is_there(page: str) -> None:
    assert [path for path in sorted(paths(page)) if not is_there(path) and not path.startswith("/")] == []


def test_a_path_that_is_gone_is_found() -> None:
    assert not is_there("bookings/letters/plan.py")


def test_each_class_of_the_glossary_is_there() -> None:
    classes = {name for module in modules("bookings", "clinic", "therapies") for name in classes_of(module.tree)}
    named = {words for words in in_code("docs/glossary.md") if re.fullmatch(r"([A-Z][a-z]+)+", words)}

    assert (named - classes, len(named) > 15) == (set(), True)


def classes_of(tree: object) -> set[str]:
    return {node.name for node in getattr(tree, "body", []) if type(node).__name__ == "ClassDef"}


def test_each_decision_has_a_number_of_its_own_and_says_it() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(file.name.partition("-")[0]) for file in files]
    assert numbers == [*range(1, len(files) + 1)]
    assert [
        file.name for file, n in zip(files, numbers, strict=True) if not file.read_text().startswith(f"# {n}. ")
    ] == []
