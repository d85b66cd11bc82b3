from typing import Any

from django.db import migrations


def begin(apps: Any, _schema_editor: Any) -> None:
    """The triggers give it a new number with every change; until the first one, what is there needs one too."""
    apps.get_model("premises", "Edition").objects.get_or_create(pk=1)


class Migration(migrations.Migration):

    dependencies = [
        ("premises", "0007_edition"),
    ]

    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
