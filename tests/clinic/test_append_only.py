"""Tables that only grow: which they are, and that no session can rewrite them."""

import pghistory.models
import pgtrigger
import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import ProgrammingError, connection, models, transaction
from django.db.models.deletion import CASCADE, SET_NULL

from bookings.models import History
from clinic.append_only import AppendOnly, Sealing, append_only_models, sealed_models
from clinic.people.access import invite
from clinic.people.factor_resets import request_reset
from clinic.people.models import Access, FactorReset, Invitation, Membership, Patient, Read, RoleOffer, User
from clinic.people.role_offers import offer_roles
from clinic.premises.models import Clinic
from tests import factories
from tests.owner import as_owner

REWRITES = ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {0} CASCADE"]
TRIGGERS = """
SELECT c.relname, t.tgname, pg_get_functiondef(t.tgfoid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal
"""


def refused(statement: str, ignored: str = "{}") -> bool:
    """Whether a trigger refuses it even to the owner, in a session that asks to ignore these triggers."""
    try:
        with transaction.atomic(), as_owner() as cursor:
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [ignored])
            cursor.execute(statement)
    except ProgrammingError as error:
        return "pgtrigger: Cannot" in str(error)
    return False


def is_history(model: type[models.Model]) -> bool:
    """A table of events."""
    return issubclass(model, pghistory.models.Event) and model._meta.managed


def test_every_table_of_events_and_every_log_only_grows() -> None:
    events = {model for model in apps.get_models() if is_history(model)}

    assert len(events) > 20
    assert events | {History, LogEntry, Read} <= set(append_only_models())


def test_context_of_changes_is_sealed() -> None:
    assert pghistory.models.Context in sealed_models()


@pytest.mark.django_db
def test_database_has_the_triggers_of_every_sealed_table_and_none_can_be_ignored() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        there = {(table, name): body for table, name, body in cursor.fetchall()}
    ours = [(model, trigger) for model, trigger in pgtrigger.registered() if isinstance(trigger, Sealing)]
    bodies = [there[model._meta.db_table, trigger.get_pgid(model)] for model, trigger in ours]

    assert len(bodies) > 60
    assert [body for body in bodies if "_pgtrigger_should_ignore" in body] == []
    assert any("_pgtrigger_should_ignore" in body for body in there.values())  # the control: other triggers have it


@pytest.mark.django_db
def test_session_that_ignores_all_triggers_still_rewrites_no_log(relative: User) -> None:
    event = User.pgh_event_models["insert"]._meta.db_table  # type: ignore[attr-defined]
    names = "{" + ",".join(trigger.get_pgid(model) for model, trigger in pgtrigger.registered()) + "}"

    assert [refused(act.format(event, "pgh_label"), names) for act in REWRITES] == [True] * 3


@pytest.mark.django_db
def test_nobody_deletes_a_role_an_access_or_how_it_came_about(
    clinic: Clinic, patient: Patient, relative: User, front_desk: User, manager: User
) -> None:
    now = factories.NOW
    invite(patient=patient, relation="self", width="full", by=front_desk, now=now)
    request_reset(user=front_desk, by=manager, now=now)
    offer_roles(user=relative, name="L", clinic=clinic, roles=["nurse"], starts_on=now.date(), by=manager, now=now)

    kept = (Membership, Access, Invitation, RoleOffer, FactorReset)

    assert [model._default_manager.exists() for model in kept] == [True] * 5
    assert [refused(f"DELETE FROM {model._meta.db_table}") for model in kept] == [True] * 5
    assert {event._meta.concrete_model.__name__ for event in append_only_models()} >= {
        f"{model.__name__}Event" for model in kept
    }


@pytest.mark.django_db
def test_line_of_the_admins_log_cannot_be_rewritten(manager: User) -> None:
    LogEntry.objects.create(user=manager, action_flag=1, object_repr="Lepa")

    assert [refused(act.format("django_admin_log", "object_repr")) for act in REWRITES] == [True] * 3


@pytest.mark.django_db
def test_context_grows_within_its_request_and_is_settled_afterwards(clinic: object) -> None:
    with pghistory.context(user=7):
        factories.make_user("first@example.org")
        with pghistory.context(command="load"):
            factories.make_user("second@example.org")
    context = pghistory.models.Context.objects.latest("created_at")
    assert context.metadata == {"user": 7, "command": "load"}

    with as_owner() as cursor:  # an older one
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE pghistory_context SET created_at = created_at - interval '301 seconds'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    acts = [*REWRITES, "UPDATE {0} SET {1} = {1}, created_at = now()"]
    assert [refused(act.format("pghistory_context", "metadata")) for act in acts] == [True] * 4


def test_no_row_of_a_log_goes_with_another_row() -> None:
    """A log that would be deleted with what it names could not be deleted either, and so would keep it for ever."""
    going = [
        f"{model.__name__}.{field.name}"
        for model in append_only_models()
        for field in model._meta.local_fields
        if field.remote_field and field.remote_field.on_delete in {CASCADE, SET_NULL}
    ]

    # Django's own; whoever deletes an account is refused by the database if it did something in the admin.
    assert going == ["LogEntry.user", "LogEntry.content_type"]


def test_mark_of_a_table_that_only_grows_stands_on_its_trigger() -> None:
    marked = {model._meta.db_table for model, trigger in pgtrigger.registered() if isinstance(trigger, AppendOnly)}

    assert marked == {model._meta.db_table for model in append_only_models()}
