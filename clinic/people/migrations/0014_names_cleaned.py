"""Names typed before there was a rule lose what no name has. The history of the table keeps what they were."""

from typing import Any

from django.db import migrations

from clinic.people.person_names import cleaned, is_label, is_person_name


def clean(apps: Any, _editor: Any) -> None:
    patients = apps.get_model("people", "Patient").objects
    for pk, given, family, label in patients.values_list("pk", "given_name", "family_name", "label"):
        fits = is_person_name(given) and (not family or is_person_name(family)) and (not label or is_label(label))
        if not fits:
            patients.filter(pk=pk).update(
                given_name=cleaned(given, "Unnamed"),
                family_name=cleaned(family, ""),
                label=label if is_label(label) else "",
            )


class Migration(migrations.Migration):
    dependencies = [("people", "0013_birth_dates_bounded")]

    operations = [migrations.RunPython(clean, migrations.RunPython.noop)]
