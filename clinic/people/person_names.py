"""Names of people as they go into messages: letters of any script, and nothing that a mail program makes a link of.

Whoever registers people types what our mail says to strangers. A name with an address or a number in it would let them
write in the clinic's name.
"""

import re
import unicodedata
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

LONGEST = 80
APOSTROPHES = "'\u2019"
HYPHENS = "-\u2010\u2011"
JOINERS = "\u200c\u200d"
"""Zero-width signs with which scripts of India say how two letters meet."""
INDIC = range(0x0900, 0x0E00)
MOST_MARKS = 6
TITLES = frozenset({"dr", "vaidya", "vd", "mr", "mrs", "ms", "shri", "sri", "smt", "prof"})
LATIN_MARKS_END = 0x0370
"""Accents stand before it; the vowel signs of Indian scripts, which make another name, after it."""
DIGITS_OF_A_LABEL = 4
"""A time of day fits; a telephone number does not."""

# What the database refuses, whoever writes: it knows no classes of letters in every locale, so this names what is none.
NO_LETTERS = (
    r"\u0001-\u001f!-&(-,/:-@[-`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u0964-\u0965"
    r"\u2000-\u200b\u200e\u200f\u2012-\u2018\u201a-\u2bff\u3000-\u3004\u3008-\u3020\ue000-\uf8ff"
    r"\uff00-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffff\U0001f000-\U0001faff"
)
IN_THE_DATABASE = rf"^(?!.*\.[A-Za-z]{{2}})[^{NO_LETTERS}0-9\u0966-\u096f]+$"
LABEL_IN_THE_DATABASE = rf"^(?!.*\.[A-Za-z]{{2}})(?!(?:.*[0-9]){{{DIGITS_OF_A_LABEL + 1}}})[^{NO_LETTERS}]+$"

HOUSE_SIGNS = "&,()"
POSTAL_SIGNS = '&,()/#:;\u2013\u2014"'
LINK = re.compile(r"://|\.[^\W\d_]{2}|www\.", re.IGNORECASE)
HOUSE_IN_THE_DATABASE = LABEL_IN_THE_DATABASE.replace("!-&(-,/:-@", "!-%*-+/:-@")

# One letter for each sign: L letter, M mark, N digit, J joiner, else itself; X is what no name has.
SHAPE = re.compile(r"'?L(?:[LMJ '.-])*")
TOO_MANY_MARKS = re.compile(rf"M{{{MOST_MARKS + 1}}}")


def is_person_name(text: str) -> bool:
    """Whether these are letters of any script, with marks, spaces, apostrophes, hyphens and dots after initials."""
    kinds = _kinds(text)
    fits = len(text) <= LONGEST and SHAPE.fullmatch(kinds) and not TOO_MANY_MARKS.search(kinds)
    return bool(fits) and all(_ends_an_initial(text, kinds, place) for place, kind in enumerate(kinds) if kind == ".")


def is_label(text: str) -> bool:
    """The same for what stands in the place of a name; it may say a time of day."""
    digits = sum(sign.isdigit() for sign in text)
    return digits <= DIGITS_OF_A_LABEL and is_person_name("".join("n" if sign.isdigit() else sign for sign in text))


def is_house_name(text: str) -> bool:
    """The same for a clinic: it may also have &, commas, brackets and a few digits."""
    plain = "".join(" " if sign in HOUSE_SIGNS else sign for sign in text)
    return text == text.strip() and is_label(re.sub(" +", " ", plain).strip())


def tidy(text: str) -> str:
    """One form of the same name: composed signs, single spaces, the apostrophe of books, a space after initials.

    Line breaks and controls stay, to be refused.
    """
    plain = unicodedata.normalize("NFC", text).translate(str.maketrans("\u2018\u02bc`\u00b4", "\u2019" * 4))
    spaced = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in plain)
    return _after_initials(re.sub(" {2,}", " ", spaced).strip(" "))


def may_be_same_name(one: str, other: str) -> bool:
    """Whether two names can be one person's: case, marks of Latin letters, dots, titles and order do not count, and a
    part of a name or its initial stands for it."""
    first, second = sorted((_parts(one), _parts(other)), key=len)
    rest = list(second)
    for part in sorted(first, key=len, reverse=True):  # whole words before initials
        fitting = next((word for word in rest if _stands_for(part, word)), None)
        if fitting is None:
            return False
        rest.remove(fitting)
    return bool(first)


