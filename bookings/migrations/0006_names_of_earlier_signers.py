from typing import Any

from django.db import migrations

NAMED = """
UPDATE {table} SET (signer_name, signer_number) = (
    SELECT COALESCE(NULLIF(name, ''), NULLIF(email, ''), username), registration_number FROM (
        SELECT name, email, username, registration_number, pgh_created_at, pgh_id FROM people_userevent
        WHERE pgh_obj_id = {table}.signed_by_id AND pgh_created_at <= {table}.signed_at
        UNION ALL
        SELECT name, email, username, registration_number, '-infinity', 0 FROM people_user
        WHERE id = {table}.signed_by_id
    ) known_as ORDER BY pgh_created_at DESC, pgh_id DESC LIMIT 1
) WHERE signed_at IS NOT NULL
"""
"""Those of the history of accounts at the moment of the signature, else those of today."""


def name_signers(apps: Any, schema_editor: Any) -> None:
    """The rows are sealed, so the owner of the tables lets the seal go for this one statement."""
    for table in ("bookings_assessment", "bookings_prescription"):
        schema_editor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        schema_editor.execute(NAMED.format(table=table))
        schema_editor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    dependencies = [("bookings", "0005_name_of_the_signer"), ("people", "0006_changes_of_contact")]
    operations = [migrations.RunPython(name_signers, migrations.RunPython.noop, elidable=True)]
