"""The follow-up consultation of the catalogue is one."""

from typing import Any

from django.db import migrations


def name(apps: Any, _editor: Any) -> None:
    apps.get_model("therapies", "Therapy").objects.filter(code="consultation_follow_up").update(follow_up=True)


class Migration(migrations.Migration):
    dependencies = [("therapies", "0010_follow_ups")]

    operations = [migrations.RunPython(name, migrations.RunPython.noop)]
