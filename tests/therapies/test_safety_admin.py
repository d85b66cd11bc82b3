"""Safety data edited in the admin: what is stricter acts at once, everything else waits for a Vaidya."""

import json
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from clinic.people.models import User
from tests import factories
from tests.admin_forms import form_of
from therapies.catalogue.reader import Catalogue
from therapies.models import Contraindication, Question, Rule, SafetyProposal, Term, Therapy, Variant
from therapies.safety.rows import FIELDS, kind_of

DATA = {
    "trigger": "yes",
    "scope": "this_session",
    "asked_when": ["booking"],
    "applies_to": ["abhyanga"],
    "terms": ["acute_fever"],
    "reason": "it may do harm",
    "lasts_days": 7,
    "not_asked_of": ["man"],
}
CAP = {
    "says": {"en": "At most {most} within {days} days"},
    "applies_to": ["abhyanga"],
    "max_sessions": 3,
    "window_days": 7,
    "window": "rolling",
}

Case = tuple[str, Any, Any, bool]
"""A field, its value before, its value after, and whether that acts at once."""

CASES: dict[type[Model], list[Case]] = {
    Question: [
        ("is_active", True, False, False),
        ("is_active", False, True, True),
        ("effect", "block_massage", "needs_consultation_first", False),
        ("effect", "block_massage", "urgent_referral", True),
        ("urgency", "same_day_doctor", "within_days", False),
        ("urgency", "same_day_doctor", "emergency_now", True),
        ("data", DATA, DATA | {"asked_when": ["booking", "every_session"]}, True),
        ("data", DATA | {"asked_when": ["booking", "every_session"]}, DATA, False),
        ("data", DATA, DATA | {"applies_to": ["all"]}, True),
        ("data", DATA, DATA | {"applies_to": ["lepa"]}, False),
        ("data", DATA, DATA | {"terms": ["acute_fever", "pregnancy"]}, True),
        ("data", DATA, DATA | {"terms": []}, False),
        ("data", DATA, DATA | {"scope": "until_physician_clears"}, True),
        ("data", DATA, DATA | {"trigger": "no"}, False),
        ("data", DATA, DATA | {"lasts_days": 1}, True),
        ("data", DATA, DATA | {"lasts_days": 30}, False),
        ("data", DATA, DATA | {"not_asked_of": []}, True),
        ("data", DATA, DATA | {"applies_to": ["all"], "terms": []}, False),
        ("texts", {"en": "Are you pregnant?"}, {"en": "Are you well?"}, False),
        ("signs", {"en": "Pregnant"}, {"en": "Well"}, False),
        ("group", "general", "today", False),
        ("answer_type", "yes_no_unsure", "yes_no_text", False),
        ("position", 10, 20, False),
    ],
    Rule: [
        ("is_hard", True, False, False),
        ("is_hard", False, True, True),
        ("data", CAP, CAP | {"max_sessions": 2}, True),
        ("data", CAP, CAP | {"max_sessions": 9}, False),
        ("data", CAP, CAP | {"window_days": 14}, True),
        ("data", CAP, CAP | {"applies_to": ["abhyanga", "lepa"]}, True),
        ("data", CAP, CAP | {"window": "calendar_day"}, False),
    ],
    Term: [
        ("labels", {"en": "Fever"}, {"en": "Cold"}, False),
        ("group", "general", "other", False),
    ],
    Therapy: [
        ("same_gender", True, False, False),
        ("same_gender", False, True, True),
        ("needs", "prescription", "nothing", False),
        ("needs", "prescription", "day_check", True),
        ("consent", "procedure_specific", "standard", False),
        ("consent", "standard", "procedure_specific", True),
        ("minimum_age", 18, 16, False),
        ("minimum_age", 18, None, False),
        ("minimum_age", None, 18, True),
        ("maximum_age", 70, 80, False),
        ("maximum_age", 70, 60, True),
        ("age_is_absolute", True, False, False),
        ("age_is_absolute", False, True, True),
        ("hours_after_meal", 3, 1, False),
        ("hours_after_meal", 2, 3, True),
        ("whole_day", True, False, False),
        ("whole_day", False, True, True),
        ("is_active", True, False, True),
        ("kind", "procedure", "consultation", False),
        ("groups", ["massage_family"], [], False),
        ("groups", ["massage_family"], ["massage_family", "swedana_family"], False),
    ],
    Variant: [
        ("window_from", 360, 300, False),
        ("window_from", 360, 420, True),
        ("window_to", 600, 660, False),
        ("window_to", 600, 540, True),
        ("hours_after_meal", 3, 1, False),
        ("hours_after_meal", 0, 3, False),
        ("minimum_age", 18, 16, False),
        ("minimum_age", 16, 18, False),
        ("maximum_age", 70, 80, False),
        ("maximum_age", 70, 60, False),
    ],
}
FORM_VALUES = {360: "06:00", 300: "05:00", 420: "07:00", 600: "10:00", 660: "11:00", 540: "09:00"}
NOT_IN_A_FORM = {
    "question": {"sources"},
    "rule": {"sources", "kind"},
    "variant": {"smaller_crew_of", "age_is_absolute"},
}


