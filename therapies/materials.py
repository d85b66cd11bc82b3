"""Oils and other materials: what is usual for a treatment, and which of them a patient is allergic to. Pure words.

Whether an oil holds what somebody cannot bear is judged by its name: a match asks for a written reason, and only a
person can say that it is none.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from therapies.amounts import CELSIUS, Amount, AmountLimits, limits_from
from therapies.catalogue.reader import HOME
from therapies.models import Variant
from therapies.models.words import in_reader_language

BETWEEN_WORDS = re.compile(r"[^\w\u0900-\u097f]+")
SHORTEST_WORD = 4
DEVANAGARI = "\u0900"


@dataclass(frozen=True)
class UsualMaterials:
    """What is used unless somebody orders something else; empty where the catalogue gives nothing."""

    materials: str = ""
    dose: Amount | None = None
    temperature: Amount | None = None


@dataclass(frozen=True)
class ToldAllergy:
    """An allergy that was told: its name for people, the terms of its question, the patient's own words."""

    name: str
    terms: frozenset[str]
    words: str

    def __str__(self) -> str:
        return f"{self.name}: {self.words}" if self.words else self.name


@cache
def _catalogue() -> Mapping[str, Any]:
    rows: dict[str, Any] = yaml.safe_load((HOME / "materials.yaml").read_text(encoding="utf-8"))
    return rows


def usual_materials(variant: Variant) -> UsualMaterials:
    """Of this variant, in the reader's language; reads its therapy."""
    dose, temperature = dose_limits(variant), temperature_limits(variant)
    return UsualMaterials(in_reader_language(_usual(variant)), dose.default_amount, temperature.default_amount)


def dose_limits(variant: Variant) -> AmountLimits:
    """The unit of its dose, what is usual and what is possible."""
    return limits_from(_usual(variant).get("dose") or _catalogue()["limits"]["dose"])


def temperature_limits(variant: Variant) -> AmountLimits:
    """Of what touches the body, in °C."""
    return limits_from(_usual(variant).get("temperature") or _catalogue()["limits"]["temperature"], CELSIUS)


def _usual(variant: Variant) -> Mapping[str, Any]:
    usual, code = _catalogue()["usual"], variant.therapy.code
    row: Mapping[str, Any] = usual.get(f"{code}_{variant.treatment}") or usual.get(code, {})
    return row


def allergies_to(materials: str, allergies: Iterable[ToldAllergy]) -> list[ToldAllergy]:
    """Those of the told allergies that these materials may touch off."""
    return [allergy for allergy in allergies if _touches_off(materials, allergy)]


def _touches_off(materials: str, allergy: ToldAllergy) -> bool:
    """Whether the materials hold what was ticked, what the patient's words are about, or one of those very words."""
    allergens, general = _catalogue()["allergens"], {*_catalogue()["general"]}
    own_words = [word for word in _words(allergy.words) if word not in general]
    if any(_stand_in(allergens.get(term, ()), materials) for term in allergy.terms):
        return True
    for words in allergens.values():
        if _stand_in(words, " ".join(own_words)) and _stand_in(
            [word for word in words if word not in general], materials
        ):
            return True
    return _stand_in([word for word in own_words if len(word) >= SHORTEST_WORD], materials)


def _stand_in(words: Iterable[str], text: str) -> bool:
    """Whether one of the words is in the text: whole, in Devanagari also with an ending."""
    spaced = f" {' '.join(_words(text))} "
    return any((f" {word}" if word > DEVANAGARI else f" {word} ") in spaced for word in words)


def _words(text: str) -> list[str]:
    return [word for word in BETWEEN_WORDS.split(text.casefold()) if word]
