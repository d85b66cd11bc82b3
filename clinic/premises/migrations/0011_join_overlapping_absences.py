"""An absence that was entered twice, or into another one, becomes one."""

from typing import Any

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange


def join(apps: Any, schema_editor: Any) -> None:
    last = None
    for row in apps.get_model("premises", "Absence").objects.order_by("resource_id", "during", "pk"):
        if last is None or row.resource_id != last.resource_id or row.during.lower >= last.during.upper:
            last = row
            continue
        last.during = DateTimeTZRange(last.during.lower, max(last.during.upper, row.during.upper), "[)")
        last.reason = last.reason or row.reason
        row.delete()
        last.save(update_fields=["during", "reason"])


class Migration(migrations.Migration):
    dependencies = [("premises", "0010_late_change_price")]

    operations = [migrations.RunPython(join, migrations.RunPython.noop, elidable=True)]
