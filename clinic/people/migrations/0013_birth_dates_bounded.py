"""Nobody is born after they were registered, or before 1900."""

import datetime

import clinic.wall
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0012_impossible_birth_dates")]
    operations = [
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("birth_date__gte", datetime.date(1900, 1, 1)),
                    ("birth_date__lte", clinic.wall.LatestDate("registered_at")),
                ),
                name="patient_birth_date_possible",
                violation_error_message="Please check the birth date.",
            ),
        ),
    ]
