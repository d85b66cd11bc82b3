from typing import Any

from django.db import migrations

OF_THE_FAMILY = ["st_basti_not_returned"]
"""The signs that pause the family of the therapy only."""


def widen(apps: Any, schema_editor: Any) -> None:
    """A pause that stands after a sign of the body holds for every treatment, as it would had it begun today."""
    pauses = apps.get_model("bookings", "Suspension").objects.filter(lifted_at=None, sign__startswith="st_")
    pauses.exclude(sign__in=OF_THE_FAMILY).exclude(therapies=["all"]).update(therapies=["all"])


class Migration(migrations.Migration):
    dependencies = [("bookings", "0015_stops_taken_back_and_pain_that_rose")]
    operations = [migrations.RunPython(widen, migrations.RunPython.noop, elidable=True)]
