"""Large tables can be asked for a day: an index of some pages, as their rows lie nearly in the order of time."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations

from clinic.schema_changes import BuildIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("bookings", "0024_amounts_as_numbers")]

    operations = [
        BuildIndex("visit", BrinIndex(autosummarize=True, fields=["arrives_at"], name="visit_by_day")),
        BuildIndex("history", BrinIndex(autosummarize=True, fields=["at"], name="history_by_day")),
        BuildIndex("request", BrinIndex(autosummarize=True, fields=["at"], name="request_by_day")),
    ]
