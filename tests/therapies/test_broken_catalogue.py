"""A broken file changes nothing, and every mistake is named by file, entry and field."""

from pathlib import Path
from shutil import copytree

import pytest
from django.core.management import CommandError, call_command

from therapies.catalogue.checks import problems_of
from therapies.catalogue.reader import HOME, Catalogue, CatalogueBroken, read_catalogue
from therapies.models import Therapy


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(copytree(HOME, tmp_path / "catalogue"))


def edit(copy: Path, name: str, old: str, new: str) -> None:
    path = copy / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# file, what stands there, what is put there instead, the problem that is told
SHAPES = [
    (
        "therapies/lepa.yaml",
        "position: 180",
        "position: x",
        (
            "therapies/lepa.yaml: position: Input should be a valid integer,"
            " unable to parse string as an integer (got 'x')"
        ),
    ),
    (
        "therapies/lepa.yaml",
        "minutes: 30",
        "minutes: 33",
        "therapies/lepa.yaml: variants[default].steps[drying].minutes: Input should be a multiple of 5 (got 33)",
    ),
    (
        "therapies/lepa.yaml",
        "kind: procedure",
        "knid: procedure",
        "therapies/lepa.yaml: knid: Extra inputs are not permitted (got 'procedure')",
    ),
    (
        "therapies/vamana.yaml",
        '"07:00"',
        '"7 am"',
        "therapies/vamana.yaml: variants[default].window.from: write a time such as \"07:30\", in quotes (got '7 am')",
    ),
    (
        "therapies/vamana.yaml",
        '"09:30"',
        '"06:00"',
        "therapies/vamana.yaml: variants[default].window: the window ends before it begins",
    ),
    (
        "therapies/abhyanga.yaml",
        "count: 2, minimum: 1",
        "count: 1, minimum: 2",
        "therapies/abhyanga.yaml: variants[default].steps[setup].crew[0]: minimum is above count",
    ),
    (
        "therapies/nasya.yaml",
        "same_as: default",
        "",
        "therapies/nasya.yaml: variants[marsha]: give either steps or same_as",
    ),
    (
        "terms.yaml",
        "sharp_pain: {",
        "local_swelling: {",
        "terms.yaml: not readable as YAML: line 6: “local_swelling” is said twice",
    ),
    (
        "questions.yaml",
        "effect: urgent_referral",
        "effect: alarm",
        (
            "questions.yaml: [rf_saddle_numbness].effect: Input should be 'urgent_referral', 'block_massage', "
            "'needs_consultation_first' or 'inform_crew' (got 'alarm')"
        ),
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "problem"), SHAPES)
def test_a_mistake_of_shape_is_named(copy: Path, name: str, old: str, new: str, problem: str) -> None:
    edit(copy, name, old, new)

    with pytest.raises(CatalogueBroken) as broken:
        read_catalogue(copy)

    assert problem in broken.value.problems


