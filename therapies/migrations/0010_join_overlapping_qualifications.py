"""A qualification that was entered twice for one time becomes one: ended, no other stays behind it unseen."""

from typing import Any

from django.db import migrations


def join(apps: Any, schema_editor: Any) -> None:
    last = None
    rows = apps.get_model("therapies", "Qualification").objects
    for row in rows.order_by("practitioner_id", "therapy_id", "starts_on", "pk"):
        same = last is not None and (row.practitioner_id, row.therapy_id) == (last.practitioner_id, last.therapy_id)
        if not same or (last.ends_on is not None and row.starts_on >= last.ends_on):
            last = row
            continue
        last.ends_on = None if last.ends_on is None or row.ends_on is None else max(last.ends_on, row.ends_on)
        row.delete()
        last.save(update_fields=["ends_on"])


class Migration(migrations.Migration):
    dependencies = [("therapies", "0009_consent_texts_are_reviewed")]

    operations = [migrations.RunPython(join, migrations.RunPython.noop, elidable=True)]
