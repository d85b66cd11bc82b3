"""Finds therapies by any of their names, in any usual spelling and script: Basti and Vasti, Swedan and Sveda, अभ्यंग.

Pure. Names are folded to a bare skeleton (no accents, v for b and w, no breath after a consonant, no last a), so that
the many ways to write one Sanskrit word in Latin letters, and the Devanagari itself, become the same.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator

from therapies.models import Therapy

_VOWELS = dict(zip("अआइईउऊऋएऐओऔ", ["a", "a", "i", "i", "u", "u", "ri", "e", "ai", "o", "au"], strict=True))
_SIGNS = dict(zip("ािीुूृेैोौॉ", ["a", "i", "i", "u", "u", "ri", "e", "ai", "o", "au", "o"], strict=True))
_CONSONANTS = dict(
    zip(
        "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहळ",
        "k kh g gh n c ch j jh n t th d dh n t th d dh n p ph b bh m y r l v sh sh s h l".split(),  # noqa: SIM905
        strict=True,
    )
)
_VIRAMA, _NUKTA, _NASAL, _BREATH = "्", "़", "ंँ", "ः"
_BEFORE_ACCENTS_FALL = str.maketrans({"ṛ": "ri", "ṝ": "ri", "ś": "sh", "ṣ": "sh", "ṁ": "n", "ṃ": "n", "ḥ": ""})
_SAME = (
    ("ee", "i"),
    ("oo", "u"),
    ("ph", "f"),
    ("zh", "z"),
    ("ksh", "x"),
    ("w", "v"),
    (r"([bcdfgjkpstx])h", r"\1"),
    ("b", "v"),
    (r"m(?=[^aeiouy\s])", "n"),
    (r"(.)\1+", r"\1"),
)
_NEAR_ENOUGH = 0.75


def _latin(text: str) -> str:
    """Devanagari letters as Latin ones; each consonant brings its a unless a sign says otherwise."""
    rows: list[str] = []
    for place, letter in enumerate(text):
        following = text[place + 1 : place + 2]
        if letter in _CONSONANTS:
            bare = following in _SIGNS or following in (_VIRAMA, _NUKTA)
            rows.append(_CONSONANTS[letter] + ("" if bare else "a"))
        elif letter == _NUKTA:
            rows.append("" if following in _SIGNS or following == _VIRAMA else "a")
        elif letter in _NASAL:
            rows.append("n")
        elif letter not in (_VIRAMA, _BREATH):
            rows.append(_VOWELS.get(letter) or _SIGNS.get(letter) or letter)
    return "".join(rows)


def fold(text: str) -> list[str]:
    """The words of a name as skeletons: “Kaṭi Vasthi” and “कटि बस्ति” are both ["kati", "vasti"]."""
    composed = unicodedata.normalize("NFC", text.lower()).translate(_BEFORE_ACCENTS_FALL)
    plain = unicodedata.normalize("NFKD", _latin(composed))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    for pattern, same in _SAME:
        plain = re.sub(pattern, same, plain)
    words = re.findall(r"[a-z0-9]+", plain)
    return [word[:-1] if len(word) > 3 and word.endswith("a") else word for word in words]


def names(therapy: Therapy) -> Iterator[str]:
    """All that people may call it."""
    yield from (therapy.name, therapy.name_iast, therapy.name_devanagari, therapy.description, *therapy.synonyms)
    yield from therapy.names.values()


def _rank(query: list[str], therapy: Therapy) -> tuple[int, bool] | None:
    """How well it answers: 0 the very name, 1 the beginning of one, 2 words of one, 3 a piece; its first name wins."""
    joined = "".join(query)
    rows = []
    for place, name in enumerate(names(therapy)):
        words = fold(name)
        whole = "".join(words)
        if whole == joined:
            rows.append((0, place > 0))
        elif whole.startswith(joined):
            rows.append((1, place > 0))
        elif all(any(word.startswith(part) for word in words) for part in query):
            rows.append((2, place > 0))
        elif len(joined) > 3 and joined in whole:
            rows.append((3, place > 0))
    return min(rows, default=None)


def matching(query: str, therapies: Iterable[Therapy]) -> list[Therapy]:
    """The therapies that answer to `query`, the best first; where none does, those that nearly do."""
    parts = fold(query)
    if sum(map(len, parts)) < 2:
        return []
    everything = list(therapies)
    ranked = [(rank, place) for place, each in enumerate(everything) if (rank := _rank(parts, each))]
    if ranked:
        return [everything[place] for _, place in sorted(ranked)]
    near = [(-_likeness(parts, each), place) for place, each in enumerate(everything) if _nearly(parts, each)]
    return [everything[place] for _, place in sorted(near)]


def _nearly(query: list[str], therapy: Therapy) -> bool:
    """Whether each word of the query is a misspelt word of a name."""
    words = {word for name in names(therapy) for word in fold(name)}
    return all(len(part) > 3 and difflib.get_close_matches(part, words, 1, _NEAR_ENOUGH) for part in query)


def _likeness(query: list[str], therapy: Therapy) -> float:
    return difflib.SequenceMatcher(None, "".join(query), "".join(fold(therapy.name))).ratio()