# file, what stands there, what is put there instead, the problem that is told
CODES = [
    (
        "therapies/lepa.yaml",
        "open_wound_or_burn:",
        "open_wound:",
        "therapies/lepa.yaml: contraindications.open_wound: unknown term “open_wound”",
    ),
    (
        "therapies/lepa.yaml",
        "[ahcpr_redflags, nice_ng59]",
        "[ahcpr_redflags, nice]",
        "therapies/lepa.yaml: contraindications.spinal_red_flag.sources: unknown source “nice”",
    ),
    (
        "therapies/lepa.yaml",
        "category: lepa",
        "category: paste",
        "therapies/lepa.yaml: category: unknown category “paste”",
    ),
    (
        "therapies/swedana.yaml",
        "groups: [swedana_family]",
        "groups: [steam_family]",
        "therapies/swedana.yaml: groups: unknown group “steam_family”",
    ),
    (
        "therapies/swedana.yaml",
        "equipment: [steam_chamber]",
        "equipment: [sauna]",
        "therapies/swedana.yaml: variants[default].steps[hands_on].equipment: unknown scarce equipment “sauna”",
    ),
    (
        "therapies/swedana.yaml",
        "role: therapist",
        "role: masseur",
        "therapies/swedana.yaml: variants[default].steps[setup].crew: unknown role “masseur”",
    ),
    (
        "therapies/swedana.yaml",
        "room: steam_room",
        "room: steam_bath",
        "therapies/swedana.yaml: variants[default].room: unknown room “steam_bath”",
    ),
    (
        "therapies/swedana.yaml",
        "code: bath",
        "code: dip",
        "therapies/swedana.yaml: variants[default].steps[dip]: unknown step “dip”",
    ),
    (
        "therapies/swedana.yaml",
        "default: true",
        "default: false",
        "therapies/swedana.yaml: variants: exactly one must be the default",
    ),
    (
        "therapies/swedana.yaml",
        "booking_mode: patient",
        "booking_mode: none",
        "therapies/swedana.yaml: variants: a therapy that is booked needs some, one that is not booked (none) has none",
    ),
    (
        "therapies/swedana.yaml",
        "code: swedana",
        "code: sweat",
        "therapies/swedana.yaml: code: “sweat” is not the name of the file",
    ),
    (
        "therapies/vamana.yaml",
        "hours_after_meal: 8\n",
        "",
        "therapies/vamana.yaml: hours_after_meal: a preparation needs it",
    ),
    (
        "therapies/basti.yaml",
        "variants: [niruha, anuvasana]",
        "variants: [niruha, anu]",
        "therapies/basti.yaml: contraindications.low_agni.variants: unknown variant “anu”",
    ),
    (
        "therapies/nasya.yaml",
        "same_as: default",
        "same_as: standard",
        "therapies/nasya.yaml: variants[marsha].same_as: unknown variant with steps “standard”",
    ),
    (
        "therapies/abhyanga.yaml",
        "  - code: local\n",
        "  - code: local\n    smaller_crew_of: by_two\n",
        "therapies/abhyanga.yaml: variants[local].smaller_crew_of: unknown other variant “by_two”",
    ),
    (
        "therapies/lepa.yaml",
        "allergy_checked",
        "allergy_asked",
        "therapies/lepa.yaml: preparation: unknown preparation “allergy_asked”",
    ),
    (
        "questions.yaml",
        "applies_to: [massage_family, kati_basti]",
        "applies_to: [massages, kati_basti]",
        "questions.yaml: bc_sharp_pain.rule.applies_to: unknown therapy or group “massages”",
    ),
    (
        "questions.yaml",
        "terms: [spinal_red_flag]",
        "terms: [red_flag]",
        "questions.yaml: rf_saddle_numbness.rule.terms: unknown term “red_flag”",
    ),
    (
        "questions.yaml",
        "terms: [spinal_red_flag]\n    reason: possible pressure",
        "terms: [spinal_red_flag]\n    lifted_with: own_examination\n    reason: possible pressure",
        (
            "questions.yaml: rf_saddle_numbness.rule.lifted_with: "
            "a sign for a doctor the same day is lifted only with a report"
        ),
    ),
    (
        "questions.yaml",
        "terms: [spinal_red_flag]\n    reason: possible pressure",
        "terms: [spinal_red_flag]\n    replaced_by: [rf_moon]\n    reason: possible pressure",
        "questions.yaml: rf_saddle_numbness.rule.replaced_by: unknown question “rf_moon”",
    ),
    (
        "questions.yaml",
        "code: rf_leg_weakness",
        "code: rf_bladder_bowel",
        "questions.yaml: rf_bladder_bowel: is there 2 times",
    ),
    (
        "rules.yaml",
        "order: [abhyanga, swedana]",
        "order: [abhyanga, sauna]",
        "rules.yaml: seq_oleation_before_sudation.rule.order: unknown therapy, group, variant or event “sauna”",
    ),
    (
        "rules.yaml",
        "therapy_group: massage_family",
        "therapy_group: massages",
        "rules.yaml: gap_massage_cap.rule.therapy_group: unknown therapy, group, variant or event “massages”",
    ),
    (
        "rules.yaml",
        "max_sessions: 3\n    window_days: 7",
        "at_most: 3\n    window_days: 7",
        (
            "rules.yaml: fr_massage_cap.rule: no form of frequency that is known; "
            "say held_by where something else holds it"
        ),
    ),
    (
        "rules.yaml",
        "kind: between\n    after: snehapana",
        "kind: amid\n    after: snehapana",
        (
            "rules.yaml: gap_snehapana_to_vamana.rule: no form of gap that is known; "
            "say held_by where something else holds it"
        ),
    ),
    (
        "rules.yaml",
        "min_days: 14",
        "min_days: 365",
        "rules.yaml: gap_vamana_to_virechana.rule: min_days: Input should be less than or equal to 90",
    ),
    (
        "rules.yaml",
        "{nth} massage within",
        "{count} massage within",
        "rules.yaml: fr_massage_cap.rule: says.en: unknown number “count”",
    ),
    (
        "rules.yaml",
        "held_by: assessment, rule",
        "held_by: nobody, rule",
        "rules.yaml: seq_assessment_first.rule: held_by: unknown “nobody”",
    ),
    (
        "rules.yaml",
        "steps: [oil_application, oil_pool]",
        "steps: [oiling]",
        "rules.yaml: seq_oleation_before_sudation.rule.first.steps: unknown step “oiling”",
    ),
    (
        "rules.yaml",
        "{of: [snehapana], days: 4}",
        "{of: [ghee], days: 4}",
        "rules.yaml: seq_vamana.rule.first.of: unknown therapy or group “ghee”",
    ),
    ("texts.en.yaml", "lepa:\n", "paste:\n", "texts.en.yaml: unknown therapy “paste”"),
    (
        "vocabulary.yaml",
        "massage_family: [house_guide]",
        "massage_family: [guide]",
        "vocabulary.yaml: groups.massage_family: unknown source “guide”",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "problem"), CODES)
