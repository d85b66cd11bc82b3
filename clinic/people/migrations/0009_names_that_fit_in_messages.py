from typing import Any

from django.db import migrations

from clinic.people.person_names import cleaned, is_person_name


def clean(apps: Any, schema_editor: Any) -> None:
    """Names of accounts from before the rule keep their letters; where none is left, the address stands for the name."""
    accounts = apps.get_model("people", "User").objects
    for pk, name in accounts.exclude(name="").values_list("pk", "name"):
        if not is_person_name(name):
            accounts.filter(pk=pk).update(name=cleaned(name, ""))


class Migration(migrations.Migration):
    dependencies = [("people", "0008_rows_of_access_that_nobody_deletes")]
    operations = [migrations.RunPython(clean, migrations.RunPython.noop, elidable=True)]
