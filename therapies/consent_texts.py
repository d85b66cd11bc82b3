"""The words that a patient consents to, by language: in general, or to one procedure with its signs."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from therapies.models import Therapy

WORDS = Path(__file__).with_name("consent_texts.yaml")
LANGUAGES = tuple(
    key for key, words in yaml.safe_load(WORDS.read_text(encoding="utf-8")).items() if isinstance(words, dict)
)
"""English first."""
OWN_CONSENT = "procedure_specific"
"""`Therapy.consent` of a procedure to which a patient consents by itself."""


@dataclass(frozen=True)
class ConsentText:
    """What is shown. `expected` and `signs` are lists of words; `version` names exactly these words."""

    language: str
    version: str
    title: str
    points: tuple[str, ...]
    expected_title: str
    expected: tuple[str, ...]
    signs_title: str
    signs: tuple[str, ...]

    def __str__(self) -> str:
        return self.title

    @property
    def words(self) -> dict[str, Any]:
        """All that is shown, by the names above: what a Vaidya reviews."""
        return {name: value for name, value in asdict(self).items() if name not in ("language", "version")}


def consent_text(therapy: Therapy | None, language: str) -> ConsentText:
    """The text in that language (English when there is none); no therapy: treatment in general.

    The stop signs are the catalogue's, where it has some. A sign without words, of a clinic's own catalogue, is said to
    be explained by the Vaidya: no risk is left out, and no code is read by a patient.
    """
    language = language if language in LANGUAGES else LANGUAGES[0]
    words = _words()[language]
    kind = words["general" if therapy is None else "procedure"]
    name = _name(therapy, language)
    signs = _stop_signs(therapy) or kind["signs"]
    expected = words["expected_of"].get(therapy.code if therapy else "", kind["expected"])
    shown: dict[str, Any] = {
        "title": kind["title"].format(therapy=name),
        "points": tuple(point.format(therapy=name) for point in kind["points"]),
        "expected_title": kind["expected_title"],
        "expected": tuple(expected),
        "signs_title": kind["signs_title"],
        "signs": tuple(dict.fromkeys(words["signs"].get(sign, words["other_sign"]) for sign in signs)),
    }
    mark = hashlib.sha256(repr(sorted(shown.items())).encode()).hexdigest()[:8]
    return ConsentText(language=language, version=f"{_words()['edition']}-{mark}", **shown)


@cache
def _words() -> Mapping[str, Any]:
    texts: Mapping[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return texts


def reviewed_texts() -> list[tuple[str, ConsentText]]:
    """Every text that a patient of this organisation may be asked to sign, with the code of its procedure or ""."""
    own = Therapy.objects.filter(is_active=True, consent=OWN_CONSENT).order_by("position", "code")
    return [
        (therapy.code if therapy else "", consent_text(therapy, language))
        for therapy in (None, *own)
        for language in LANGUAGES
    ]


def _name(therapy: Therapy | None, language: str) -> str:
    return str(therapy.names.get(language) or therapy.name) if therapy else ""


def _stop_signs(therapy: Therapy | None) -> list[str]:
    monitoring = therapy.facts.get("monitoring") if therapy else None
    return list(monitoring.get("stop_signs", [])) if isinstance(monitoring, Mapping) else []
