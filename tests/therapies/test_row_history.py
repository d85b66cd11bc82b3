"""Who changed what, from what to what: recorded by the database and shown in the admin."""

import pgtrigger
import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from bookings.actions import hours_and_absences
from clinic.history import BASELINE, baseline
from clinic.people.models import Membership, User
from clinic.people.row_history import RecordedPart, events_of_row, is_recorded, records
from clinic.premises.models import Clinic, Closure, OpeningHours
from tests import factories
from tests.admin_forms import form_of
from tests.owner import as_owner
from tests.shipped import CATALOGUE
from therapies.catalogue.loader import load_catalogue
from therapies.models import (
    Contraindication,
    Price,
    Qualification,
    Question,
    Rule,
    Step,
    StepCrew,
    Term,
    Therapy,
    TherapyText,
    Variant,
    WorkingHours,
)

RECORDED = [
    Clinic,
    Closure,
    Contraindication,
    Membership,
    OpeningHours,
    Price,
    Qualification,
    Question,
    Rule,
    Step,
    StepCrew,
    Term,
    Therapy,
    TherapyText,
    Variant,
    WorkingHours,
]


@pytest.fixture
def inside(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def history_page(client: Client, row: object) -> str:
    meta = row._meta  # type: ignore[attr-defined]
    return client.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_history", args=[row.pk])).content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("model", RECORDED)
def test_records_of_a_model_are_written_by_the_database_and_only_added_to(model: type) -> None:
    assert is_recorded(model)
    assert {"event_append_only"} <= {trigger.name for trigger in events_of_row(model).model._meta.triggers}


def test_a_record_cannot_be_rewritten(clinic: Clinic) -> None:
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic(), as_owner():
        events_of_row(OpeningHours).update(from_minute=0)


def test_a_price_that_a_manager_changes_is_shown_with_who_and_both_values(
    inside: Client, manager: User, clinic: Clinic
) -> None:
    therapy = factories.make_therapy("lepa")
    Price.objects.create(therapy=therapy, clinic=clinic, text="₹ 900")
    url = reverse("admin:therapies_therapy_change", args=[therapy.pk])
    answer = inside.post(url, form_of(inside, url) | {"prices-0-text": "₹ 1100"})

    assert answer.status_code == 302

    latest = records([RecordedPart(Price, {"therapy_id": therapy.pk})], {})[0]
    assert (latest.who, latest.act) == (str(manager), "changed")
    assert [(change.label, change.before, change.after) for change in latest.changes] == [
        ("Displayed price", "₹ 900", "₹ 1100")
    ]
    shown = history_page(inside, therapy)
    assert all(words in shown for words in (str(manager), "₹ 900", "₹ 1100"))


def test_the_history_of_a_therapy_keeps_prices_of_other_clinics_to_itself(inside: Client, clinic: Clinic) -> None:
    therapy = factories.make_therapy("lepa")
    Price.objects.create(therapy=therapy, clinic=clinic, text="₹ 900")
    Price.objects.create(therapy=therapy, clinic=factories.make_clinic("elsewhere"), text="₹ 777")

    shown = history_page(inside, therapy)

    assert ("₹ 900" in shown, "₹ 777" in shown) == (True, False)


def test_the_history_of_another_clinic_is_not_found(inside: Client) -> None:
    far = factories.make_clinic("elsewhere")

    assert inside.get(reverse("admin:premises_clinic_history", args=[far.pk])).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_hours_put_back_as_they_were_are_no_change(clinic: Clinic, manager: User) -> None:
    longer = [
        OpeningHours(clinic=clinic, weekday=day, from_minute=450 if day == 0 else 480, to_minute=1080)
        for day in range(7)
    ]
    hours_and_absences.change_opening_hours(clinic=clinic, hours=longer, by=manager, now=factories.NOW)

    found = records([RecordedPart(OpeningHours, {"clinic_id": clinic.pk})], {})

    changed = [(each.act, each.row) for each in found if each.who == str(manager)]
    assert sorted(changed) == [
        ("added", "Opening hours: Monday 07:30"),
        ("removed", "Opening hours: Monday 08:00"),
    ]


def test_a_role_is_shown_in_its_history_with_who_gave_it(inside: Client, manager: User, clinic: Clinic) -> None:
    newcomer = factories.make_user(name="Latha Rao")
    factories.make_member(clinic, "front_desk", user=newcomer)

    latest = records([RecordedPart(Membership, {"user_id": newcomer.pk})], {})[0]

    assert latest.act == "added"
    assert ("Role", "–", "Front desk") in [(each.label, each.before, each.after) for each in latest.changes]
    assert "Front desk" in history_page(inside, newcomer.memberships.get())


def test_rows_older_than_the_records_show_what_was_before_their_first_change(clinic: Clinic) -> None:
    with pgtrigger.ignore():
        rule = Rule.objects.create(code="fr_old", kind="frequency", is_hard=True, data={"max_sessions": 3})
    with connection.schema_editor(atomic=False) as editor:
        from django.apps import apps  # as a migration would hand them over

        baseline("therapies", "Rule")(apps, editor)
    Rule.objects.filter(pk=rule.pk).update(data={"max_sessions": 5})

    newest, oldest = records([RecordedPart(Rule, {"pgh_obj_id": rule.pk})], {})

    assert events_of_row(Rule).filter(pgh_label=BASELINE).count() == 1
    assert (oldest.act, oldest.changes) == ("first recorded", [])
    assert [(each.label, each.before, each.after) for each in newest.changes] == [("Rule, max sessions", "3", "5")]


def test_what_the_operator_loads_is_recorded_as_the_catalogues(db: None) -> None:
    load_catalogue(catalogue=CATALOGUE, now=factories.NOW)

    question = Question.objects.get(code="gh_pregnancy")
    first = records([RecordedPart(Question, {"pgh_obj_id": question.pk})], {})[-1]
    assert (first.act, first.who) == ("added", "catalogue (loaded by the operator)")