def test_an_unknown_code_is_named(copy: Path, name: str, old: str, new: str, problem: str) -> None:
    edit(copy, name, old, new)

    assert problem in problems_in(copy)


def problems_in(copy: Path) -> list[str]:
    try:
        return list(problems_of(read_catalogue(copy)))
    except CatalogueBroken as broken:
        return broken.problems


def test_the_house_catalogue_has_no_problem(catalogue: Catalogue) -> None:
    assert list(problems_of(catalogue)) == []


def test_all_mistakes_of_all_files_are_told_at_once(copy: Path) -> None:
    edit(copy, "therapies/lepa.yaml", "minutes: 30", "minutes: 33")
    edit(copy, "therapies/vamana.yaml", '"07:00"', '"7 am"')
    edit(copy, "questions.yaml", "effect: urgent_referral", "effect: alarm")
    (copy / "terms.yaml").unlink()

    with pytest.raises(CatalogueBroken) as broken:
        read_catalogue(copy)

    assert [problem.split(":")[0] for problem in broken.value.problems] == [
        "terms.yaml",
        "questions.yaml",
        "therapies/lepa.yaml",
        "therapies/vamana.yaml",
    ]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("therapies/lepa.yaml", "minutes: 30", "minutes: 33"),
        ("rules.yaml", "order: [abhyanga, swedana]", "order: [abhyanga, sauna]"),
    ],
)
def test_a_broken_file_changes_nothing(loaded: Catalogue, copy: Path, name: str, old: str, new: str) -> None:
    edit(copy, "therapies/swedana.yaml", "position: 1", "position: 9")
    edit(copy, name, old, new)
    before = Therapy.objects.get(code="swedana").position

    with pytest.raises(CommandError, match=r"has 1 mistakes; nothing was changed"):
        call_command("load_catalogue", path=copy)

    assert Therapy.objects.get(code="swedana").position == before
