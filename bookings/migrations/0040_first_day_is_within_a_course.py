from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("bookings", "0039_switch_of_sending")]
    operations = [ValidateConstraint(model_name="prescriptionitem", name="prescribed_first_day")]
