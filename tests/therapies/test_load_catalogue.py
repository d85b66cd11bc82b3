"""Loading the catalogue: all or nothing, again and again the same, and kind to what a manager edited."""

import datetime as dt
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from shutil import copytree
from time import process_time

import pytest
from django.core.management import call_command
from django.core.serializers import serialize

from tests import shipped
from tests.shipped import CATALOGUE as FILES
from therapies.catalogue.entries import entries_of
from therapies.catalogue.reader import HOME, Catalogue
from therapies.models import (
    Contraindication,
    Question,
    Rule,
    Source,
    Step,
    StepCrew,
    Term,
    Therapy,
    TherapyText,
    Variant,
)

RULES = len(entries_of(FILES).rules)
TOTAL = sum(map(len, [FILES.sources, FILES.terms, FILES.questions, FILES.therapies])) + RULES
"""How many entries the files have."""
EVERYTHING = (Source, Term, Question, Rule, Therapy, TherapyText, Variant, Step, StepCrew, Contraindication)


def everything() -> str:
    """All rows of the catalogue, primary keys included."""
    return "".join(serialize("json", model.objects.order_by("pk")) for model in EVERYTHING)


def load(path: Path = HOME, *, force: bool = False) -> str:
    told = StringIO()
    call_command("load_catalogue", path=path, force=force, stdout=told)
    return told.getvalue()


def without(path: Path, *, first: str, until: str) -> None:
    """Takes the lines from `first` up to `until` out of the file."""
    text = path.read_text(encoding="utf-8")
    before, rest = text.split(first, 1)
    path.write_text(before + until + rest.split(until, 1)[1], encoding="utf-8")


Edit = Callable[[str, str, str], None]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the catalogue's files, to be edited."""
    return Path(copytree(HOME, tmp_path / "catalogue"))


@pytest.fixture
def edit(copy: Path) -> Edit:
    def replace(name: str, old: str, new: str) -> None:
        path = copy / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


def test_everything_is_there_after_the_first_load(db: None) -> None:
    told = load()

    assert Therapy.objects.exclude(kind="consultation").count() == 17
    assert Therapy.objects.count() == 19
    assert Question.objects.count() == len(FILES.questions)
    assert Term.objects.count() == len(FILES.terms)
    assert Rule.objects.count() == RULES > 100
    assert Source.objects.count() == len(FILES.sources)
    assert TherapyText.objects.count() == 38
    assert told == f"Catalogue loaded: {TOTAL} added, 0 changed, 0 unchanged.\n"


def test_rows_of_one_test_do_not_come_back_in_the_next(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "_kept", {})
    own = Rule.objects.create(code="gap_leech_sittings", kind="gap", data={})

    shipped.load_shipped()
    after_own = {**shipped._kept}
    for model in reversed(shipped.IN_ORDER):
        model._default_manager.all().delete()
    shipped.load_shipped()

    assert after_own == {}
    assert shipped._kept.keys() == set(shipped.TABLES)
    assert Rule.objects.get(code=own.code).data != own.data


def test_a_second_load_changes_nothing_and_is_quick(loaded: Catalogue) -> None:
    before = everything()

    start = process_time()
    told = load()

    assert process_time() - start < 2
    assert told == f"Catalogue loaded: 0 added, 0 changed, {TOTAL} unchanged.\n"
    assert everything() == before


def test_a_change_of_the_catalogue_arrives(loaded: Catalogue, copy: Path, edit: Edit) -> None:
    edit("therapies/kati_basti.yaml", "offset: 0\n        minutes: 30", "offset: 0\n        minutes: 25")
    edit("terms.yaml", "fever, now or in the last days", "fever, today or this week")

    told = load(copy)

    steps = Step.objects.filter(variant__therapy__code="kati_basti")
    assert steps.get(code="oil_pool").minutes == 25
    assert steps.get(code="oil_pool").crews.count() == 3
    assert Term.objects.get(code="acute_fever").labels["en"] == "fever, today or this week"
    assert told == f"Catalogue loaded: 0 added, 2 changed, {TOTAL - 2} unchanged.\n"


def test_purifications_are_reminded_of_two_days_ahead(loaded: Catalogue) -> None:
    own = Therapy.objects.filter(reminder_hours=[48, 24, 2]).values_list("code", flat=True)

    assert set(own) == set(Therapy.objects.filter(groups__contains=["shodhana_family"]).values_list("code", flat=True))


