"""The search terms of the patients who are registered already."""

from typing import Any

from django.db import migrations

from clinic.people import name_terms

AT_ONCE = 2000


def fill(apps: Any, schema_editor: Any) -> None:
    patients, last = apps.get_model("people", "Patient").objects, 0
    while rows := list(patients.filter(pk__gt=last).only("given_name", "family_name").order_by("pk")[:AT_ONCE]):
        for row in rows:
            row.search_terms = name_terms.terms_to_find(row.given_name, row.family_name)
        patients.bulk_update(rows, ["search_terms"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("people", "0015_search_terms_of_patients")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
