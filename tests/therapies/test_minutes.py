"""The steps hold the room and the hands for as long as the research on each therapy says."""

from itertools import pairwise

import pytest

from therapies.catalogue.reader import Catalogue
from therapies.catalogue.shapes import StepShape, VariantShape
from therapies.models import Presence

# Minutes of the usual variant: set-up, hands-on and cleaning together; and the room from set-up to cleaning.
BLOCKS = {
    "abhyanga": (70, 85),
    "swedana": (35, 35),
    "kati_basti": (80, 95),
    "prishta_basti": (85, 105),
    "patra_pinda_sweda": (80, 95),
    "nadi_sweda": (40, 50),
    "shashtika_shali_pinda_sweda": (110, 140),
    "lepa": (40, 70),
    "vamana": (210, 270),
    "virechana": (80, 440),
    "basti": (80, 110),
    "nasya": (65, 75),
    "raktamokshana": (105, 135),
    "back_pain_massage": (35, 45),
    "snehapana": (25, 25),
    "consultation_first": (45, 45),
    "consultation_follow_up": (20, 20),
    # Advice for home takes no time at the clinic; what a Vaidya says about a diet is part of a consultation.
    "home_self_massage": (0, 0),
    "samsarjana_krama": (0, 0),
}

# Minutes of oil and gentle heat with the patient before the treatment itself, by order of the sequence rules: they come
# on top of the blocks, between set-up and the start, and keep the room and the same therapists.
PREPARATION = {
    "swedana": 10,
    "nadi_sweda": 5,
    "patra_pinda_sweda": 10,
    "shashtika_shali_pinda_sweda": 10,
    "basti": 25,
    "nasya": 15,
    "vamana": 35,
    "virechana": 35,
}

UNPREPARED = {("nasya", "pratimarsha")}
"""Two drops at any time need no massage and no steam."""

# Hands-on minutes of the variants that differ from the usual one, and their therapists at full crew.
VARIANTS = {
    ("abhyanga", "local"): (30, 1),
    ("patra_pinda_sweda", "local"): (30, 1),
    ("basti", "anuvasana"): (30, 1),
    ("basti", "matra"): (30, 1),
    ("raktamokshana", "siravyadha"): (45, 0),
    ("raktamokshana", "pracchana"): (30, 0),
}

# Full and smallest crew of therapists, attendants, nurses, and how the Vaidya takes part.
CREWS = {
    "abhyanga": (2, 1, 0, 0, "on_site"),
    "swedana": (1, 1, 0, 0, "on_site"),
    "kati_basti": (1, 1, 1, 0, "on_site"),
    "prishta_basti": (1, 1, 1, 0, "on_site"),
    "patra_pinda_sweda": (2, 1, 1, 0, "on_site"),
    "nadi_sweda": (1, 1, 0, 0, "on_site"),
    "shashtika_shali_pinda_sweda": (2, 2, 1, 0, "on_site"),
    "lepa": (1, 1, 0, 0, "on_site"),
    "vamana": (2, 1, 1, 1, "present"),
    "virechana": (1, 1, 1, 1, "present"),
    "basti": (1, 1, 1, 1, "present"),
    "nasya": (1, 1, 1, 0, "on_site"),
    "raktamokshana": (0, 0, 1, 1, "performs"),
    "back_pain_massage": (1, 1, 0, 0, "on_site"),
    "snehapana": (0, 0, 1, 0, "on_site"),
    "consultation_first": (0, 0, 0, 0, "performs"),
    "consultation_follow_up": (0, 0, 0, 0, "performs"),
}


def usual(catalogue: Catalogue, code: str) -> VariantShape:
    return next(variant for variant in catalogue.therapies[code].variants if variant.default)


def worked(steps: list[StepShape]) -> int:
    """Minutes in which somebody gives the treatment, gets it ready or clears up."""
    return sum(step.minutes for step in steps if any(crew.presence == Presence.PERFORMS for crew in step.crew))


def hands_on(steps: list[StepShape]) -> list[StepShape]:
    """The treatment itself, without what prepares for it."""
    given = [step for step in steps if step.patient and step.offset >= 0]
    return [step for step in given if any(crew.presence == Presence.PERFORMS for crew in step.crew)]


def preparation(steps: list[StepShape]) -> list[StepShape]:
    return sorted((step for step in steps if step.patient and step.offset < 0), key=lambda step: step.offset)


def room(steps: list[StepShape]) -> int:
    """Minutes for which the room is kept; it is kept without a gap."""
    kept = sorted((step.offset, step.offset + step.minutes) for step in steps if step.room)
    for (_, end), (begin, _) in pairwise(kept):
        assert begin == end
    return kept[-1][1] - kept[0][0]


def test_every_therapy_has_its_blocks(catalogue: Catalogue) -> None:
    assert BLOCKS.keys() == catalogue.therapies.keys()