def test_what_a_manager_edited_is_kept_and_listed(loaded: Catalogue) -> None:
    Therapy.objects.filter(code="abhyanga").update(arrival_lead_minutes=30)
    Question.objects.filter(code="rf_cancer_history").update(is_active=False, urgency="same_day_doctor")
    Contraindication.objects.filter(therapy__code="lepa", term__code="open_wound_or_burn").delete()

    told = load()

    assert told.splitlines() == [
        f"Catalogue loaded: 0 added, 0 changed, {TOTAL} unchanged.",
        "Edited here and kept (use --force to take the catalogue's):",
        "  question: rf_cancer_history urgency",
        '    catalogue: "within_days"',
        '    here:      "same_day_doctor"',
        "  question: rf_cancer_history is_active",
        "    catalogue: true",
        "    here:      false",
        "  therapy: abhyanga arrival_lead_minutes",
        "    catalogue: 15",
        "    here:      30",
        "  therapy: lepa contraindications/open_wound_or_burn",
        '    catalogue: {"level": "absolute", "variants": [], "note": "", "sources": ["clinic_default"]}',
        "    here:      null",
    ]
    assert Therapy.objects.get(code="abhyanga").arrival_lead_minutes == 30
    assert Question.objects.get(code="rf_cancer_history").is_active is False


def test_force_takes_the_catalogues_word(loaded: Catalogue) -> None:
    Therapy.objects.filter(code="abhyanga").update(arrival_lead_minutes=30)
    Step.objects.filter(variant__therapy__code="swedana", code="rest").delete()

    told = load(force=True)

    assert Therapy.objects.get(code="abhyanga").arrival_lead_minutes == 15
    assert Step.objects.filter(variant__therapy__code="swedana", code="rest").count() == 1
    assert told == f"Catalogue loaded: 0 added, 2 changed, {TOTAL - 2} unchanged.\n"


def test_an_edit_stays_while_the_rest_of_its_entry_follows(loaded: Catalogue, copy: Path, edit: Edit) -> None:
    Therapy.objects.filter(code="lepa").update(description="Our own paste")
    edit("therapies/lepa.yaml", "booking_mode: patient", "booking_mode: desk")

    load(copy)

    lepa = Therapy.objects.get(code="lepa")
    assert (lepa.description, lepa.booking_mode) == ("Our own paste", "desk")


def test_what_left_the_catalogue_is_listed_and_stays(loaded: Catalogue, copy: Path) -> None:
    without(copy / "questions.yaml", first="- code: td_weather", until="- code: td_pain_score")
    cutting = copy / "therapies" / "raktamokshana.yaml"
    without(cutting, first="  - code: pracchana", until="preparation:")
    cutting.write_text(cutting.read_text().replace("[siravyadha, pracchana]", "[siravyadha]"))

    told = load(copy)

    assert told.splitlines() == [
        f"Catalogue loaded: 0 added, 1 changed, {TOTAL - 2} unchanged.",
        "No longer in the catalogue, and out of use (questions keep their answers):",
        "  question: td_weather",
        "No longer in the catalogue, and still here:",
        "  therapy: raktamokshana variants/pracchana",
    ]
    assert Question.objects.get(code="td_weather").is_active is False
    assert Variant.objects.filter(therapy__code="raktamokshana", code="pracchana").exists()


def test_a_review_belongs_to_the_words_that_were_read(loaded: Catalogue, copy: Path, edit: Edit) -> None:
    reviewed = {"reviewed_by": "Dr Asha Menon", "reviewed_on": dt.date(2026, 3, 1)}
    TherapyText.objects.filter(language="en").update(**reviewed)
    edit("texts.en.yaml", "A fresh paste of herbs", "A freshly ground paste of herbs")

    load(copy)

    texts = TherapyText.objects.filter(language="en")
    assert texts.get(therapy__code="lepa").reviewed_by == ""
    assert texts.get(therapy__code="nasya").reviewed_by == "Dr Asha Menon"
    assert texts.filter(reviewed_by="").count() == 1


def test_a_variant_for_fewer_people_is_the_same_treatment(db: None, edit: Edit, copy: Path) -> None:
    edit("therapies/abhyanga.yaml", "  - code: local\n", "  - code: local\n    smaller_crew_of: default\n")

    load(copy)

    found = dict(Variant.objects.filter(therapy__code="abhyanga").values_list("code", "smaller_crew_of"))
    assert found == {"default": "", "local": "default"}
    assert Variant.objects.get(therapy__code="abhyanga", code="local").treatment == "default"
