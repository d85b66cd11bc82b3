"""Rows that the database lets be written once: logs that only grow, and what was signed."""

import pgtrigger


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE."""
    return [
        pgtrigger.Protect(name=f"{name}_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name=f"{name}_no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
        ),
    ]


def sealed_once_signed(name: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse to change or delete a row once it is signed."""
    return [
        pgtrigger.Protect(
            name=f"{name}_sealed",
            operation=pgtrigger.Update | pgtrigger.Delete,
            condition=pgtrigger.Q(old__signed_at__isnull=False),
        )
    ]


def sealed_with_its(parent: str, name: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse to add, change or delete a part of a signed row of `bookings_<parent>`."""
    return [
        pgtrigger.Trigger(
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
        )
    ]
