"""The lists of the admin beside a million rows: none counts a large table, reads it for links, or asks for each row."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import AllValuesFieldListFilter
from django.db import connection
from django.db.models import Model
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.admin import look_ups
from bookings.models import Visit
from clinic.people.admin_clinics import managed_clinic_ids, managed_clinics
from clinic.people.admin_lists import MOST_ROWS, BoundedPaginator, RecentValues, newest_rows
from tests.migration_rules import is_large
from tests.test_scope import Two

PAGES = {model._meta.label_lower: page for model, page in admin.site._registry.items()}
LARGE = {name: page for name, page in PAGES.items() if is_large(page.opts.db_table)}
MOST_STATEMENTS = 24
COUNTS_ALL = re.compile(r"COUNT\((?!.*LIMIT)", re.IGNORECASE)
READS_ALL = re.compile(r"SELECT DISTINCT|MIN\(|MAX\(", re.IGNORECASE)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_no_list_counts_further_than_it_leafs(name: str) -> None:
    assert issubclass(PAGES[name].paginator, BoundedPaginator)
    assert PAGES[name].show_full_result_count is False
    assert PAGES[name].show_facets is admin.ShowFacets.NEVER


def test_large_lists_are_those_that_grow_with_visits_and_patients() -> None:
    assert set(LARGE) == {
        "bookings.booking",
        "bookings.history",
        "bookings.message",
        "bookings.occupancy",
        "bookings.visit",
        "people.patient",
        "people.read",
    }


def has_index(model: type[Model], name: str) -> bool:
    return any(index.fields[:1] == [name] and not index.condition for index in model._meta.indexes)


@pytest.mark.parametrize("name", sorted(LARGE))
def test_day_of_a_large_list_is_found_by_an_index(name: str) -> None:
    page = LARGE[name]

    assert page.date_hierarchy is None or has_index(page.model, page.date_hierarchy)


@pytest.mark.parametrize("name", sorted(LARGE))
def test_links_of_a_filter_do_not_read_a_large_table(name: str) -> None:
    """A filter on a column without choices reads all its values."""
    page: Any = LARGE[name]
    filters = [each for each in page.list_filter if isinstance(each, str) and "__" not in each]
    open_ended = [each for each in filters if not (f := page.opts.get_field(each)).choices and not f.is_relation]
    every = [each[1] for each in page.list_filter if isinstance(each, tuple)]

    assert [each for each in open_ended if page.opts.get_field(each).get_internal_type() != "BooleanField"] == []
    assert [each for each in every if issubclass(each, AllValuesFieldListFilter) and each is not RecentValues] == []


@pytest.fixture
def two(db: None) -> Two:
    return Two()


def test_numbers_and_rows_of_ones_clinics_are_the_same_whichever_is_asked_first(rf: RequestFactory, two: Two) -> None:
    for order in ((managed_clinic_ids, managed_clinics), (managed_clinics, managed_clinic_ids)):
        request = rf.get("/")
        request.user = two.here.staff["manager"]
        found = {ask.__name__: ask(request) for ask in (*order, *order)}

        assert found["managed_clinic_ids"] == [two.here.clinic.pk]
        assert list(found["managed_clinics"]) == [two.here.clinic]


def asked(client: Client, name: str, **query: Any) -> list[str]:
    """The statements of a list."""
    address = reverse(f"admin:{name.replace('.', '_')}_changelist")
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, query)
    assert answer.status_code == 200, name
    return [row["sql"] for row in queries]


@pytest.mark.parametrize("who", ["operator", "manager"])
def test_lists_ask_little_and_count_no_table(client: Client, two: Two, who: str) -> None:
    client.force_login(two.boss if who == "operator" else two.here.staff["manager"])
    tables = {name: f'FROM "{page.opts.db_table}"' for name, page in LARGE.items()}
    lists = PAGES if who == "operator" else LARGE
    statements = {name: asked(client, name) for name in sorted(lists)}

    counted = {
        name: sql
        for name, rows in statements.items()
        for sql in rows
        for table in tables.values()
        if table in sql and (COUNTS_ALL.search(sql) or READS_ALL.search(sql))
    }
    assert counted == {}
    assert {name: len(rows) for name, rows in statements.items() if len(rows) > MOST_STATEMENTS} == {}


@pytest.mark.parametrize("name", sorted(LARGE))
def test_list_of_more_rows_asks_no_more(client: Client, two: Two, name: str) -> None:
    client.force_login(two.boss)
    asked(client, name)  # the first look of a session notes when it was
    few = len(asked(client, name))
    for slug in ("third", "fourth"):
        type(two.here)(slug, two.here.rows[Visit].bookings.get().variant.therapy)  # type: ignore[attr-defined]
    asked(client, name)  # the frame reads the clinics that came

    assert len(asked(client, name)) == few


@pytest.mark.parametrize("most_visits", [0, 20_000])
def test_manager_of_one_clinic_sees_all_its_rows_and_no_others(
    client: Client, two: Two, monkeypatch: pytest.MonkeyPatch, most_visits: int
) -> None:
    """In the order that a large table needs; its acts by an array where the clinic is small, joined where it is not."""
    monkeypatch.setattr(look_ups, "MOST_VISITS", most_visits)
    client.force_login(two.here.staff["manager"])

    for name, page in LARGE.items():
        client.get(reverse(f"admin:{name.replace('.', '_')}_changelist"))
        request = client.get(reverse(f"admin:{name.replace('.', '_')}_changelist")).wsgi_request
        rows = set(page.get_queryset(request))
        assert two.here.rows[page.model] in rows, name
        assert two.far.rows[page.model] not in rows, name


def test_newest_acts_of_a_large_clinic_are_met_without_all_its_visits(
    client: Client, two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The array of a large clinic's visits cost 219 ms at 100,000 of them, whatever the page showed."""
    monkeypatch.setattr(look_ups, "MOST_VISITS", 0)
    client.force_login(two.here.staff["manager"])

    assert [sql for sql in asked(client, "bookings.history") if "ARRAY(" in sql] == []


