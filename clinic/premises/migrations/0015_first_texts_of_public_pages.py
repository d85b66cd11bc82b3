"""What the public pages say until a clinic edits it, in each language that is shipped."""

from pathlib import Path
from typing import Any

import yaml
from django.db import migrations

SHIPPED = Path(__file__).parents[1] / "page_texts"
STEP = 10


def write(apps: Any, _schema_editor: Any) -> None:
    """A place between two sections stays free for one of the clinic's own."""
    section = apps.get_model("premises", "PageSection")
    section.objects.bulk_create(
        section(page=page, language=path.stem, position=STEP * number, **row)
        for path in sorted(SHIPPED.glob("*.yaml"))
        for page, rows in yaml.safe_load(path.read_text(encoding="utf-8")).items()
        for number, row in enumerate(rows, start=1)
    )


class Migration(migrations.Migration):

    dependencies = [
        ("premises", "0014_what_a_clinic_says_of_itself"),
    ]

    operations = [
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
