"""Doses and temperatures are numbers with limits of each variant. Pure, on the shipped figures."""

from decimal import Decimal

import pytest

from tests.shipped import CATALOGUE
from therapies.amounts import CELSIUS, UNITS, Amount, amount_of, amount_written, names_heat, why_impossible, why_unusual
from therapies.materials import dose_limits, temperature_limits, usual_materials
from therapies.models import Therapy, Variant

VARIANTS = [
    Variant(code=variant.code, therapy=Therapy(code=therapy.code))
    for therapy in CATALOGUE.therapies.values()
    for variant in therapy.variants
]
NAMED = {f"{variant.therapy.code}-{variant.code}": variant for variant in VARIANTS}
KATI, NIRUHA = NAMED["kati_basti-default"], NAMED["basti-niruha"]


def of(low: str, high: str = "", unit: str = "ml") -> Amount:
    return Amount(Decimal(low), Decimal(high or low), unit)


@pytest.mark.parametrize("variant", VARIANTS, ids=NAMED)
def test_95_degrees_and_5_litres_are_impossible_for_every_therapy(variant: Variant) -> None:
    limits = dose_limits(variant)

    assert why_impossible(of("95", unit=CELSIUS), temperature_limits(variant)).startswith("Possible for this treatment")
    assert why_impossible(of("5000", unit=limits.unit), limits).startswith("Possible for this treatment")


@pytest.mark.parametrize("variant", VARIANTS, ids=NAMED)
def test_what_is_usual_is_possible_and_needs_no_reason(variant: Variant) -> None:
    usual = usual_materials(variant)
    pairs = [(usual.dose, dose_limits(variant)), (usual.temperature, temperature_limits(variant))]

    for amount, limits in pairs:
        spans = [span for span in (amount, limits.usual_amount) if span]
        assert [(why_impossible(span, limits), why_unusual(span, limits)) for span in spans] == [("", "")] * len(spans)
        assert limits.unit in {*UNITS, CELSIUS}
        assert Decimal(0) < limits.possible[0] < limits.possible[1]


@pytest.mark.parametrize(
    ("variant", "amount", "words"),
    [
        (KATI, of("300"), "Usual for this treatment: 150–250 ml. Please give a reason for another value."),
        (KATI, of("200"), ""),
        (NIRUHA, of("1000"), "Usual for this treatment: 300–960 ml. Please give a reason for another value."),
        (NAMED["prishta_basti-default"], of("700"), ""),
    ],
)
def test_beyond_the_usual_a_reason_is_asked_for(variant: Variant, amount: Amount, words: str) -> None:
    assert why_unusual(amount, dose_limits(variant)) == words


@pytest.mark.parametrize(
    ("variant", "amount", "words"),
    [
        (NAMED["nasya-marsha"], of("8", unit="ml"), "For this treatment the unit is drops."),
        (KATI, of("250", "150"), "The upper value must not be below the lower value."),
    ],
)
def test_wrong_unit_and_turned_ends_are_refused(variant: Variant, amount: Amount, words: str) -> None:
    assert why_impossible(amount, dose_limits(variant)) == words


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("150–250 ml", of("150", "250")),
        ("60 ml", of("60")),
        ("2 drops", of("2", unit="drops")),
        ("1 drop", of("1", unit="drops")),
        ("40–45 °C", of("40", "45", CELSIUS)),
        ("38,5 to 40 ° C", of("38.5", "40", CELSIUS)),
        ("95 °C", of("95", unit=CELSIUS)),
        ("5 litres", None),
        ("hot", None),
        ("", None),
        ("as last time, 60 ml", None),
    ],
)
def test_what_was_once_written_is_read_where_it_can_be(words: str, amount: Amount | None) -> None:
    assert amount_written(words) == amount


@pytest.mark.parametrize(
    "words", ["Til taila at 95 °C", "heat to 200F", "95 degrees", "95 डिग्री पर", "at 45 deg", "60 celsius", "70º"]
)
def test_temperature_among_the_materials_or_in_a_note_is_seen(words: str) -> None:
    assert names_heat(words)


@pytest.mark.parametrize(
    "words", ["", "Ksheerabala 101, 10 g rasna", "2 folds of cloth", "15 minutes on the right side", "Vitamin C 500 mg"]
)
def test_other_numbers_in_words_are_no_temperature(words: str) -> None:
    assert not names_heat(words)


def test_one_number_alone_is_both_ends() -> None:
    assert amount_of(Decimal(60), None, "ml") == amount_of(None, Decimal(60), "ml") == of("60")
    assert amount_of(None, None, "ml") is None
    assert [str(of("60")), str(of("0.5", unit="g")), str(of("150.0", "250.0"))] == ["60 ml", "0.5 g", "150–250 ml"]
