"""Clinics, their rooms, equipment and hours."""

import clinic.people.email_addresses
import clinic.premises.models.clinic
import clinic.premises.models.hours
import clinic.wall
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
import pgtrigger.compiler
import phonenumber_field.modelfields
from django.conf import settings
from clinic.one_step import OneStep
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('premises', '0001_initial'), ('premises', '0002_changes_recorded'), ('premises', '0003_first_records'), ('premises', '0004_settings_of_a_clinic_bounded'), ('premises', '0005_clinic_address_that_takes_mail'), ('premises', '0006_limits_of_booking_online')]

    initial = True

    dependencies = [
        ('people', '0001_accounts_and_patients'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        OneStep([
            migrations.CreateModel(
                name='Resource',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ],
                options={
                    'verbose_name': 'resource',
                    'verbose_name_plural': 'resources',
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='Absence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='premises.resource')),
                    ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='during')),
                    ('reason', models.CharField(blank=True, max_length=120, verbose_name='reason (staff only)')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entered_absences', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(verbose_name='entered')),
                ],
                options={
                    'verbose_name': 'absence',
                    'verbose_name_plural': 'absences',
                    'constraints': [models.CheckConstraint(condition=models.Q(('during__isempty', False), ('during__lower_inf', False), ('during__upper_inf', False)), name='absence_bounded', violation_error_message='An absence needs a beginning and a later end.')],
                },
            ),
            migrations.CreateModel(
                name='Clinic',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('slug', models.SlugField(unique=True, verbose_name='short name in addresses')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('sender_name', models.CharField(max_length=60, verbose_name='neutral name in letters')),
                    ('address', models.TextField(verbose_name='address')),
                    ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None, verbose_name='phone')),
                    ('email', models.EmailField(blank=True, max_length=254, validators=[clinic.people.email_addresses.ContactEmailValidator()], verbose_name='e-mail')),
                    ('timezone', models.CharField(default='Asia/Kolkata', max_length=64, validators=[clinic.premises.models.clinic.validate_zone], verbose_name='time zone')),
                    ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), blank=True, default=list, size=None, verbose_name='languages')),
                    ('holidays', models.CharField(blank=True, max_length=10, verbose_name='holiday calendar (country-state)')),
                    ('slot_minutes', models.PositiveSmallIntegerField(default=15, verbose_name='minutes between offered times')),
                    ('lead_minutes', models.PositiveIntegerField(default=120, verbose_name='earliest booking before the visit (minutes)')),
                    ('horizon_days', models.PositiveSmallIntegerField(default=60, verbose_name='how far ahead patients may book (days)')),
                    ('change_notice_hours', models.PositiveSmallIntegerField(default=24, verbose_name='free change until (hours before)')),
                    ('reminders', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), blank=True, default=clinic.premises.models.clinic.default_reminders, size=None, verbose_name='reminders (minutes before)')),
                    ('emergency_numbers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=clinic.premises.models.clinic.default_emergency_numbers, size=None, verbose_name='emergency numbers')),
                    ('unscheduled_roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=clinic.premises.models.clinic.default_unscheduled, size=None, verbose_name='roles shown but not scheduled')),
                    ('is_active', models.BooleanField(default=True, verbose_name='takes bookings')),
                    ('online_consultations', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='open consultations of a patient')),
                    ('online_consultations_a_day', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='consultations of one kind a day, of a patient')),
                    ('online_visits', models.PositiveSmallIntegerField(default=6, help_text='Sessions that a Vaidya ordered are not counted.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='open visits of an account')),
                    ('online_visits_at_first', models.PositiveSmallIntegerField(default=2, help_text='Until somebody of that account has been here once.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='open visits of a new account')),
                    ('online_people_a_day', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='new people of an account in 24 hours')),
                    ('online_people', models.PositiveSmallIntegerField(default=8, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='new people of an account in all')),
                ],
                options={
                    'verbose_name': 'clinic',
                    'verbose_name_plural': 'clinics',
                    'ordering': ['name'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('slot_minutes__gte', 5), ('slot_minutes__lte', 240), ('slot_minutes', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('slot_minutes'), '/', models.Value(5)), '*', models.Value(5)))), name='clinic_slots_on_marks', violation_error_message='Minutes between times must be a multiple of 5, from 5 to 240.'), models.CheckConstraint(condition=models.Q(('horizon_days__gte', 1), ('horizon_days__lte', 400)), name='clinic_horizon_bounded', violation_error_message='Patients may book between 1 and 400 days ahead.'), models.CheckConstraint(condition=django.db.models.lookups.Exact(clinic.wall.ZoneIsKnown('timezone'), models.Value(value=True)), name='clinic_zone_known', violation_error_message='The time zone is not known, such as Asia/Kolkata.'), models.CheckConstraint(condition=models.Q(('lead_minutes__lte', 86400), ('change_notice_hours__lte', 1440)), name='clinic_notice_bounded', violation_error_message='Earliest booking and free change are at most 60 days before the visit.'), models.CheckConstraint(condition=models.Q(django.db.models.lookups.Exact(clinic.premises.models.clinic.EachWithin('reminders', (30, 43200)), models.Value(value=True)), models.Q(('reminders', []), ('reminders__len__lte', 6), _connector='OR')), name='clinic_reminders_bounded', violation_error_message='At most six reminders, each from half an hour to thirty days before.'), models.CheckConstraint(condition=models.Q(('online_consultations__range', (1, 50))), name='clinic_online_consultations_bounded', violation_error_message='Limits of booking online are between 1 and 50.'), models.CheckConstraint(condition=models.Q(('online_consultations_a_day__range', (1, 50))), name='clinic_online_consultations_a_day_bounded', violation_error_message='Limits of booking online are between 1 and 50.'), models.CheckConstraint(condition=models.Q(('online_visits__range', (1, 50))), name='clinic_online_visits_bounded', violation_error_message='Limits of booking online are between 1 and 50.'), models.CheckConstraint(condition=models.Q(('online_visits_at_first__range', (1, 50))), name='clinic_online_visits_at_first_bounded', violation_error_message='Limits of booking online are between 1 and 50.'), models.CheckConstraint(condition=models.Q(('online_people_a_day__range', (1, 50))), name='clinic_online_people_a_day_bounded', violation_error_message='Limits of booking online are between 1 and 50.'), models.CheckConstraint(condition=models.Q(('online_people__range', (1, 50))), name='clinic_online_people_bounded', violation_error_message='Limits of booking online are between 1 and 50.')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "premises_clinicevent" ("address", "change_notice_hours", "email", "emergency_numbers", "holidays", "horizon_days", "id", "is_active", "languages", "lead_minutes", "name", "online_consultations", "online_consultations_a_day", "online_people", "online_people_a_day", "online_visits", "online_visits_at_first", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "reminders", "sender_name", "slot_minutes", "slug", "timezone", "unscheduled_roles") VALUES (NEW."address", NEW."change_notice_hours", NEW."email", NEW."emergency_numbers", NEW."holidays", NEW."horizon_days", NEW."id", NEW."is_active", NEW."languages", NEW."lead_minutes", NEW."name", NEW."online_consultations", NEW."online_consultations_a_day", NEW."online_people", NEW."online_people_a_day", NEW."online_visits", NEW."online_visits_at_first", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."reminders", NEW."sender_name", NEW."slot_minutes", NEW."slug", NEW."timezone", NEW."unscheduled_roles"); RETURN NULL;', hash='2d9180a7b1cddaf24840800fded0fc1d36443d99', operation='INSERT', pgid='pgtrigger_insert_insert_e6dd7', table='premises_clinic', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "premises_clinicevent" ("address", "change_notice_hours", "email", "emergency_numbers", "holidays", "horizon_days", "id", "is_active", "languages", "lead_minutes", "name", "online_consultations", "online_consultations_a_day", "online_people", "online_people_a_day", "online_visits", "online_visits_at_first", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "reminders", "sender_name", "slot_minutes", "slug", "timezone", "unscheduled_roles") VALUES (NEW."address", NEW."change_notice_hours", NEW."email", NEW."emergency_numbers", NEW."holidays", NEW."horizon_days", NEW."id", NEW."is_active", NEW."languages", NEW."lead_minutes", NEW."name", NEW."online_consultations", NEW."online_consultations_a_day", NEW."online_people", NEW."online_people_a_day", NEW."online_visits", NEW."online_visits_at_first", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."reminders", NEW."sender_name", NEW."slot_minutes", NEW."slug", NEW."timezone", NEW."unscheduled_roles"); RETURN NULL;', hash='bf19d89d96593bb237ca1f83a8d56784eca9f78e', operation='UPDATE', pgid='pgtrigger_update_update_00d9a', table='premises_clinic', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "premises_clinicevent" ("address", "change_notice_hours", "email", "emergency_numbers", "holidays", "horizon_days", "id", "is_active", "languages", "lead_minutes", "name", "online_consultations", "online_consultations_a_day", "online_people", "online_people_a_day", "online_visits", "online_visits_at_first", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "reminders", "sender_name", "slot_minutes", "slug", "timezone", "unscheduled_roles") VALUES (OLD."address", OLD."change_notice_hours", OLD."email", OLD."emergency_numbers", OLD."holidays", OLD."horizon_days", OLD."id", OLD."is_active", OLD."languages", OLD."lead_minutes", OLD."name", OLD."online_consultations", OLD."online_consultations_a_day", OLD."online_people", OLD."online_people_a_day", OLD."online_visits", OLD."online_visits_at_first", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."reminders", OLD."sender_name", OLD."slot_minutes", OLD."slug", OLD."timezone", OLD."unscheduled_roles"); RETURN NULL;', hash='ae4e4d1b259c93568bde456b9f08d2370564d778', operation='DELETE', pgid='pgtrigger_delete_delete_a328a', table='premises_clinic', when='AFTER'))],
                },
            ),
            migrations.CreateModel(
                name='ClinicEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='premises.clinic')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('slug', models.SlugField(db_index=False, verbose_name='short name in addresses')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('sender_name', models.CharField(max_length=60, verbose_name='neutral name in letters')),
                    ('address', models.TextField(verbose_name='address')),
                    ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None, verbose_name='phone')),
                    ('email', models.EmailField(blank=True, max_length=254, validators=[clinic.people.email_addresses.ContactEmailValidator()], verbose_name='e-mail')),
                    ('timezone', models.CharField(default='Asia/Kolkata', max_length=64, validators=[clinic.premises.models.clinic.validate_zone], verbose_name='time zone')),
                    ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), blank=True, default=list, size=None, verbose_name='languages')),
                    ('holidays', models.CharField(blank=True, max_length=10, verbose_name='holiday calendar (country-state)')),
                    ('slot_minutes', models.PositiveSmallIntegerField(default=15, verbose_name='minutes between offered times')),
                    ('lead_minutes', models.PositiveIntegerField(default=120, verbose_name='earliest booking before the visit (minutes)')),
                    ('horizon_days', models.PositiveSmallIntegerField(default=60, verbose_name='how far ahead patients may book (days)')),
                    ('change_notice_hours', models.PositiveSmallIntegerField(default=24, verbose_name='free change until (hours before)')),
                    ('reminders', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), blank=True, default=clinic.premises.models.clinic.default_reminders, size=None, verbose_name='reminders (minutes before)')),
                    ('emergency_numbers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=clinic.premises.models.clinic.default_emergency_numbers, size=None, verbose_name='emergency numbers')),
                    ('unscheduled_roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=clinic.premises.models.clinic.default_unscheduled, size=None, verbose_name='roles shown but not scheduled')),
                    ('is_active', models.BooleanField(default=True, verbose_name='takes bookings')),
                    ('online_consultations', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='open consultations of a patient')),
                    ('online_consultations_a_day', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='consultations of one kind a day, of a patient')),
                    ('online_visits', models.PositiveSmallIntegerField(default=6, help_text='Sessions that a Vaidya ordered are not counted.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='open visits of an account')),
                    ('online_visits_at_first', models.PositiveSmallIntegerField(default=2, help_text='Until somebody of that account has been here once.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='open visits of a new account')),
                    ('online_people_a_day', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='new people of an account in 24 hours')),
                    ('online_people', models.PositiveSmallIntegerField(default=8, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='new people of an account in all')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bd1022dfe7cf6cd2842c688b044147bc335b05ce', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bbce7', table='premises_clinicevent', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='Closure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closures', to='premises.clinic')),
                    ('on', models.DateField(verbose_name='date')),
                    ('use', models.CharField(choices=[('everyone', 'Everyone'), ('running_courses', 'All but running courses')], default='everyone', max_length=20, verbose_name='closed for')),
                    ('from_minute', clinic.wall.MinuteField(default=480, verbose_name='running courses from')),
                    ('to_minute', clinic.wall.MinuteField(default=660, verbose_name='running courses to')),
                    ('reason', models.CharField(blank=True, max_length=120, verbose_name='reason, shown to patients')),
                ],
                options={
                    'verbose_name': 'closure',
                    'verbose_name_plural': 'closures',
                    'ordering': ['on'],
                    'constraints': [models.UniqueConstraint(fields=('clinic', 'on'), name='closure_once_a_day'), models.CheckConstraint(condition=models.Q(('from_minute__lte', 1440), ('from_minute', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('from_minute'), '/', models.Value(5)), '*', models.Value(5))), ('to_minute__lte', 1440), ('to_minute', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('to_minute'), '/', models.Value(5)), '*', models.Value(5))), ('to_minute__gt', models.F('from_minute'))), name='closure_in_day', violation_error_message='Give times on five-minute marks, the end after the beginning.'), models.CheckConstraint(condition=models.Q(('use__in', ['everyone', 'running_courses'])), name='closure_use_known')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "premises_closureevent" ("clinic_id", "from_minute", "id", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "to_minute", "use") VALUES (NEW."clinic_id", NEW."from_minute", NEW."id", NEW."on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."to_minute", NEW."use"); RETURN NULL;', hash='855096820aab7dce54fdf10ab73325535d2ee117', operation='INSERT', pgid='pgtrigger_insert_insert_eabcc', table='premises_closure', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "premises_closureevent" ("clinic_id", "from_minute", "id", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "to_minute", "use") VALUES (NEW."clinic_id", NEW."from_minute", NEW."id", NEW."on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."to_minute", NEW."use"); RETURN NULL;', hash='1e9fba26e1c5dea17cb3e18f143676cb6ff23089', operation='UPDATE', pgid='pgtrigger_update_update_9fa22', table='premises_closure', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "premises_closureevent" ("clinic_id", "from_minute", "id", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "to_minute", "use") VALUES (OLD."clinic_id", OLD."from_minute", OLD."id", OLD."on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."to_minute", OLD."use"); RETURN NULL;', hash='9c1086b8e4ad53d14cb42ffe13678bd9cd6e7726', operation='DELETE', pgid='pgtrigger_delete_delete_433c9', table='premises_closure', when='AFTER'))],
                },
            ),
            migrations.CreateModel(
                name='ClosureEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='premises.closure')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('clinic', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='premises.clinic')),
                    ('on', models.DateField(verbose_name='date')),
                    ('use', models.CharField(choices=[('everyone', 'Everyone'), ('running_courses', 'All but running courses')], default='everyone', max_length=20, verbose_name='closed for')),
                    ('from_minute', clinic.wall.MinuteField(default=480, verbose_name='running courses from')),
                    ('to_minute', clinic.wall.MinuteField(default=660, verbose_name='running courses to')),
                    ('reason', models.CharField(blank=True, max_length=120, verbose_name='reason, shown to patients')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d59691b15ca3637f850ea45ab75a9d25c9753a78', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_caba3', table='premises_closureevent', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='OpeningHours',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opening_hours', to='premises.clinic')),
                    ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                    ('from_minute', clinic.wall.MinuteField(verbose_name='from')),
                    ('to_minute', clinic.wall.MinuteField(verbose_name='to')),
                    ('use', models.CharField(choices=[('everyone', 'Everyone'), ('running_courses', 'Running courses only')], default='everyone', max_length=20, verbose_name='open for')),
                ],
                options={
                    'verbose_name': 'opening hours',
                    'verbose_name_plural': 'opening hours',
                    'ordering': ['weekday', 'from_minute'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('from_minute__lte', 1440), ('from_minute', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('from_minute'), '/', models.Value(5)), '*', models.Value(5))), ('to_minute__lte', 1440), ('to_minute', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('to_minute'), '/', models.Value(5)), '*', models.Value(5))), ('to_minute__gt', models.F('from_minute'))), name='opening_hours_in_day', violation_error_message='Give times on five-minute marks, the end after the beginning.'), models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='opening_hours_weekday'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('clinic', '='), ('weekday', '='), (clinic.premises.models.hours.MinuteRange('from_minute', 'to_minute'), '&&')], name='opening_hours_apart', violation_error_message='These hours overlap others of the same day.')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "premises_openinghoursevent" ("clinic_id", "from_minute", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_minute", "use", "weekday") VALUES (NEW."clinic_id", NEW."from_minute", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."to_minute", NEW."use", NEW."weekday"); RETURN NULL;', hash='3a1e8e23ab7c2e3cfa6b4cae2644b31abc65d27a', operation='INSERT', pgid='pgtrigger_insert_insert_ff86e', table='premises_openinghours', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "premises_openinghoursevent" ("clinic_id", "from_minute", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_minute", "use", "weekday") VALUES (NEW."clinic_id", NEW."from_minute", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."to_minute", NEW."use", NEW."weekday"); RETURN NULL;', hash='a0c810fc6592139027bff0515f8cba31a1574e2f', operation='UPDATE', pgid='pgtrigger_update_update_1a8cc', table='premises_openinghours', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "premises_openinghoursevent" ("clinic_id", "from_minute", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_minute", "use", "weekday") VALUES (OLD."clinic_id", OLD."from_minute", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."to_minute", OLD."use", OLD."weekday"); RETURN NULL;', hash='8757a2ababbe7ee9a81d3090d102487b14bb10b8', operation='DELETE', pgid='pgtrigger_delete_delete_8e259', table='premises_openinghours', when='AFTER'))],
                },
            ),
            migrations.CreateModel(
                name='OpeningHoursEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='premises.openinghours')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('clinic', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='premises.clinic')),
                    ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                    ('from_minute', clinic.wall.MinuteField(verbose_name='from')),
                    ('to_minute', clinic.wall.MinuteField(verbose_name='to')),
                    ('use', models.CharField(choices=[('everyone', 'Everyone'), ('running_courses', 'Running courses only')], default='everyone', max_length=20, verbose_name='open for')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a45d5a99d1810da2c439911657522b2cfe81001b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_69c2a', table='premises_openinghoursevent', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='Equipment',
                fields=[
                    ('resource_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='premises.resource')),
                    ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='equipment', to='premises.clinic')),
                    ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ],
                options={
                    'verbose_name': 'piece of equipment',
                    'verbose_name_plural': 'equipment',
                },
                bases=('premises.resource',),
            ),
            migrations.CreateModel(
                name='Room',
                fields=[
                    ('resource_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='premises.resource')),
                    ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rooms', to='premises.clinic')),
                    ('features', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='features')),
                ],
                options={
                    'verbose_name': 'room',
                    'verbose_name_plural': 'rooms',
                },
                bases=('premises.resource',),
            ),
        ]),
    ]