@pytest.fixture
def inside(client: Client, manager: User) -> Client:
    """A manager's browser."""
    client.force_login(manager)
    return client


@pytest.fixture
def rows(db: None) -> dict[type[Model], Model]:
    """One row of each kind that decides for whom a therapy is safe."""
    therapy = factories.make_therapy("abhyanga", consent="standard")
    return {
        Question: Question.objects.create(
            code="gh_sample",
            group="general",
            texts={"en": "Are you pregnant?"},
            signs={"en": "Pregnant"},
            answer_type="yes_no_unsure",
            effect="block_massage",
            urgency="same_day_doctor",
            data=DATA,
            sources=["default"],
            position=10,
        ),
        Rule: Rule.objects.create(code="fr_sample", kind="frequency", is_hard=True, data=CAP, sources=["default"]),
        Term: Term.objects.create(code="acute_fever", group="general", labels={"en": "Fever"}),
        Therapy: therapy,
        Variant: factories.make_variant(therapy, window_from=360, window_to=600),
    }


def change_url(row: Model) -> str:
    return reverse(f"admin:therapies_{kind_of(type(row))}_change", args=[row.pk])


def posted(field: str, value: Any) -> dict[str, Any]:
    """As a browser sends it: a box without a tick is not there at all."""
    if value is False:
        return {}
    if field in ("texts", "signs", "labels"):
        return {f"{field}_{language}": words for language, words in value.items()}
    if isinstance(value, dict):
        return {field: json.dumps(value)}
    if isinstance(value, list):
        return {field: value if field == "groups" else ",".join(value)}
    if field.startswith("window"):
        return {field: FORM_VALUES[value]}
    return {field: "" if value is None else value}


@pytest.mark.parametrize("model", CASES)
def test_a_change_of_each_safety_field_acts_at_once_or_waits(
    inside: Client, rows: dict[type[Model], Model], model: type[Model]
) -> None:
    row = rows[model]
    first = model._default_manager.filter(pk=row.pk).values().get()
    found, wanted = [], []

    for field, before, after, acts in CASES[model]:
        SafetyProposal.objects.all().delete()
        model._default_manager.filter(pk=row.pk).update(**{**first, field: before})
        form = form_of(inside, change_url(row))
        data = {name: value for name, value in form.items() if name != field} | posted(field, after)

        answer = inside.post(change_url(row), data)

        now = model._default_manager.filter(pk=row.pk).values_list(field, flat=True).get()
        proposals = [(each.tightens, each.before, each.after) for each in SafetyProposal.objects.all()]
        found.append((field, after, answer.status_code, now, proposals))
        wanted.append((field, after, 302, after if acts else before, [(acts, {field: before}, {field: after})]))
    assert found == wanted


def test_every_safety_field_of_a_form_has_a_case() -> None:
    cased = {kind_of(model): {field for field, *_rest in cases} for model, cases in CASES.items()}

    assert cased == {kind: fields - NOT_IN_A_FORM.get(kind, set()) for kind, fields in FIELDS.items() if kind in cased}


def test_a_manager_who_switches_a_question_off_only_proposes_it(
    inside: Client, manager: User, loaded: Catalogue
) -> None:
    question = Question.objects.get(code="gh_pregnancy")
    data = form_of(inside, change_url(question))
    del data["is_active"]

    answer = inside.post(change_url(question), data, follow=True)

    question.refresh_from_db()
    proposal = SafetyProposal.objects.get()
    assert question.is_active is True
    assert (proposal.before, proposal.after, proposal.proposed_by, proposal.status) == (
        {"is_active": True},
        {"is_active": False},
        manager,
        "open",
    )
    assert "waiting for a Vaidya" in answer.content.decode()


