"""Materials: what is usual, and what a told allergy forbids without a reason. Pure, on the shipped words."""

import pytest
import yaml

from tests.shipped import CATALOGUE as SHIPPED
from therapies.catalogue.reader import HOME
from therapies.materials import ToldAllergy, UsualMaterials, allergies_to, usual_materials
from therapies.models import Therapy, Variant

FILE = yaml.safe_load((HOME / "materials.yaml").read_text(encoding="utf-8"))
VARIANTS = [(therapy.code, variant.code) for therapy in SHIPPED.therapies.values() for variant in therapy.variants]


def told(term: str = "", words: str = "") -> ToldAllergy:
    return ToldAllergy("Allergy", frozenset({term} - {""}), words)


@pytest.mark.parametrize(
    ("materials", "allergy", "matches"),
    [
        ("Sesame oil", told(words="Sesame oil: rash"), True),
        ("Coconut oil", told(words="Sesame oil: rash"), False),
        ("Ksheerabala oil", told(words="sesame"), True),
        ("Ksheerabala oil", told("allergy_milk"), True),
        ("Medicated oil", told("allergy_sesame"), True),
        ("Murivenna", told("allergy_sesame"), False),
        ("Murivenna", told("allergy_coconut"), True),
        ("Coconut oil", told("allergy_nuts"), False),
        ("Almond oil", told("allergy_nuts"), True),
        ("Nirgundi leaves", told(words="nirgundi gives me a rash"), True),
        ("Coconut oil", told(words="sesame oil and castor oil"), False),
        ("तिल का तेल", told("allergy_sesame"), True),
        ("नारियल का तेल", told(words="तिल"), False),
        ("Rice boluses in milk", told("allergy_grain"), True),
        ("", told("allergy_sesame"), False),
        ("Sesame oil", told("allergy_to_material"), False),
    ],
)
def test_material_matches_an_allergy_that_was_told(materials: str, allergy: ToldAllergy, *, matches: bool) -> None:
    assert allergies_to(materials, [allergy]) == ([allergy] if matches else [])


@pytest.mark.parametrize(("therapy", "variant"), VARIANTS)
def test_usual_oil_is_known_to_hold_what_a_general_oil_holds(therapy: str, variant: str) -> None:
    usual = usual_materials(Variant(code=variant, therapy=Therapy(code=therapy)))

    general = any(words in usual.materials.casefold() for words in ("medicated oil", "herbal oil", "sesame"))
    assert bool(allergies_to(usual.materials, [told("allergy_sesame")])) == general


def test_usual_materials_of_a_variant_come_before_those_of_its_therapy() -> None:
    nasya = Therapy(code="nasya")

    rows = [usual_materials(Variant(code=code, therapy=nasya)) for code in ("default", "pratimarsha")]

    assert [str(row.dose or "") for row in rows] == ["", "2 drops"]
    assert usual_materials(Variant(code="default", therapy=Therapy(code="own"))) == UsualMaterials()


def test_file_names_therapies_variants_and_sources_that_there_are() -> None:
    names = {*SHIPPED.therapies, *(f"{therapy}_{variant}" for therapy, variant in VARIANTS)}

    assert set(FILE["usual"]) - names == set()
    assert {source for row in FILE["usual"].values() for source in row["sources"]} - SHIPPED.sources.keys() == set()
    assert [row for row in FILE["usual"].values() if not (row["en"] and row["hi"])] == []
