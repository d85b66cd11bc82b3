"""Somebody leaves: the last day is set on one page, with the visits after it, and all of it or nothing."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import Settlement, Visit
from clinic.people.models import Membership, Read, User
from clinic.premises.models import Clinic, Room
from tests import factories
from tests.desk.conftest import MakeVisit, at
from therapies.models import Practitioner, WorkingHours

LAST = "2026-03-03"


@pytest.fixture
def office(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


@pytest.fixture
def visits(visit_at: MakeVisit) -> list[Visit]:
    """On the last day, and after it."""
    rita = factories.make_patient("Rita", phone="+919847000111")
    return [visit_at(at(11, day=3)), visit_at(at(11, day=4), patient=rita)]


def page_of(account: User) -> str:
    return reverse("desk:leave", args=[account.pk])


def shown(client: Client, url: str) -> list[tuple[str, list[str]]]:
    rows = client.get(url).context["leaver"].rows
    return [(str(row.visit.patient), sorted(map(str, row.obstacles))) for row in rows]


def ends(account: User) -> tuple[set[dt.date | None], set[dt.date | None]]:
    """When the roles end, and the hours."""
    hours = WorkingHours.objects.filter(practitioner__user=account)
    return {row.ends_on for row in account.memberships.all()}, {row.valid_until for row in hours}


def test_last_day_ends_roles_and_hours_and_lists_each_visit_after_it_until_it_is_dealt_with(
    office: Client, vaidya_user: User, vaidya: Practitioner, visits: list[Visit]
) -> None:
    before = shown(office, f"{page_of(vaidya_user)}?last_on={LAST}")
    office.post(page_of(vaidya_user), {"last_on": LAST, "shown": LAST})
    after = shown(office, f"{page_of(vaidya_user)}?last_on={LAST}")
    rows = office.get(f"{page_of(vaidya_user)}?last_on={LAST}").context["leaver"].rows
    told = {"obstacles": rows[0].form.initial["obstacles"], "outcome": Settlement.TOLD, "reason": ""}
    office.post(reverse("desk:settle", args=[visits[1].public_id]), told)

    assert before == [("Rita Nair", [])]
    assert ends(vaidya_user) == ({dt.date(2026, 3, 4)}, {dt.date(2026, 3, 4)})
    assert after == [("Rita Nair", [f"{vaidya} is not available at that time"])]
    assert shown(office, f"{page_of(vaidya_user)}?last_on={LAST}") == []
    assert Read.objects.filter(door="desk:leave", patients=[visits[1].patient_id]).count() == 3


def test_another_day_than_the_one_whose_visits_were_shown_saves_nothing(
    office: Client, vaidya_user: User, visits: list[Visit]
) -> None:
    answer = office.post(page_of(vaidya_user), {"last_on": LAST, "shown": "2026-03-10"})

    assert answer.context["form"].errors == {"last_on": ["Please look at the visits after this day, then save."]}
    assert [row.visit for row in answer.context["leaver"].rows] == [visits[1]]
    assert ends(vaidya_user)[0] == {None}


def test_only_manager_stays_with_hours_and_all(office: Client, manager: User, clinic: Clinic, room: Room) -> None:
    factories.make_practitioner(clinic, "Harsh", roles=["vaidya"], user=manager)
    factories.make_member(clinic, "vaidya", user=manager)

    answer = office.post(page_of(manager), {"last_on": LAST, "shown": LAST})

    assert answer.context["form"].non_field_errors() == [
        "You are the only manager of this clinic. Please make someone else a manager first."
    ]
    assert ends(manager) == ({None}, {None})


def test_account_is_closed_in_the_same_press_on_the_last_day_and_not_before(
    office: Client, vaidya_user: User, now: dt.datetime, clinic: Clinic
) -> None:
    early = office.post(page_of(vaidya_user), {"last_on": LAST, "shown": LAST, "closes_account": "on"})
    today = clinic.today(now).isoformat()
    done = office.post(page_of(vaidya_user), {"last_on": today, "shown": today, "closes_account": "on"})

    vaidya_user.refresh_from_db()
    assert (list(early.context["form"].errors), done.status_code) == (["closes_account"], 302)
    assert vaidya_user.is_active is False
    assert not Membership.objects.not_over_at(now).filter(user=vaidya_user).exists()


def test_open_work_is_counted_without_names(office: Client, vaidya_user: User, visits: list[Visit]) -> None:
    clinic = vaidya_user.memberships.get().clinic
    rita = visits[1].patient
    assert rita is not None
    factories.make_assessment(rita, clinic, by=vaidya_user, signed_by=None, signed_at=None)

    assert office.get(page_of(vaidya_user)).context["leaver"].tasks == [("Not signed yet", 1)]
