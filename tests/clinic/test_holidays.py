"""Public holidays, on demand."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from clinic.people.models import User
from clinic.premises.holidays import closures_to_enter, public_holidays
from clinic.premises.models import Clinic, Closure
from tests import factories


def test_a_state_has_its_own_holidays() -> None:
    year = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    pratap = dt.date(2026, 6, 17)

    assert pratap in public_holidays("IN-RJ", *year)
    assert pratap not in public_holidays("IN", *year)
    assert public_holidays("IN-RJ", pratap, pratap) == {pratap: "Maharana Pratap's Birthday"}


def test_no_calendar_has_no_holidays() -> None:
    assert public_holidays("", dt.date(2026, 1, 1), dt.date(2026, 12, 31)) == {}


@pytest.mark.parametrize("calendar", ["XX", "IN-QQ", "Jaipur"])
def test_an_unknown_calendar_is_told(calendar: str) -> None:
    with pytest.raises(ValidationError, match="is not a holiday calendar"):
        public_holidays(calendar, dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def test_a_date_that_the_clinic_closed_itself_is_left_out(db: None, now: dt.datetime) -> None:
    clinic = factories.make_clinic(holidays="IN")
    factories.make_closure(clinic, dt.date(2026, 8, 15), reason="Our own feast")

    closures = closures_to_enter(clinic, now)

    dates = [closure.on for closure in closures]
    assert dt.date(2026, 10, 2) in dates
    assert dt.date(2026, 8, 15) not in dates
    assert dt.date(2026, 1, 26) not in dates  # past
    assert dt.date(2027, 1, 26) in dates
    assert {closure.use for closure in closures} == {"running_courses"}


def test_a_manager_enters_the_holidays_of_the_coming_year(client: Client, clinic: Clinic, manager: User) -> None:
    Clinic.objects.filter(pk=clinic.pk).update(holidays="IN-RJ")
    client.force_login(manager)
    url = reverse("admin:premises_clinic_changelist")

    for _click in (1, 2):
        answer = client.post(url, {"action": "enter_holidays", "_selected_action": [clinic.pk]})

    assert answer.status_code == 302
    entered = Closure.objects.filter(clinic=clinic)
    assert entered.filter(on__month=8, on__day=15).count() == 1
    assert set(entered.values_list("use", flat=True)) == {"running_courses"}
