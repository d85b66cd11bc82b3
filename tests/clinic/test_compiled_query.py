"""A query that was compiled once asks what the query itself would ask, at every moment and for all ids."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.db.models import Value
from django.test.utils import CaptureQueriesContext

from bookings.desk.todo import reviews, rows
from bookings.desk.todo.owners import TaskKind
from clinic.compiled_query import MOMENT, CompiledQuery, ids_to_be
from clinic.people.models import Membership
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