def test_list_leads_to_days_of_the_calendar(client: Client, two: Two) -> None:
    client.force_login(two.boss)

    page = client.get("/admin/bookings/visit/", {"arrives_at__year": 2026, "arrives_at__month": 2}).content.decode()

    assert "?arrives_at__day=28&amp;arrives_at__month=2&amp;arrives_at__year=2026" in page
    assert "arrives_at__day=29" not in page
    assert 'href="?arrives_at__year=2026"' in page


def test_visit_is_found_by_name_phone_day_and_number(client: Client, two: Two) -> None:
    client.force_login(two.boss)
    visit: Any = two.here.rows[Visit]
    number, patient, day = str(visit.public_id), visit.patient, visit.arrives_at.astimezone(visit.zone)

    def found(words: str) -> bool:
        return visit in client.get("/admin/bookings/visit/", {"q": words}).context["cl"].result_list

    fitting = [number, number[:8], number[:10].upper(), patient.given_name, str(patient.phone)[-5:], f"{day:%d/%m/%Y}"]
    assert [found(words) for words in fitting] == [True] * len(fitting)
    assert [found("ffffffff-ffff"), found("Nobody"), found("0" * 33), found("1/1/2031")] == [False] * 4


def test_admin_reads_and_shows_the_clock_of_the_clinic(client: Client, two: Two) -> None:
    client.force_login(two.here.staff["manager"])
    visit: Any = two.here.rows[Visit]
    local = visit.arrives_at.astimezone(visit.zone)

    page = client.get("/admin/bookings/visit/").content.decode()
    stretches = client.get("/admin/bookings/occupancy/").content.decode()

    assert local.strftime("%-d %b %Y, %H:%M") in page
    assert 'data-admin-utc-offset="19800"' in page
    assert "+00:00" not in stretches


def test_list_says_where_it_ends(monkeypatch: pytest.MonkeyPatch, client: Client, two: Two) -> None:
    monkeypatch.setattr("clinic.people.admin_lists.MOST_ROWS", 1)
    client.force_login(two.boss)

    assert (
        "The newest 1; choose a date or a filter to see others."
        in client.get("/admin/bookings/visit/").content.decode()
    )
    assert list(newest_rows(Visit.objects.order_by("-pk"))) == [Visit.objects.latest("pk")]
    assert MOST_ROWS == 5_000


def test_action_on_all_leaves_what_the_list_does_not_show(
    monkeypatch: pytest.MonkeyPatch, client: Client, two: Two
) -> None:
    monkeypatch.setattr("clinic.people.admin_lists.MOST_ROWS", 1)
    client.force_login(two.boss)
    said = {"action": "cancel_by_clinic", "select_across": "1", "_selected_action": [two.here.rows[Visit].pk]}

    client.post("/admin/bookings/visit/", said)

    assert Visit.objects.filter(bookings__status="cancelled").count() <= 1
