from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0006_occupancies_by_beginning"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="running_course",
            field=models.BooleanField(db_default=False, default=False, verbose_name="of a running course"),
        ),
    ]
