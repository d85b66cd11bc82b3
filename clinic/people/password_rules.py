"""What a password must be: hard to guess for somebody who knows its owner, and on no list that the operator gave.

Judged by zxcvbn, which counts guesses instead of kinds of letters. 3 of 4: more than 10^8 guesses.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

ENOUGH = 3
JUDGED_LETTERS = 72
"""The judge takes longer the longer a password is, and one that is hard in its beginning is hard."""
ITS_OWN = ("clinic", "ayurveda", "ayurvedic", "vaidya", "panchakarma")

_one_at_a_time = Lock()  # zxcvbn keeps the words of the person in a table of the module


class LengthValidator(MinimumLengthValidator):
    """Django's own, with its words in the languages of the clinic."""

    def get_error_message(self) -> str:
        words = _("This password is too short. It must contain at least %(min_length)d characters.")
        return words % {"min_length": self.min_length}

    def get_help_text(self) -> str:
        return _("Your password must contain at least %(min_length)d characters.") % {"min_length": self.min_length}


class StrengthValidator:
    """Refuses what is guessed soon, also by somebody who knows the person and the clinic."""

    def validate(self, password: str, user: Any = None) -> None:
        with _one_at_a_time:
            score = zxcvbn(password[:JUDGED_LETTERS], user_inputs=[*words_about(user)])["score"]
        if score < ENOUGH:
            raise ValidationError(
                _("This password is easy to guess. Use three or four unrelated words."),
                code="password_too_weak",
            )

    def get_help_text(self) -> str:
        return _("Use three or four unrelated words. Avoid names and years.")


class BreachedListValidator:
    """Refuses what stands in a list that the operator gave; without one it refuses nothing.

    The file has SHA-1 digests in hexadecimal, one a line and sorted, as the lists of breached passwords come; what
    follows a colon is not read. It may be larger than the memory: it is searched where it lies.
    """

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002
        path = settings.BREACHED_PASSWORDS
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        if path and stands_in(Path(path), digest):
            raise ValidationError(
                _("This password has appeared in a data breach. Please choose another."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return _("Passwords that are known to have been published elsewhere are refused.")


def words_about(user: Any) -> Iterator[str]:
    """What somebody would try first: names, number and address of the person, names of the clinics, and their parts."""
    yield from ITS_OWN
    clinics = apps.get_model("premises", "Clinic").objects.values_list("name", "slug")
    about = [getattr(user, name, "") or "" for name in ("name", "username", "email")]
    for words in [*about, *(part for clinic in clinics for part in clinic)]:
        yield from {words, *re.findall(r"\w{3,}", words)} - {""}


def stands_in(path: Path, digest: str) -> bool:
    """Whether the sorted file has the line: halved until few bytes are left."""
    wanted = digest.encode()
    with path.open("rb") as lines:
        low, high = 0, path.stat().st_size
        while low < high:
            middle = (low + high) // 2
            lines.seek(middle)
            if middle:
                lines.readline()  # to the beginning of the next line
            line = lines.readline().split(b":")[0].strip().upper()
            if line and line < wanted:
                low = middle + 1
            else:
                high = middle
        lines.seek(max(0, low - 200))
        return any(line.split(b":")[0].strip().upper() == wanted for line in lines.read(500).splitlines())