def _parts(name: str) -> list[str]:
    plain = unicodedata.normalize("NFD", tidy(name).casefold())
    bare = "".join(sign for sign in plain if not (unicodedata.category(sign) == "Mn" and ord(sign) < LATIN_MARKS_END))
    words = re.split(r"[\s.\-\u2010\u2011]+", bare)
    return [word for word in words if word and word not in TITLES]


def _stands_for(one: str, other: str) -> bool:
    return one == other or (1 in (len(one), len(other)) and one[0] == other[0])


def validate_person_name(text: str) -> None:
    if not is_person_name(text):
        raise ValidationError(
            _("Use letters for the name. Spaces, hyphens, apostrophes and dots after initials are allowed."),
            code="person_name",
        )


def validate_label(text: str) -> None:
    if not is_label(text):
        raise ValidationError(
            _("Use letters and spaces, and at most four digits. Addresses and telephone numbers are not allowed."),
            code="label",
        )


validate_staff_number = RegexValidator(
    r"^[\w-]+\Z", _("A staff number has letters, digits and hyphens only."), code="staff_number"
)
"""It stands in messages too, where somebody has no name."""


def validate_house_name(text: str) -> None:
    if not is_house_name(text):
        raise ValidationError(
            _("Use letters, spaces, &, commas and brackets, and at most four digits. No addresses, no line breaks."),
            code="house_name",
        )


def validate_postal_address(text: str) -> None:
    """Lines of letters, digits and the usual signs: nothing that a mail program makes a link of, no hidden signs."""
    is_plain = all(_kind(sign) != "X" or sign in POSTAL_SIGNS for line in text.splitlines() for sign in line)
    if not is_plain or LINK.search(text):
        raise ValidationError(
            _("Write the postal address only. Web addresses and e-mail addresses are not allowed."),
            code="postal_address",
        )


def cleaned(text: str, instead: str) -> str:
    """The name without what no name has; `instead` where nothing is left. For names older than the rule."""
    name = tidy(text)
    if is_person_name(name):
        return name
    kept = "".join(sign if kind not in "XN." else " " for sign, kind in zip(name, _kinds(name), strict=True))
    name = tidy(re.sub(r"^[^\w]+", "", kept))[:LONGEST].strip()
    return name if is_person_name(name) else instead


def cleaned_house(text: str, instead: str) -> str:
    """The name of a clinic without what no such name has. For names older than the rule."""
    if is_house_name(text):
        return text
    parts = [cleaned(part, "") for part in re.split("[&,()]", text)]
    return " ".join(part for part in parts if part)[:LONGEST].strip() or instead


def _kinds(text: str) -> str:
    return "".join(_kind(sign) for sign in text)


def _kind(sign: str) -> str:
    for group, kind in ((APOSTROPHES, "'"), (HYPHENS, "-"), (JOINERS, "J"), (" .", sign)):
        if sign in group:
            return kind
    return {"L": "L", "M": "M", "N": "N"}.get(unicodedata.category(sign)[0], "X")


def _ends_an_initial(text: str, kinds: str, place: int) -> bool:
    """Whether nothing follows this dot at once but another initial: "K.R. Nair" does, "evil.example" does not."""
    before, after = kinds[place - 1], kinds[place + 1 :]
    if before not in "LMJ":
        return False
    if not after or after[0] in " -":
        return True
    run = re.match(r"[LMJ]+", after)
    if run is None or after[run.end() : run.end() + 1] != ".":
        return False
    letters = text[place + 1 : place + 1 + run.end()]
    return kinds[place + 1 :][: run.end()].count("L") == 1 or (
        run.end() <= 3 and all(ord(sign) in INDIC for sign in letters)  # a Latin initial in an Indian script
    )


def _after_initials(name: str) -> str:
    """S.Kumar becomes S. Kumar: a single capital, or a single letter of a script without capitals, before a word."""

    def is_big(sign: str) -> bool:
        return unicodedata.category(sign) in ("Lu", "Lo")

    pieces = name.split(".")
    made = pieces[0]
    for before, piece in pairwise(pieces):
        initial = before.split(" ")[-1]
        is_initial = sum(unicodedata.category(sign)[0] == "L" for sign in initial) == 1 and is_big(initial[0])
        word = sum(unicodedata.category(sign)[0] == "L" for sign in piece.split(" ")[0]) > 1
        made += ". " + piece if is_initial and word and is_big(piece[0]) else "." + piece
    return made
