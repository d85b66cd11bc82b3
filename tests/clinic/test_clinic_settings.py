"""What a manager may say about a clinic: reminders as spans of time, not as free numbers."""

from typing import Any

import pytest
from django.test import Client

from clinic.people.models import User
from clinic.premises.models import Clinic

INLINES = {
    f"{inline}-{count}": 0 for inline in ("opening_hours", "closures") for count in ("TOTAL_FORMS", "INITIAL_FORMS")
}


def change(client: Client, clinic: Clinic, **said: Any) -> Any:
    """Press "save" on the clinic's form, with these values changed."""
    path = f"/admin/premises/clinic/{clinic.pk}/change/"
    form = client.get(path).context["adminform"].form
    shown = {field.html_name: field.value() for field in form if field.value() is not None}
    return client.post(path, shown | INLINES | said)


def test_reminders_are_chosen_from_spans_of_time(client: Client, clinic: Clinic, manager: User) -> None:
    client.force_login(manager)

    answer = change(client, clinic, reminders=["2880", "60"])

    clinic.refresh_from_db()
    assert answer.status_code == 302
    assert clinic.reminders == [2880, 60]


@pytest.mark.parametrize("reminders", [["24,2"], ["24", "2"], ["2147483647"], ["²"]])
def test_number_that_is_no_span_is_refused(client: Client, clinic: Clinic, manager: User, reminders: list[str]) -> None:
    client.force_login(manager)

    answer = change(client, clinic, reminders=reminders)

    assert list(answer.context["adminform"].form.errors) == ["reminders"]


def test_reminder_that_a_clinic_has_already_stays_on_its_form(client: Client, clinic: Clinic, manager: User) -> None:
    Clinic.objects.filter(pk=clinic.pk).update(reminders=[90])
    client.force_login(manager)

    answer = change(client, clinic, name="Shanti")

    clinic.refresh_from_db()
    assert (answer.status_code, clinic.reminders, clinic.name) == (302, [90], "Shanti")


@pytest.mark.parametrize("field", ["lead_minutes", "change_notice_hours", "horizon_days"])
def test_span_longer_than_sixty_days_is_refused(client: Client, clinic: Clinic, manager: User, field: str) -> None:
    client.force_login(manager)

    assert change(client, clinic, **{field: "100000"}).status_code == 200
