"""One string with its translation, wherever it is kept."""

import re
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


@dataclass(frozen=True)
class WordEntry:
    """`key` names it for good; `places` are where people meet it. `translation` is empty where there is none yet."""

    key: str
    kind: str
    places: str
    context: str
    english: str
    translation: str


def why_not_fit(english: str, translation: str) -> str:
    """ "" or why these words cannot stand for the English ones: each placeholder must be kept, and none added."""
    names, theirs = ({*PLACEHOLDER.findall(words)} for words in (english, translation))
    if names == theirs:
        return ""
    missing, more = sorted(names - theirs), sorted(theirs - names)
    parts = [f"without {' '.join(missing)}" if missing else "", f"with {' '.join(more)}" if more else ""]
    return "placeholders differ: " + ", ".join(part for part in parts if part)
