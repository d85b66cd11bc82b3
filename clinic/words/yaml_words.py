"""The words of the YAML files, read with their places in the text and changed there: the rest stays byte for byte.

English and the translation stand side by side (`{en: …, hi: …}`), or under `words` beside the English field
(`rule: …`, `words: {rule: {hi: …}}`), or in two trees of the same form (`texts.en.yaml` and `texts.hi.yaml`).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

ENGLISH = "en"
NOT_WORDS = frozenset({"signs", "preparation_replaces", "reviewed"})
"""Lists of codes, and who read it."""


@dataclass(frozen=True)
class Pair:
    """Words in both languages. `there`: the node of the translation, `after`: the node that it would follow."""

    path: str
    english: str
    there: ScalarNode | None
    after: ScalarNode | None = None
    parent: MappingNode | None = None

    @property
    def translation(self) -> str:
        return str(self.there.value) if self.there else ""


def tree_of(text: str) -> Node | None:
    node: Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
    return node


def side_by_side(node: Node | None, language: str, path: str = "") -> Iterator[Pair]:
    """Every pair of one file, with a path of keys and codes."""
    if isinstance(node, SequenceNode):
        for number, item in enumerate(node.value):
            yield from side_by_side(item, language, f"{path}/{_code(item) or number}")
    elif isinstance(node, MappingNode):
        inner = _scalars(node)
        english = inner.get(ENGLISH)
        if english is not None:
            yield Pair(path, english.value, inner.get(language), inner.get("hi") or english, node)
        for key, value in node.value:
            if key.value == "words" and isinstance(value, MappingNode):
                yield from _words_beside(node, value, language, path)
            else:
                yield from side_by_side(value, language, f"{path}/{key.value}")


def in_two_trees(english: Node | None, other: Node | None, path: str = "") -> Iterator[Pair]:
    """The words at the same place of both; what the other tree lacks has no node."""
    if isinstance(english, ScalarNode):
        yield Pair(path, english.value, other if isinstance(other, ScalarNode) else None)
    elif isinstance(english, SequenceNode):
        rows = other.value if isinstance(other, SequenceNode) else []
        for number, item in enumerate(english.value):
            yield from in_two_trees(item, rows[number] if number < len(rows) else None, f"{path}/{number}")
    elif isinstance(english, MappingNode):
        values = {key.value: value for key, value in other.value} if isinstance(other, MappingNode) else {}
        for key, value in english.value:
            if key.value not in NOT_WORDS or isinstance(value, MappingNode):
                yield from in_two_trees(value, values.get(key.value), f"{path}/{key.value}")


def replaced(text: str, changes: Mapping[Pair, str], language: str) -> str:
    """The text with these translations in their places; one that is not there yet follows the other language."""
    for pair, words in sorted(changes.items(), key=lambda item: -_start(item[0])):
        if pair.there is not None:
            start, end = pair.there.start_mark.index, pair.there.end_mark.index
            text = text[:start] + _quoted(words) + text[end:]
        elif pair.after is not None and pair.parent is not None:
            start = pair.after.end_mark.index
            between = ", " if pair.parent.flow_style else "\n" + " " * pair.parent.start_mark.column
            text = text[:start] + f"{between}{language}: {_quoted(words)}" + text[start:]
    return text


def written_tree(english: Node | None, words: Mapping[str, str]) -> str:
    """A tree of the form of the English one with these words by path; a branch that is not complete is left out."""
    branches = english.value if isinstance(english, MappingNode) else []
    content = {}
    for key, value in branches:
        paths = {pair.path for pair in in_two_trees(value, None, f"/{key.value}")}
        if paths <= words.keys():
            content[key.value] = _built(value, words, f"/{key.value}")
    text: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000) if content else ""
    return text


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _words_beside(node: MappingNode, words: MappingNode, language: str, path: str) -> Iterator[Pair]:
    """`rule: …` with `words: {rule: {hi: …}}`."""
    fields = _scalars(node)
    for key, value in words.value:
        if isinstance(value, MappingNode) and key.value in fields:
            inner = _scalars(value)
            english = fields[key.value].value
            yield Pair(f"{path}/{key.value}", english, inner.get(language), inner.get("hi"), value)


def _scalars(node: MappingNode) -> dict[str, ScalarNode]:
    return {key.value: value for key, value in node.value if isinstance(value, ScalarNode)}


def _code(node: Node) -> str:
    return _scalars(node)["code"].value if isinstance(node, MappingNode) and "code" in _scalars(node) else ""


def _start(pair: Pair) -> int:
    node = pair.there or pair.after
    return int(node.start_mark.index) if node is not None else 0


def _quoted(words: str) -> str:
    """In double quotes: JSON's are YAML's."""
    return json.dumps(words, ensure_ascii=False)


def _built(node: Node | None, words: Mapping[str, str], path: str) -> object:
    if isinstance(node, ScalarNode):
        return words.get(path) or None
    if isinstance(node, SequenceNode):
        items = [_built(item, words, f"{path}/{number}") for number, item in enumerate(node.value)]
        return [item for item in items if item is not None] or None
    if isinstance(node, MappingNode):
        inner = {key.value: _kept(key, value, words, path) for key, value in node.value}
        return {key: value for key, value in inner.items() if value is not None} or None
    return None


def _kept(key: ScalarNode, value: Node, words: Mapping[str, str], path: str) -> object:
    """Codes are the same in every language."""
    if key.value in NOT_WORDS and isinstance(value, SequenceNode):
        return [item.value for item in value.value]
    return _built(value, words, f"{path}/{key.value}")
