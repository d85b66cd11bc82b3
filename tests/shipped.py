"""The shipped catalogue as rows, quickly: loaded into empty tables once in each process, then written again as it was.

`test_load_catalogue` tests the loading; whoever only needs what it brings asks here.
"""

import psycopg
from django.apps import apps
from django.db import connection, models
from psycopg import sql

from tests.factories import NOW
from tests.triggers import triggers_off
from therapies.catalogue.loader import load_catalogue
from therapies.catalogue.reader import read_catalogue
from therapies.models import (
    Contraindication,
    Question,
    Rule,
    Source,
    Step,
    StepCrew,
    Term,
    Therapy,
    TherapyText,
    Variant,
)

CATALOGUE = read_catalogue()
"""Read once for all tests: they change nothing in it."""
IN_ORDER: tuple[type[models.Model], ...] = (
    Source,
    Term,
    Therapy,
    TherapyText,
    Variant,
    Step,
    StepCrew,
    Contraindication,
    Question,
    Rule,
)
EVENTS = [model for model in apps.get_models() if getattr(model, "pgh_tracked_model", None) in IN_ORDER]
"""What history keeps of them."""
TABLES = [model._meta.db_table for model in (*IN_ORDER, *EVENTS)]
_kept: dict[str, bytes] = {}
"""By table: its rows as PostgreSQL writes them out."""


def load_shipped() -> None:
    """The house's catalogue in the database."""
    if _kept and _written_again():
        return
    alone = not any(model._default_manager.exists() for model in IN_ORDER)
    load_catalogue(catalogue=CATALOGUE, now=NOW)
    if alone:
        _keep()


def _keep() -> None:
    """What the test itself had written would come back in every later test of this process."""
    with connection.cursor() as cursor:
        for table in TABLES:
            with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as out:
                _kept[table] = b"".join(bytes(part) for part in out)


def _written_again() -> bool:
    """False where rows of the test itself stand in the way."""
    try:
        with triggers_off() as cursor:
            for table, rows in _kept.items():
                with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as into:
                    into.write(rows)
    except psycopg.IntegrityError:
        return False
    return True
