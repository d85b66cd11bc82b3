"""Lists of the admin take the filters and days that they offer, and nothing else of a row."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from clinic.people.models import User
from clinic.people.scoped_admin import ScopedAdmin

BY_DAY = {page.opts.model_name: page for page in admin.site._registry.values() if page.date_hierarchy}
IMPOSSIBLE = [
    {"year": "99999999999"},
    {"year": "9" * 5000},
    {"year": "0"},
    {"year": "-1"},
    {"year": "9999"},
    {"year": "9999", "month": "12", "day": "31"},
    {"year": "2026", "month": "13"},
    {"year": "2026", "month": "2", "day": "30"},
    {"month": "2"},
    {"year": "2026", "day": "1"},
    {"year": "x"},
]


@pytest.mark.parametrize("model", BY_DAY)
def test_day_that_is_none_leads_back_to_the_whole_list(client: Client, manager: User, model: str) -> None:
    page = BY_DAY[model]
    address = reverse(f"admin:{page.opts.app_label}_{model}_changelist")
    client.force_login(manager)

    answers = [
        client.get(address, {f"{page.date_hierarchy}__{part}": value for part, value in parts.items()})
        for parts in IMPOSSIBLE
    ]

    assert {(answer.status_code, answer["Location"].rpartition("?")[2]) for answer in answers} == {(302, "e=1")}


def test_days_of_the_calendar_are_shown(client: Client, manager: User) -> None:
    client.force_login(manager)
    spans = [{}, {"year": "2026"}, {"year": "2026", "month": "2"}, {"year": "2199", "month": "12", "day": "31"}]

    answers = [
        client.get("/admin/bookings/booking/", {f"starts_at__{part}": value for part, value in span.items()})
        for span in spans
    ]

    assert [answer.status_code for answer in answers] == [200] * len(spans)


@pytest.mark.parametrize(
    ("page", "lookup"),
    [
        ("bookings/message", "secret__code__startswith=1"),
        ("bookings/message", "due_at__iso_year=99999999999"),
        ("bookings/message", "due_at__gte=9999-12-31T23:59:59-12:00"),
        ("bookings/booking", "starts_at__year__gte=99999999999"),
        ("bookings/booking", "status__regex=["),
        ("people/user", "last_login__year=1"),
        ("people/user", "is_active__in=1"),
    ],
)
def test_list_is_not_asked_for_what_it_does_not_offer(client: Client, manager: User, page: str, lookup: str) -> None:
    client.force_login(manager)

    assert client.get(f"/admin/{page}/?{lookup}").status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "people/user/?is_active__exact=1",
        "bookings/booking/?status__exact=booked&visit__clinic__id__exact=1",
        "bookings/message/?clinic__id__exact=99999999999999999999",
        "therapies/rule/?is_hard__exact=1&kind__exact=frequency",
    ],
)
def test_filters_of_a_page_work(client: Client, manager: User, address: str) -> None:
    client.force_login(manager)

    assert client.get(f"/admin/{address}").status_code == 200


def test_every_page_of_the_admin_is_bounded() -> None:
    assert [page for page in admin.site._registry.values() if not isinstance(page, ScopedAdmin)] == []
    assert len(BY_DAY) == 5
