"""Reads the files of a catalogue, and says of every mistake which file, entry and field it is in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from .question_shapes import QuestionShape
from .shapes import (
    FileShape,
    RuleShape,
    SourceShape,
    TermShape,
    TextShape,
    TherapyShape,
    VocabularyShape,
)

HOME = Path(__file__).parent
Read = TypeVar("Read")


class CatalogueBroken(Exception):
    """Nothing was loaded; `problems` says why, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Catalogue:
    """All that the files say, by code."""

    vocabulary: VocabularyShape
    sources: dict[str, SourceShape]
    terms: dict[str, TermShape]
    questions: list[QuestionShape]
    rules: list[RuleShape]
    therapies: dict[str, TherapyShape]
    texts: dict[str, dict[str, TextShape]] = field(default_factory=dict)
    """By language, then by therapy."""


class _Loader(yaml.CSafeLoader):
    """Refuses a key that is said twice, of which YAML would quietly keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - the signature is PyYAML's
        seen: set[object] = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"“{key}” is said twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


class _Reader:
    """Collects the problems of all files before anybody gives up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []

    def read(self, path: Path, shape: type[Read] | Any, empty: Read) -> Read:
        name = path.relative_to(self.folder).as_posix()
        try:
            content = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe loader
        except FileNotFoundError:
            self.problems.append(f"{name}: the file is missing")
            return empty
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            self.problems.append(f"{name}: not readable as YAML: {_one_line(error)}")
            return empty
        try:
            return TypeAdapter(shape).validate_python(content)
        except ValidationError as error:
            self.problems += [f"{name}: {_place(content, e['loc'])}: {_message(e)}" for e in error.errors()]
            return empty


def _one_line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}: " if mark else ""
    return place + " ".join(str(getattr(error, "problem", error)).split())


def _message(error: Any) -> str:
    given = error["input"]
    shown = "" if isinstance(given, Mapping | list) or error["type"] == "missing" else f" (got {given!r})"
    return f"{error['msg'].removeprefix('Value error, ')}{shown}"


def _place(said: Any, place: tuple[str | int, ...]) -> str:
    """A place such as variants[local].steps[rest].minutes: list items by their code where they have one."""
    words, here = "", said
    for part in place:
        if part == "[key]":
            continue
        inner = here[part] if isinstance(here, Mapping) and part in here else None
        if isinstance(part, int) and isinstance(here, list) and part < len(here):
            inner = here[part]
            words += f"[{inner['code'] if isinstance(inner, Mapping) and 'code' in inner else part}]"
        else:
            words += f".{part}" if words else str(part)
        here = inner
    return words or "the file"


def _texts(reader: _Reader) -> dict[str, dict[str, TextShape]]:
    result: dict[str, dict[str, TextShape]] = {}
    for path in sorted(reader.folder.glob("texts.*.yaml")):
        language = path.name.split(".")[1]
        result[language] = reader.read(path, dict[str, TextShape], {})
    if "en" not in result:
        reader.problems.append("texts.en.yaml: the file is missing")
    return result


def _therapies(reader: _Reader) -> dict[str, TherapyShape]:
    result: dict[str, TherapyShape] = {}
    for path in sorted((reader.folder / "therapies").glob("*.yaml")):
        therapy: FileShape | None = reader.read(path, TherapyShape, None)
        if isinstance(therapy, TherapyShape):
            result[therapy.code] = therapy
            if therapy.code != path.stem:
                reader.problems.append(f"therapies/{path.name}: code: “{therapy.code}” is not the name of the file")
    if not result and not reader.problems:
        reader.problems.append("therapies/: there is no therapy")
    return result


def read_catalogue(folder: Path = HOME) -> Catalogue:
    """The catalogue in `folder`; raises CatalogueBroken with every problem of shape in every file."""
    reader = _Reader(folder)
    vocabulary: VocabularyShape | None = reader.read(folder / "vocabulary.yaml", VocabularyShape, None)
    sources: dict[str, SourceShape] = reader.read(folder / "sources.yaml", dict[str, SourceShape], {})
    terms: dict[str, TermShape] = reader.read(folder / "terms.yaml", dict[str, TermShape], {})
    questions: list[QuestionShape] = reader.read(folder / "questions.yaml", list[QuestionShape], [])
    rules: list[RuleShape] = reader.read(folder / "rules.yaml", list[RuleShape], [])
    flags: list[RuleShape] = reader.read(folder / "desk_flags.yaml", list[RuleShape], [])
    therapies, texts = _therapies(reader), _texts(reader)
    if reader.problems or vocabulary is None:
        raise CatalogueBroken(reader.problems)
    return Catalogue(vocabulary, sources, terms, questions, [*rules, *flags], therapies, texts)
