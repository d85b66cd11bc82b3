"""A clinic's zone, notice and reminders are what every query and every letter can use.

Rows that were there before are not checked: the page of health names those with a bad zone, and the form of the clinic
asks for a better value at the next change.
"""

import clinic.premises.models.clinic
import clinic.wall
import django.db.models.lookups
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0011_zones_in_queries"), ("premises", "0003_first_records")]

    operations = [
        AddConstraintNotValid(
            model_name="clinic",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(clinic.wall.ZoneIsKnown("timezone"), models.Value(value=True)),
                name="clinic_zone_known",
                violation_error_message="The time zone is not known, such as Asia/Kolkata.",
            ),
        ),
        AddConstraintNotValid(
            model_name="clinic",
            constraint=models.CheckConstraint(
                condition=models.Q(("lead_minutes__lte", 86400), ("change_notice_hours__lte", 1440)),
                name="clinic_notice_bounded",
                violation_error_message="Earliest booking and free change are at most 60 days before the visit.",
            ),
        ),
        AddConstraintNotValid(
            model_name="clinic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.Exact(
                        clinic.premises.models.clinic.EachWithin("reminders", (30, 43200)), models.Value(value=True)
                    ),
                    models.Q(("reminders", []), ("reminders__len__lte", 6), _connector="OR"),
                ),
                name="clinic_reminders_bounded",
                violation_error_message="At most six reminders, each from half an hour to thirty days before.",
            ),
        ),
    ]
