"""A query that was compiled once asks what the query itself would ask, at every moment and for all ids."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.db.models import Q, Value
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext

from bookings.desk.todo import reviews, rows
from bookings.desk.todo.owners import TaskKind
from clinic.compiled_query import MOMENT, PUBLIC_ID, TEXT, CompiledQuery, CompiledRows, ids_to_be
from clinic.people.models import Membership, Patient
from tests import factories

MOMENTS = [
    dt.datetime(2026, 11, 29, 18, 29, 59, tzinfo=dt.UTC),
    dt.datetime(2027, 1, 1, 0, 0, 0, tzinfo=dt.timezone(dt.timedelta(hours=5, minutes=30))),
    MOMENT,
]


@pytest.mark.parametrize("now", MOMENTS, ids=str)
@pytest.mark.parametrize("kind", sorted(rows.RULES), ids=str)
def test_every_kind_of_task_binds_what_its_query_binds(db: None, kind: TaskKind, now: dt.datetime) -> None:
    """Compared is what reaches the database: statement and values."""
    at = [7, 3]
    moment = now.astimezone(dt.UTC)
    parts = rows.RULES[kind](at, moment)
    with CaptureQueriesContext(connection) as direct:
        list(parts[0].union(*parts[1:], all=True))

    query = rows._union(frozenset([kind]), 2)
    assert query is not None
    with CaptureQueriesContext(connection) as compiled:
        query.rows(ids=at, now=now)

    assert [each["sql"] for each in compiled] == [each["sql"] for each in direct]


def test_reviews_bind_the_moment_and_the_clinics(db: None) -> None:
    """The stand-ins never reach the database."""
    with CaptureQueriesContext(connection) as compiled:
        reviews._orders(2, massages=("massage_family",)).rows(ids=[7, 3], now=MOMENTS[0])

    (statement,) = (each["sql"] for each in compiled)
    assert "2026-11-29" in statement
    assert not re.search(r"1901|-1000000", statement)


def test_a_constant_of_the_query_stays(db: None) -> None:
    """Only what was worked out from the stand-ins moves."""
    clinic = factories.make_clinic()
    factories.make_member(clinic, "vaidya")
    constant = dt.datetime(2020, 5, 17, 8, tzinfo=dt.UTC)
    people = Membership.objects.filter(clinic__in=ids_to_be(1))
    query = CompiledQuery.of(
        people.annotate(then=Value(constant), at=Value(MOMENT)).values_list("clinic", "then", "at")
    )

    assert query.rows(ids=[clinic.pk], now=MOMENTS[0]) == [(clinic.pk, constant, MOMENTS[0])]
    assert query.rows(ids=[0], now=MOMENTS[0]) == []


def test_constant_with_signs_of_a_statement_is_no_parameter(db: None) -> None:
    """A percent sign, a quote and a backslash in a value are those characters."""
    needs = "100 %s of Asha's \\ steps %% %"
    patient = factories.make_patient(needs=needs)
    query = CompiledQuery.of(Patient.objects.filter(needs=needs, pk__in=ids_to_be(1)).values_list("needs"))

    assert query.parameters == tuple(ids_to_be(1))
    assert query.rows(ids=[patient.pk], now=MOMENTS[0]) == [(needs,)]


def test_public_id_and_text_are_put_in_each_time(db: None) -> None:
    ada, ben = (factories.make_patient(given_name=name) for name in ("Ada", "Ben"))
    rows = Patient.objects.filter(Q(public_id=PUBLIC_ID) | Q(given_name=TEXT)).order_by("given_name")
    query = CompiledQuery.of(rows.values_list("pk"))

    assert query.rows(public_id=ada.public_id, text="Ben", now=MOMENTS[0]) == [(ada.pk,), (ben.pk,)]
    assert query.rows(public_id=ben.public_id, now=MOMENTS[0]) == [(ben.pk,)]


def test_rows_are_those_of_the_query_with_what_it_adds(db: None) -> None:
    """Related rows, lists, JSON, annotations, and which fields were read."""
    clinic = factories.make_clinic(name="Asha Ayurveda")
    member = factories.make_member(clinic, "vaidya")
    held = Membership.objects.select_related("user", "clinic").annotate(title=Upper("clinic__name"))

    (direct,) = held.filter(user=member)
    (compiled,) = CompiledRows(held.filter(user__in=ids_to_be(1))).rows(ids=[member.pk], now=MOMENTS[0])

    def content(row: Membership) -> list[dict[str, object]]:
        kept = ("_state", "_prefetched_objects_cache")
        return [{k: v for k, v in vars(each).items() if k not in kept} for each in (row, row.user, row.clinic)]

    assert content(compiled) == content(direct)
    assert (compiled._state.adding, compiled._state.db) == (False, "default")
    assert CompiledRows(held.filter(user__in=ids_to_be(1))).first(ids=[0], now=MOMENTS[0]) is None
