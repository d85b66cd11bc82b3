"""Rows that the database lets be written once: logs that only grow, and what was signed.

Their triggers have no clause that a session could switch off, unlike those of pgtrigger. One role passes them:
`REDACTION_ROLE`, to which nobody belongs but whoever the operator lets erase.
"""

from typing import Any

import pgtrigger
from django.db.models import Model
from pgtrigger import compiler

REDACTION_ROLE = "clinic_redaction"
"""The database role that may change and delete rows of sealed tables, for erasure."""
CONTEXT_SECONDS = 300
"""How long a request may still add to its context of changes (who, which address)."""


class SealedTriggerSql(compiler.UpsertTriggerSql):
    """The function and its trigger. Migrations keep the parts, so this text is only added to by a new class."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}()
            RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    IF (CURRENT_USER = 'clinic_redaction') THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    {func}
                END;
            $$ LANGUAGE plpgsql;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE PROCEDURE {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class Sealing(pgtrigger.Trigger):
    """A trigger that no setting of a session ignores."""

    def compile(self, model: Model) -> compiler.Trigger:
        made = super().compile(model)
        return compiler.Trigger(name=made.name, sql=SealedTriggerSql(**made.sql.kwargs))


class SealingProtect(Sealing, pgtrigger.Protect):
    """Refuses the operation to everybody but the redaction role."""


class AppendOnly(SealingProtect):
    """The mark of a table that only grows: `append_only_models` finds it, and so do grants and digests."""


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE."""
    return [
        AppendOnly(name=f"{name}_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        no_truncate(name),
    ]


def no_truncate(name: str) -> pgtrigger.Trigger:
    return Sealing(
        name=f"{name}_no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
    )


def undeletable(name: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse to delete a row: it ends by a date or an answer in it, and its history keeps what it was."""
    return [SealingProtect(name=f"{name}_no_delete", operation=pgtrigger.Delete), no_truncate(name)]


def sealed_once_signed(name: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse to change or delete a row once it is signed."""
    return [
        SealingProtect(
            name=f"{name}_sealed",
            operation=pgtrigger.Update | pgtrigger.Delete,
            condition=pgtrigger.Q(old__signed_at__isnull=False),
        ),
        no_truncate(name),
    ]


def names_signer(name: str) -> pgtrigger.Trigger:
    """A trigger that copies who signs from the account, at the moment of the signature, whoever writes the row."""
    return Sealing(
        name=f"{name}_names_signer",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            NEW.signer_name := '';
            NEW.signer_number := '';
            IF NEW.signed_at IS NOT NULL AND NEW.signed_by_id IS NOT NULL THEN
                SELECT COALESCE(NULLIF(signer.name, ''), NULLIF(signer.email, ''), signer.username),
                       signer.registration_number
                INTO STRICT NEW.signer_name, NEW.signer_number
                FROM people_user signer WHERE signer.id = NEW.signed_by_id;
            END IF;
            RETURN NEW;
        """,
    )


def sealed_with_its(parent: str, name: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse to add, change or delete a part of a signed row of `bookings_<parent>`."""
    return [
        Sealing(
            name=f"{name}_sealed",
            level=pgtrigger.Row,
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            declare=[("mine", "record")],
            func=f"""
                IF TG_OP = 'INSERT' THEN mine := NEW; ELSE mine := OLD; END IF;
                IF EXISTS (
                    SELECT FROM bookings_{parent} whole
                    WHERE whole.id = mine.{parent}_id AND whole.signed_at IS NOT NULL
                ) THEN
                    RAISE EXCEPTION 'pgtrigger: Cannot change a part of a signed row of % table', TG_TABLE_NAME;
                END IF;
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
            """,
        ),
        no_truncate(name),
    ]


def settled_after_its_request(name: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse to delete a row, and to change one that was made more than `CONTEXT_SECONDS` ago."""
    return [
        *undeletable(name),
        Sealing(
            name=f"{name}_settled",
            level=pgtrigger.Row,
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            func=f"""
                IF OLD.created_at < now() - interval '{CONTEXT_SECONDS} seconds'
                    OR (NEW.id, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.created_at)
                THEN
                    RAISE EXCEPTION 'pgtrigger: Cannot change a settled row of % table', TG_TABLE_NAME;
                END IF;
                RETURN NEW;
            """,
        ),
    ]


def append_only_models() -> list[type[Model]]:
    """Every model whose table only grows, by its table: the one list that grants, digests and tests go by."""
    return _models_with(AppendOnly)


def sealed_models() -> list[type[Model]]:
    """Every model with rows that cannot be rewritten: those that only grow, and those that are signed or settled."""
    return _models_with(Sealing)


def _models_with(kind: type[Any]) -> list[type[Model]]:
    registered: list[Any] = [model for model, trigger in pgtrigger.registered() if isinstance(trigger, kind)]
    models = {model._meta.db_table: model._meta.concrete_model for model in registered}
    return [models[table] for table in sorted(models)]
