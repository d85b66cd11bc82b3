from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0018_kin_village_and_approximate_births")]
    operations = [ValidateConstraint(model_name="patient", name="patient_kin_named")]