@pytest.mark.parametrize("code", BLOCKS)
def test_the_crew_and_the_room_are_kept_as_long_as_said(catalogue: Catalogue, code: str) -> None:
    steps = usual(catalogue, code).steps if catalogue.therapies[code].variants else []

    before = PREPARATION.get(code, 0)
    assert (worked(steps) - before, room(steps) - before if steps else 0) == BLOCKS[code]


@pytest.mark.parametrize("code", BLOCKS)
def test_every_variant_has_the_oil_and_the_heat_that_prepare_for_it(catalogue: Catalogue, code: str) -> None:
    for variant in catalogue.therapies[code].variants:
        before = preparation(variant.steps)
        minutes = 0 if (code, variant.code) in UNPREPARED else PREPARATION.get(code, 0)
        assert variant.same_as or sum(step.minutes for step in before) == minutes
        assert all(step.room for step in before)
        assert [step.code for step in before] in ([], ["oil_application"], ["oil_application", "fomentation"])


@pytest.mark.parametrize("code", PREPARATION)
def test_who_treats_also_prepares_and_the_minutes_are_working_values(catalogue: Catalogue, code: str) -> None:
    therapy = catalogue.therapies[code]
    for variant in [variant for variant in therapy.variants if variant.steps]:
        treats = [crew for crew in hands_on(variant.steps)[0].crew if crew.presence == Presence.PERFORMS]
        for step in preparation(variant.steps):
            assert [crew for crew in step.crew if crew.presence == Presence.PERFORMS] == treats
            assert therapy.basis[f"duration.{step.code}"] == ["clinic_default"]


@pytest.mark.parametrize(("code", "variant"), VARIANTS)
def test_a_variant_has_its_own_minutes_and_crew(catalogue: Catalogue, code: str, variant: str) -> None:
    found = next(each for each in catalogue.therapies[code].variants if each.code == variant)

    minutes = sum(step.minutes for step in hands_on(found.steps))
    therapists = sum(crew.count for crew in hands_on(found.steps)[0].crew if crew.role == "therapist")

    assert (minutes, therapists) == VARIANTS[code, variant]


@pytest.mark.parametrize("code", CREWS)
def test_the_crew_is_as_said(catalogue: Catalogue, code: str) -> None:
    step = hands_on(usual(catalogue, code).steps)[0]
    crew = {each.role: each for each in step.crew}

    therapist, attendant, nurse = crew.get("therapist"), crew.get("attendant"), crew.get("nurse")
    found = (
        therapist.count if therapist else 0,
        (therapist.minimum or therapist.count) if therapist else 0,
        attendant.count if attendant else 0,
        nurse.count if nurse else 0,
        crew["vaidya"].presence.value,
    )

    assert found == CREWS[code]


@pytest.mark.parametrize("code", [code for code, blocks in BLOCKS.items() if blocks != (0, 0)])
def test_the_patient_is_present_without_a_gap_and_treated_from_the_start(catalogue: Catalogue, code: str) -> None:
    for variant in catalogue.therapies[code].variants:
        present = sorted((step.offset, step.offset + step.minutes) for step in variant.steps if step.patient)
        assert not present or 0 in [begin for begin, _ in present]
        assert [end for _, end in present[:-1]] == [begin for begin, _ in present[1:]]


@pytest.mark.parametrize("code", [code for code, blocks in BLOCKS.items() if blocks != (0, 0)])
def test_the_room_is_cleaned_only_when_the_patient_has_left_it(catalogue: Catalogue, code: str) -> None:
    for variant in catalogue.therapies[code].variants:
        in_room = [step.offset + step.minutes for step in variant.steps if step.patient and step.room]
        for cleanup in [step for step in variant.steps if step.code == "cleanup"]:
            assert cleanup.offset == max(in_room)


def test_scarce_equipment_is_only_on_the_step_that_uses_it(catalogue: Catalogue) -> None:
    found = {
        (therapy.code, variant.code, step.code): step.equipment
        for therapy in catalogue.therapies.values()
        for variant in therapy.variants
        for step in variant.steps
        if step.equipment
    }

    assert found == {
        ("swedana", "default", "hands_on"): ["steam_chamber"],
        ("nadi_sweda", "default", "hands_on"): ["nadi_sweda_apparatus"],
        ("basti", "niruha", "hands_on"): ["basti_apparatus"],
        ("basti", "anuvasana", "hands_on"): ["basti_apparatus"],
        ("basti", "matra", "hands_on"): ["basti_apparatus"],
        ("raktamokshana", "jalaukavacharana", "hands_on"): ["leech_tank"],
    } | {step: ["watch_place"] for step in WATCHED}


WATCHED = [
    ("basti", "niruha", "observation"),
    ("basti", "anuvasana", "observation"),
    ("basti", "matra", "observation"),
    ("raktamokshana", "jalaukavacharana", "observation"),
    ("raktamokshana", "siravyadha", "observation"),
    ("raktamokshana", "pracchana", "observation"),
    ("vamana", "default", "observation"),
    ("virechana", "default", "observation"),
]
"""Steps in which somebody on duty watches over the patient."""
