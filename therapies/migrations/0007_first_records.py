"""The first record of each row that is there already, so that its first change shows what was before."""

from django.db import migrations

from clinic.history import baseline

NAMES = (
    "Term", "Contraindication", "Question", "Rule", "Therapy", "TherapyText", "Price", "Variant", "Step", "StepCrew",
    "Qualification", "WorkingHours",
)


class Migration(migrations.Migration):
    dependencies = [("therapies", "0006_changes_recorded")]

    operations = [migrations.RunPython(baseline("therapies", *NAMES), migrations.RunPython.noop)]
