"""The messages of a .po file, read and changed entry by entry: what is not changed stays byte for byte."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .entry import WordEntry

STRING = re.compile(r'^(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) "(.*)"$|^"(.*)"$')
FORMS = ("msgstr", "msgstr[0]", "msgstr[1]")
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


@dataclass(frozen=True)
class MessageBlock:
    """One paragraph of the file: `strings` by keyword, unescaped."""

    text: str
    strings: Mapping[str, str]
    places: tuple[str, ...]

    @property
    def is_message(self) -> bool:
        return bool(self.strings.get("msgid")) and not self.text.startswith("#~")

    @property
    def is_of_demo_alone(self) -> bool:
        """Names of people and places that do not exist."""
        return bool(self.places) and all("/demo/" in place for place in self.places)

    def english(self, form: str) -> str:
        return self.strings["msgid_plural" if form == "msgstr[1]" else "msgid"]

    def key(self, form: str) -> str:
        name = "\x04".join([self.strings.get("msgctxt", ""), self.strings["msgid"], form])
        return "message:" + hashlib.sha256(name.encode()).hexdigest()[:16]


def blocks_of(text: str) -> list[MessageBlock]:
    return [_block(part) for part in text.split("\n\n")]


def message_entries(text: str) -> Iterator[WordEntry]:
    """Two entries for a message with a plural."""
    for block in blocks_of(text):
        if not block.is_message or block.is_of_demo_alone:
            continue
        for form in FORMS:
            if form in block.strings:
                kind = {"msgstr[0]": "message, one", "msgstr[1]": "message, many"}.get(form, "message")
                context, places = block.strings.get("msgctxt", ""), "\n".join(block.places)
                yield WordEntry(block.key(form), kind, places, context, block.english(form), block.strings[form])


def with_translations(text: str, changes: Mapping[str, str]) -> str:
    """The file with other translations, by key."""
    return "\n\n".join(_changed(block, changes) for block in blocks_of(text))


def for_language(text: str, language: str) -> str:
    """The same messages without translations, as the file of a new language."""
    empty = [_without_translations(block) for block in blocks_of(text) if block.is_message]
    return "\n\n".join([HEADER.format(language=language).rstrip("\n"), *empty]) + "\n"


def po_file(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def _block(text: str) -> MessageBlock:
    strings: dict[str, str] = {}
    keyword = ""
    for line in text.splitlines():
        if match := STRING.match(line):
            keyword = match[1] or keyword
            strings[keyword] = strings.get(keyword, "") + (match[2] or match[3] or "")
    places = [place for line in re.findall(r"^#: (.*)$", text, re.MULTILINE) for place in line.split()]
    return MessageBlock(text, {name: _unescaped(value) for name, value in strings.items()}, tuple(places))


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), text)


def _escaped(text: str) -> str:
    escapes = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"))
    for plain, escape in escapes:
        text = text.replace(plain, escape)
    return text


def _changed(block: MessageBlock, changes: Mapping[str, str]) -> str:
    if not block.is_message:
        return block.text
    text = block.text
    for form in FORMS:
        if form in block.strings and block.key(form) in changes:
            text = _with_form(text, form, changes[block.key(form)])
    return text


def _with_form(text: str, form: str, words: str) -> str:
    pattern = re.compile(rf'^{re.escape(form)} ".*"(?:\n".*")*', re.MULTILINE)
    line = f'{form} "{_escaped(words)}"'
    return pattern.sub(lambda _match: line, text, count=1)


def _without_translations(block: MessageBlock) -> str:
    text = re.sub(r"^#, fuzzy$\n", "", block.text, flags=re.MULTILINE)
    for form in FORMS:
        if form in block.strings:
            text = _with_form(text, form, "")
    return text
