"""Where the words are: one message file, the catalogue and the consents; each can list its entries and take changes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import messages
from .entry import WordEntry
from .yaml_words import Pair, in_two_trees, read, replaced, side_by_side, tree_of, written_tree

CATALOGUE = Path("therapies") / "catalogue"
CONSENTS = Path("therapies") / "consent_texts.yaml"
NOT_SIDE_BY_SIDE = ("texts.", "sources.")
"""Files of the catalogue whose words are elsewhere, or that have none."""


@dataclass(frozen=True)
class LanguageFiles:
    """The words of the program below `root` in one language; a language that is new has no translation yet."""

    root: Path
    language: str

    def entries(self) -> list[WordEntry]:
        """Messages first, then the catalogue and the consents, each in the order of its file."""
        return [*messages.message_entries(self._message_text()), *self._yaml_entries()]

    def change(self, changes: Mapping[str, str]) -> list[Path]:
        """Write these translations (by key) into their files; the files that changed.

        A text about a therapy, and the consents, come into a new language as soon as they are complete.
        """
        texts = {messages.po_file(self.root, self.language): self._changed_messages(changes)}
        texts |= self._changed_side_by_side(changes) | self._changed_texts(changes) | self._changed_consents(changes)
        files = [path for path, text in texts.items() if not path.exists() or read(path) != text]
        for path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts[path], encoding="utf-8")
        return files

    # --- messages -----------------------------------------------------------------------------------------------------

    def _message_text(self) -> str:
        path = messages.po_file(self.root, self.language)
        return read(path) if path.exists() else messages.for_language(self._hindi_messages(), self.language)

    def _hindi_messages(self) -> str:
        return read(messages.po_file(self.root, "hi"))

    def _changed_messages(self, changes: Mapping[str, str]) -> str:
        return messages.with_translations(self._message_text(), changes)

    # --- words side by side -------------------------------------------------------------------------------------------

    def _yaml_entries(self) -> Iterator[WordEntry]:
        for path in self._side_by_side_files():
            yield from self._of_pairs(self._name(path), side_by_side(tree_of(read(path)), self.language))
        yield from self._of_pairs(self._texts_name(), self._text_pairs())
        yield from self._of_pairs(CONSENTS.as_posix(), self._consent_pairs())

    def _side_by_side_files(self) -> list[Path]:
        folder = self.root / CATALOGUE
        files = [*sorted(folder.glob("*.yaml")), *sorted((folder / "therapies").glob("*.yaml"))]
        return [path for path in files if not path.name.startswith(NOT_SIDE_BY_SIDE)]

    def _changed_side_by_side(self, changes: Mapping[str, str]) -> dict[Path, str]:
        result = {}
        for path in self._side_by_side_files():
            text = read(path)
            result[path] = _with(text, self._name(path), side_by_side(tree_of(text), self.language), self, changes)
        return result

    # --- two trees ----------------------------------------------------------------------------------------------------

    def _texts_file(self, language: str) -> Path:
        return self.root / CATALOGUE / f"texts.{language}.yaml"

    def _texts_name(self) -> str:
        return (CATALOGUE / "texts.yaml").as_posix()

    def _text_pairs(self) -> Iterator[Pair]:
        theirs = self._texts_file(self.language)
        other = tree_of(read(theirs)) if theirs.exists() else None
        return in_two_trees(tree_of(read(self._texts_file("en"))), other)

    def _changed_texts(self, changes: Mapping[str, str]) -> dict[Path, str]:
        theirs, name = self._texts_file(self.language), self._texts_name()
        pairs = list(self._text_pairs())
        new = _by_path(pairs, name, changes)
        if all(pair.there is not None for pair in pairs if pair.path in new):
            return {theirs: _with(read(theirs), name, pairs, self, changes)} if new else {}
        words = {pair.path: pair.translation for pair in pairs if pair.translation} | new
        tree = written_tree(tree_of(read(self._texts_file("en"))), words)
        return {theirs: tree} if tree else {}

    def _consent_trees(self) -> Mapping[str, object]:
        root = tree_of(read(self.root / CONSENTS))
        return {key.value: value for key, value in root.value} if root is not None else {}

    def _consent_pairs(self) -> Iterator[Pair]:
        trees = self._consent_trees()
        return in_two_trees(trees["en"], trees.get(self.language))  # type: ignore[arg-type]

    def _changed_consents(self, changes: Mapping[str, str]) -> dict[Path, str]:
        path, name = self.root / CONSENTS, CONSENTS.as_posix()
        text = read(path)
        if self.language in self._consent_trees():
            return {path: _with(text, name, self._consent_pairs(), self, changes)}
        pairs = list(self._consent_pairs())
        new = _by_path(pairs, name, changes)
        if len(new) < len(pairs):
            return {}
        tree = written_tree(self._consent_trees()["en"], new)  # type: ignore[arg-type]
        indented = "".join(f"  {line}\n" for line in tree.splitlines())
        return {path: f"{text.rstrip()}\n{self.language}:\n{indented}"}

    # --- both ---------------------------------------------------------------------------------------------------------

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _of_pairs(self, name: str, pairs: Iterator[Pair]) -> Iterator[WordEntry]:
        kind = "consent" if name == CONSENTS.as_posix() else "catalogue"
        for pair in pairs:
            yield WordEntry(f"{name}:{pair.path}", kind, name, pair.path.strip("/"), pair.english, pair.translation)


def _with(text: str, name: str, pairs: Iterable[Pair], words: LanguageFiles, changes: Mapping[str, str]) -> str:
    new = {pair: changes[f"{name}:{pair.path}"] for pair in pairs if f"{name}:{pair.path}" in changes}
    return replaced(text, new, words.language)


def _by_path(pairs: Iterable[Pair], name: str, changes: Mapping[str, str]) -> dict[str, str]:
    return {pair.path: changes[f"{name}:{pair.path}"] for pair in pairs if f"{name}:{pair.path}" in changes}
