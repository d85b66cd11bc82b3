"""The first record of each row that is there already, so that its first change shows what was before."""

from django.db import migrations

from clinic.history import baseline


class Migration(migrations.Migration):
    dependencies = [("premises", "0002_changes_recorded")]

    operations = [
        migrations.RunPython(baseline("premises", "Clinic", "OpeningHours", "Closure"), migrations.RunPython.noop)
    ]
