import clinic.append_only
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from clinic.one_step import OneStep
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0011_wrong_answer_call'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        OneStep([
            migrations.CreateModel(
                name='Measurement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('when', models.CharField(choices=[('before', 'Before the session'), ('since', 'Since the session began')], max_length=10, verbose_name='measured')),
                    ('systolic', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='upper blood pressure')),
                    ('diastolic', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='lower blood pressure')),
                    ('pulse', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='pulse')),
                    ('temperature', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name='temperature')),
                    ('respiration', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='breaths per minute')),
                    ('weight', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name='weight')),
                    ('unwell', models.BooleanField(default=False, verbose_name='felt unwell')),
                    ('unmeasured', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=40), blank=True, default=list, size=None, verbose_name='not measurable')),
                    ('why_unmeasured', models.CharField(blank=True, max_length=200, verbose_name='why not measurable')),
                    ('effect', models.CharField(blank=True, choices=[('', 'Nothing'), ('ask', 'The Vaidya must see the patient first'), ('stop', 'Do not start')], max_length=10, verbose_name='effect')),
                    ('at', models.DateTimeField(verbose_name='when')),
                ],
                options={
                    'verbose_name': 'reading',
                    'verbose_name_plural': 'readings',
                    'ordering': ['at', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='MeasurementDecision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('allowed', models.BooleanField(verbose_name='allowed')),
                    ('reason', models.CharField(max_length=500, verbose_name='reason')),
                    ('report_seen', models.BooleanField(default=False, verbose_name='a medical doctor has seen the patient')),
                    ('at', models.DateTimeField(verbose_name='when')),
                ],
                options={
                    'verbose_name': 'decision on readings',
                    'verbose_name_plural': 'decisions on readings',
                    'ordering': ['at', 'pk'],
                },
            ),
        ]),
        OneStep([
            migrations.AddField(
                model_name='measurement',
                name='booking',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measurements', to='bookings.booking'),
            ),
            migrations.AddField(
                model_name='measurement',
                name='by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measurements', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='measurementdecision',
                name='booking',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measurement_decisions', to='bookings.booking'),
            ),
            migrations.AddField(
                model_name='measurementdecision',
                name='by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measurement_decisions', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddIndex(
                model_name='measurement',
                index=models.Index(condition=models.Q(('effect', ''), _negated=True), fields=['booking'], name='measurement_to_decide'),
            ),
            migrations.AddConstraint(
                model_name='measurement',
                constraint=models.CheckConstraint(condition=models.Q(('systolic__isnull', False), ('diastolic__isnull', False), ('pulse__isnull', False), ('temperature__isnull', False), ('respiration__isnull', False), ('weight__isnull', False), ('unwell', True), models.Q(('unmeasured', []), _negated=True), _connector='OR'), name='measurement_says_something'),
            ),
            migrations.AddConstraint(
                model_name='measurement',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('unmeasured', []), ('why_unmeasured', '')), models.Q(models.Q(('unmeasured', []), _negated=True), models.Q(('why_unmeasured', ''), _negated=True)), _connector='OR'), name='measurement_unmeasured_and_why', violation_error_message='Please say why it cannot be measured.'),
            ),
            migrations.AddConstraint(
                model_name='measurement',
                constraint=models.CheckConstraint(condition=models.Q(('when__in', ['before', 'since'])), name='measurement_when_known'),
            ),
            migrations.AddConstraint(
                model_name='measurement',
                constraint=models.CheckConstraint(condition=models.Q(('effect__in', ['', 'ask', 'stop'])), name='measurement_effect_known'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='measurement',
                trigger=pgtrigger.compiler.Trigger(name='measurement_append_only', sql=clinic.append_only.SealedTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='176a055f6aa9b0e3e392bc90306d1c8f8c735386', operation='UPDATE OR DELETE', pgid='pgtrigger_measurement_append_only_43e4b', table='bookings_measurement', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='measurement',
                trigger=pgtrigger.compiler.Trigger(name='measurement_no_truncate', sql=clinic.append_only.SealedTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='1d7c96364ab69e0441c66177afc4ab729d32d3b1', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_measurement_no_truncate_fcbfc', table='bookings_measurement', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='measurementdecision',
                constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='measurement_decision_with_reason', violation_error_message='Please give a reason.'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='measurementdecision',
                trigger=pgtrigger.compiler.Trigger(name='measurement_decision_append_only', sql=clinic.append_only.SealedTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cad57c58b55c1beac16763414dfe3f9a38a3151c', operation='UPDATE OR DELETE', pgid='pgtrigger_measurement_decision_append_only_0815a', table='bookings_measurementdecision', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='measurementdecision',
                trigger=pgtrigger.compiler.Trigger(name='measurement_decision_no_truncate', sql=clinic.append_only.SealedTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='5eb52c852a17589646104499d73569657cc84b1e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_measurement_decision_no_truncate_bba7a', table='bookings_measurementdecision', when='BEFORE')),
            ),
        ]),
    ]
