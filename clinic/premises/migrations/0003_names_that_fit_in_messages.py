from typing import Any

from django.db import migrations

from clinic.people.person_names import cleaned_house


def clean(apps: Any, schema_editor: Any) -> None:
    """Names of clinics from before the rule keep their letters."""
    clinics = apps.get_model("premises", "Clinic").objects
    for pk, name, sender_name in clinics.values_list("pk", "name", "sender_name"):
        tidied = cleaned_house(name, "Clinic")
        sender = cleaned_house(sender_name, tidied)[:60].strip()
        if (tidied, sender) != (name, sender_name):
            clinics.filter(pk=pk).update(name=tidied, sender_name=sender)


class Migration(migrations.Migration):
    dependencies = [("premises", "0002_logs_without_a_way_round")]
    operations = [migrations.RunPython(clean, migrations.RunPython.noop, elidable=True)]
