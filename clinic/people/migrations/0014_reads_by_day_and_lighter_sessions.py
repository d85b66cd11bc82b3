"""Reads can be asked for a day; and a session that goes on writes one row and no index.

Each page of somebody signed in moves the end of their session. That column was indexed, so every time the row moved to
another page and all indexes followed. Only the sweep asks for it, once a day.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations

from clinic.schema_changes import BuildIndex, DropIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("people", "0013_emergency_contacts"), ("sessions", "0001_initial")]

    operations = [
        BuildIndex("read", BrinIndex(autosummarize=True, fields=["at"], name="read_by_day")),
        DropIndex("django_session_expire_date_a5c62663", table="django_session", columns="expire_date"),
        migrations.RunSQL(
            "ALTER TABLE django_session SET (fillfactor = 70)", "ALTER TABLE django_session RESET (fillfactor)"
        ),
    ]
