"""The normal form of a name: what it sounds like, whatever its script and romanisation. Pure.

Mira, Meera and मीरा have one form, as have Lakshmi, Laxmi and लक्ष्मी. The form is coarse on purpose: it finds, and
`clinic/people/patient_search.py` ranks what it finds by the spelling.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

from anyascii import anyascii

from clinic.people.person_names import INDIC, TITLES

HONORIFICS = TITLES | {"shrimati", "smti", "sau", "km", "ji", "miss", "master", "sh", "sardar", "late", "mister"}
HONORIFICS |= {"डॉ", "डा", "डॉक्टर", "श्री", "श्रीमती", "सौ", "कु", "सुश्री", "वैद्य"}
SUFFIX = re.compile(r"(?<=...)(?:bhai|bhen|behn|ben|(?<!r)ji)$")
"""Said after a first name in courtesy: Geetaben is Geeta."""
SHORTENED = {
    "mohd": "muhammad",
    "md": "muhammad",
    "mohamed": "muhammad",
    "mohammed": "muhammad",
    "mhmd": "muhammad",
    "simh": "singh",
}
VOWEL_R = re.compile("[\u0943\u09c3\u0a43\u0ac3\u0b43\u0c43\u0cc3\u0d43]")
"""The vowel sign in कृष्ण, in eight scripts; people write it ri."""
LONGEST_BEGINNING = 8
SHORTEST_WITH_SLIPS = 4
"""A form of fewer letters with one left out would be half the register."""

ROMANISATIONS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"x", "ks"),
        (r"q|ck", "k"),
        (r"c(?=[eiy])(?!h)", "s"),
        (r"chh?", "č"),
        (r"c", "k"),
        (r"zh", "l"),
        (r"z", "j"),
        (r"f", "p"),
        (r"ow(?![aeiou])", "o"),
        (r"(?<=[ae])o$", "v"),
        (r"[vw]", "b"),
        (r"geo", "jo"),
        (r"rge$", "rj"),
        (r"(?:dn|g)y|[jg](?=n)", "jn"),
        (r"(?<=[bčdgjkpst])h", ""),
        (r"(?<=.)[aeo]?[yi](?=a$)", "i"),
        (r"(?<=.)ie$|(?<!^)(?:[ae][yi](?![aeiou])|[eiy]+)", "i"),
        (r"(?<!^)(?:a[uw](?![aeiou])|[ou]+)", "u"),
        (r"(?<!^)a+", ""),
        (r"(?<=.)ii+", "i"),
        (r"^a*[eiy]+", "i"),
        (r"^a+", "a"),
        (r"^[ou]+", "u"),
        (r"njn", "jn"),
        (r"(?<=..)h$", ""),
        (r"m(?=[čdgjklnrst])", "n"),
        (r"(.)\1+", r"\1"),
    )
)


def words(name: str) -> list[str]:
    """The words of a name as they stand, without titles; an apostrophe joins, hyphens and dots part."""
    plain = unicodedata.normalize("NFC", name).casefold()
    joined = re.sub(r"['\u2018\u2019\u02bc`\u00b4\u200c\u200d]", "", plain)
    parts = re.split(r"[^\w\u0300-\u036f\u0900-\u0dff]+", joined)
    named = [part for part in parts if part and part not in HONORIFICS]
    return named or [part for part in parts if part]


@lru_cache(maxsize=4096)
def latin(word: str) -> str:
    """The word in the letters a to z: मीरा is mira."""
    plain = anyascii(VOWEL_R.sub("ri", word)).casefold()
    if any(ord(sign) in INDIC for sign in word):
        plain = re.sub(r"c(?!h)", "ch", plain)  # how the library writes the letter that people write ch
    letters = re.sub(r"[^a-z]", "", plain)
    return SHORTENED.get(letters, letters)


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """What the word sounds like, without the vowel a, which scripts of India do not write; `""` for no letters."""
    letters = SUFFIX.sub("", latin(word))
    for pattern, sounds in ROMANISATIONS:
        letters = pattern.sub(sounds, letters)
    return letters


def terms_to_find(*names: str) -> list[str]:
    """What is stored of a patient's names and found again: whole sounds, beginnings, and sounds with a slip."""
    parts = [word for name in names for word in words(name)]
    sounds = [sound(word) for word in parts]
    pairs = [sound(one + other) for one, other in pairwise(parts)]
    found = {f"={each}" for each in (*sounds, *pairs)}
    found |= {f"^{each[:end]}" for each in sounds for end in range(1, min(len(each), LONGEST_BEGINNING) + 1)}
    return sorted(found.union(*(_slips(each) for each in sounds)) - {"="})


def terms_of_person(person: Any) -> list[str]:
    """The same of somebody's names, of whom they are son, daughter or wife of, and of their village."""
    names = terms_to_find(person.given_name, person.family_name)
    return sorted({*names, *terms_to_find(person.kin_name), *terms_to_find(person.village)})


def exact_terms(word: str) -> list[str]:
    """One of these stands in a record where a word of its names sounds or begins like this one."""
    sounds = sound(word)
    return [f"={sounds}", f"^{sounds[:LONGEST_BEGINNING]}"] if sounds else []


def slip_terms(word: str) -> list[str]:
    """The same where a word differs by a letter left out, doubled, swapped or mistaken, or is an initial only."""
    sounds = sound(word)
    return [*exact_terms(word), f"={sounds[:1]}", *sorted(_slips(sounds))]


def readings_of(typed: list[str]) -> Iterator[list[str]]:
    """The words as typed, and with two neighbours as one: Ram Chandra may be written Ramchandra."""
    yield typed
    for place in range(len(typed) - 1):
        yield [*typed[:place], typed[place] + typed[place + 1], *typed[place + 2 :]]


def _slips(sounds: str) -> set[str]:
    if len(sounds) < SHORTEST_WITH_SLIPS:
        return {f"~{sounds}"} if len(sounds) > 2 else set()
    return {f"~{sounds}", *(f"~{sounds[:place]}{sounds[place + 1 :]}" for place in range(len(sounds)))}
