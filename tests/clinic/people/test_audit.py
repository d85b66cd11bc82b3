"""The audit of staff reads: a row before the page, and nobody can edit it."""

import datetime as dt

import pgtrigger
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from clinic.people.models import Read, User
from clinic.premises.models import Clinic


@pytest.fixture
def read(clinic: Clinic, front_desk: User, now: dt.datetime) -> Read:
    return Read.objects.create(at=now, user=front_desk, door="desk:day", clinic=clinic, patients=[1])


def test_update_of_a_read_is_refused(read: Read) -> None:
    with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), transaction.atomic():
        Read.objects.update(door="elsewhere")

    assert Read.objects.get().door == "desk:day"


def test_delete_of_a_read_is_refused(read: Read) -> None:
    with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), transaction.atomic():
        Read.objects.all().delete()

    assert Read.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_truncate_of_reads_is_refused(read: Read) -> None:
    with pytest.raises(ProgrammingError, match="Cannot truncate rows"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE people_read")

    assert Read.objects.count() == 1


def test_update_passes_when_the_trigger_is_off(read: Read) -> None:
    with pgtrigger.ignore("people.Read:read_append_only"):
        assert Read.objects.update(door="elsewhere") == 1