def test_contraindications_ticked_for_deletion_stay_until_a_vaidya_confirms(inside: Client, loaded: Catalogue) -> None:
    therapy = Therapy.objects.get(code="lepa")
    url, before = change_url(therapy), Contraindication.objects.count()
    data = form_of(inside, url)
    total = int(str(data["contraindications-TOTAL_FORMS"]))
    assert total > 2

    inside.post(url, data | {f"contraindications-{place}-DELETE": "on" for place in range(total)})

    assert Contraindication.objects.count() == before
    assert SafetyProposal.objects.pending().filter(model="contraindication", after__isnull=True).count() == total


def test_contraindications_that_are_added_or_raised_act_at_once(inside: Client, rows: dict[type[Model], Model]) -> None:
    therapy = rows[Therapy]
    against = Contraindication.objects.create(therapy=therapy, term=rows[Term], level="relative", note="mild")
    other = Term.objects.create(code="pregnancy", group="general", labels={"en": "Pregnancy"})
    url = change_url(therapy)
    data = form_of(inside, url) | {
        "contraindications-0-level": "absolute",
        "contraindications-TOTAL_FORMS": "2",
        "contraindications-1-term": other.pk,
        "contraindications-1-level": "defer",
    }

    inside.post(url, data)
    raised = {each.term.code: each.level for each in Contraindication.objects.select_related("term")}
    inside.post(url, form_of(inside, url) | {"contraindications-0-level": "relative", "contraindications-0-note": "-"})

    assert raised == {"acute_fever": "absolute", "pregnancy": "defer"}
    against.refresh_from_db()
    assert (against.level, against.note) == ("absolute", "mild")
    assert [each.before for each in SafetyProposal.objects.pending()] == [{"level": "absolute", "note": "mild"}]


def test_what_decides_nothing_is_saved_beside_what_waits(inside: Client, rows: dict[type[Model], Model]) -> None:
    therapy = rows[Therapy]
    Therapy.objects.filter(pk=therapy.pk).update(minimum_age=18)
    data = form_of(inside, change_url(therapy)) | {"description": "Warm oil", "minimum_age": "3"}

    inside.post(change_url(therapy), data)

    therapy.refresh_from_db()
    assert (therapy.description, therapy.minimum_age) == ("Warm oil", 18)  # type: ignore[attr-defined]


def test_the_same_change_saved_twice_waits_once(inside: Client, rows: dict[type[Model], Model]) -> None:
    question = rows[Question]
    data = form_of(inside, change_url(question))
    del data["is_active"]

    inside.post(change_url(question), data)
    inside.post(change_url(question), data)

    assert SafetyProposal.objects.count() == 1


@pytest.mark.parametrize("model", ["question", "rule", "term", "therapy", "variant"])
def test_safety_rows_cannot_be_removed_in_bulk_or_one_by_one(
    inside: Client, rows: dict[type[Model], Model], model: str
) -> None:
    row = next(row for kind, row in rows.items() if kind_of(kind) == model)
    listed = reverse(f"admin:therapies_{model}_changelist")

    inside.post(listed, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    answer = inside.post(reverse(f"admin:therapies_{model}_delete", args=[row.pk]), {"post": "yes"})

    assert answer.status_code == 403
    assert type(row)._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", ["question", "rule"])
def test_nobody_adds_questions_or_rules_by_a_form(inside: Client, model: str) -> None:
    assert inside.get(reverse(f"admin:therapies_{model}_add")).status_code == 403


def test_managers_may_not_delete_safety_rows_by_any_permission(manager: User) -> None:
    rights = manager.get_all_permissions()

    kinds = [*FIELDS, "safetyproposal", "questionevent"]
    assert {right for right in rights if right.split("_")[-1] in kinds and ".delete_" in right} == set()
    assert {f"therapies.add_{kind}" for kind in ("question", "rule")} & rights == set()


@pytest.mark.parametrize(
    ("model", "field", "value"),
    [
        (Question, "data", {"trigger": "yes"}),
        (Question, "effect", "nothing"),
        (Question, "data", ["yes"]),
        (Rule, "data", CAP | {"max_sessions": 0}),
        (Rule, "data", {"max_sessions": 2}),
    ],
)
def test_data_that_nobody_could_read_is_refused_beside_its_field(
    inside: Client, rows: dict[type[Model], Model], model: type[Model], field: str, value: Any
) -> None:
    row = rows[model]
    given = value if isinstance(value, str) else json.dumps(value)

    answer = inside.post(change_url(row), form_of(inside, change_url(row)) | {field: given})

    assert answer.status_code == 200
    assert "This cannot be read" in answer.content.decode()
    assert SafetyProposal.objects.count() == 0
