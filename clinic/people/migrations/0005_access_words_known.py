"""The database knows the relations and widths of an access."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_who_changed_what"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="access",
            constraint=models.CheckConstraint(
                condition=models.Q(("relation__in", ["self", "child", "parent", "spouse", "other"])),
                name="access_relation_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="access",
            constraint=models.CheckConstraint(
                condition=models.Q(("width__in", ["appointments", "full"])), name="access_width_known"
            ),
        ),
    ]
