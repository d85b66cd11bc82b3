import django.db.models.deletion
from clinic.one_step import OneStep
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0021_indexes_of_messages'),
        ('premises', '0006_check_before_ghee_by_phone'),
    ]

    operations = [
        OneStep([
            migrations.AddField(
                model_name='domainminute',
                name='later_at',
                field=models.DateTimeField(blank=True, null=True),
            ),
            migrations.AddField(
                model_name='domainminute',
                name='later_taken',
                field=models.PositiveIntegerField(db_default=0, default=0),
            ),
            migrations.CreateModel(
                name='StaffRound',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=30)),
                    ('on', models.DateField()),
                    ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff_rounds', to='premises.clinic')),
                ],
                options={
                    'verbose_name': 'planned message to staff',
                    'verbose_name_plural': 'planned messages to staff',
                    'constraints': [models.UniqueConstraint(fields=('clinic', 'kind', 'on'), name='staff_round_once')],
                },
            ),
        ]),
    ]
