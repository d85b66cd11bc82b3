"""What belongs to a clinic is changed by that clinic: people who work at several, their hours, and prices."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories
from tests.admin_forms import form_of
from therapies.models import Practitioner, Price, Therapy, WorkingHours

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def inside(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


@pytest.fixture
def second(db: None) -> Clinic:
    return factories.make_clinic("second")


@pytest.fixture
def shared(clinic: Clinic, second: Clinic) -> Practitioner:
    """Works here in the morning of weekdays, and at the second clinic on Sundays."""
    person = factories.make_practitioner(clinic, "Latha", roles=["therapist"], works=None, home=clinic)
    factories.make_working_hours(person, clinic, "08:00", "12:00", weekdays=range(5))
    factories.make_working_hours(person, second, "08:00", "12:00", weekdays=[6])
    factories.make_qualification(person, factories.make_therapy("abhyanga"))
    return person


def page(row: Any) -> str:
    return reverse(f"admin:therapies_{row._meta.model_name}_change", args=[row.pk])


def hours(person: Practitioner, clinic: Clinic) -> list[tuple[int, int, int]]:
    rows = WorkingHours.objects.filter(practitioner=person, clinic=clinic)
    return list(rows.values_list("weekday", "from_minute", "to_minute"))


def errors(answer: HttpResponse) -> list[dict[str, Any]]:
    formsets = answer.context["inline_admin_formsets"]  # type: ignore[attr-defined]
    return [found for inline in formsets for found in inline.formset.errors if found]


def test_hours_at_another_clinic_are_neither_seen_nor_deleted(
    inside: Client, shared: Practitioner, clinic: Clinic, second: Clinic
) -> None:
    there, said = hours(shared, second), form_of(inside, page(shared))
    assert said["working_hours-INITIAL_FORMS"] == 5
    said["working_hours-0-to_minute"] = "13:00"

    answer = inside.post(page(shared), said)

    assert answer.status_code == 302
    assert hours(shared, clinic)[0] == (0, 480, 780)
    assert hours(shared, second) == there


def test_person_of_two_clinics_is_to_look_at_but_for_the_hours_here(inside: Client, shared: Practitioner) -> None:
    said = form_of(inside, page(shared))
    assert "name" not in said
    foreign = {"name": "Taken", "is_active": "", "qualifications-TOTAL_FORMS": "0", "qualifications-INITIAL_FORMS": "0"}

    inside.post(page(shared), said | foreign)

    shared.refresh_from_db()
    assert (shared.name, shared.is_active, shared.qualifications.count()) == ("Latha", True, 1)


def test_hours_of_another_clinic_are_not_taken_by_their_id(
    inside: Client, shared: Practitioner, clinic: Clinic, second: Clinic
) -> None:
    row, said = WorkingHours.objects.get(practitioner=shared, clinic=second), form_of(inside, page(shared))
    said |= {"working_hours-0-id": row.pk, "working_hours-0-DELETE": "on"}

    inside.post(page(shared), said)

    assert hours(shared, second) == [(6, 480, 720)]


def test_hours_are_entered_at_ones_own_clinics_only(inside: Client, clinic: Clinic, second: Clinic) -> None:
    person = factories.make_practitioner(clinic, "Latha", works=("08:00", "12:00"))
    said = form_of(inside, page(person)) | {"working_hours-0-clinic": second.pk}

    answer = inside.post(page(person), said)

    assert [set(found) for found in errors(answer)] == [{"clinic"}]
    assert hours(person, second) == []


def test_person_whom_a_clinic_entered_is_seen_there_before_they_work(
    client: Client, inside: Client, clinic: Clinic, second: Clinic
) -> None:
    add = reverse("admin:therapies_practitioner_add")
    new = {"name": "New", "gender": "male", "roles": ["vaidya"], "languages": ["en"]}
    inside.post(add, form_of(inside, add) | new)
    person = Practitioner.objects.get(name="New")

    client.force_login(factories.make_member(second, "manager"))

    assert person.home == clinic
    assert client.get(page(person)).status_code == 302


def test_account_of_another_clinic_is_linked_to_nobody_here(inside: Client, clinic: Clinic, second: Clinic) -> None:
    person, stranger = factories.make_practitioner(clinic, "Latha"), factories.make_member(second, "vaidya")

    answer = inside.post(page(person), form_of(inside, page(person)) | {"user": stranger.pk})

    assert set(answer.context["adminform"].form.errors) == {"user"}
    assert Practitioner.objects.get(pk=person.pk).user is None


def test_price_of_another_clinic_is_neither_seen_nor_changed(inside: Client, clinic: Clinic, second: Clinic) -> None:
    therapy: Therapy = factories.make_therapy("lepa")
    own = Price.objects.create(therapy=therapy, clinic=clinic, text="500")
    far = Price.objects.create(therapy=therapy, clinic=second, text="900")
    said = form_of(inside, page(therapy))
    assert said["prices-INITIAL_FORMS"] == 1

    inside.post(page(therapy), said | {"prices-0-id": far.pk, "prices-0-text": "1"})
    refused = inside.post(page(therapy), said | {"prices-0-clinic": second.pk})

    assert [set(found) for found in errors(refused)] == [{"clinic"}]
    assert set(Price.objects.values_list("pk", "clinic", "text")) == {
        (own.pk, clinic.pk, "500"),
        (far.pk, second.pk, "900"),
    }


def test_manager_deletes_nothing_that_the_organisation_shares(manager: User) -> None:
    shared = ["contraindication", "therapytext", "step", "stepcrew", "term", "source", "question", "rule", "therapy"]

    assert [name for name in shared if manager.has_perm(f"therapies.delete_{name}")] == []
