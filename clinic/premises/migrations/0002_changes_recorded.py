"""Every change is recorded: clinics, opening hours and closures."""

import clinic.premises.models.clinic
import clinic.wall
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import phonenumber_field.modelfields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('premises', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClinicEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, verbose_name='short name in addresses')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('sender_name', models.CharField(max_length=60, verbose_name='neutral name in letters')),
                ('address', models.TextField(verbose_name='address')),
                ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None, verbose_name='phone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
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
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ClosureEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('on', models.DateField(verbose_name='date')),
                ('use', models.CharField(choices=[('everyone', 'Everyone'), ('running_courses', 'All but running courses')], default='everyone', max_length=20, verbose_name='closed for')),
                ('from_minute', clinic.wall.MinuteField(default=480, verbose_name='running courses from')),
                ('to_minute', clinic.wall.MinuteField(default=660, verbose_name='running courses to')),
                ('reason', models.CharField(blank=True, max_length=120, verbose_name='reason, shown to patients')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OpeningHoursEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                ('from_minute', clinic.wall.MinuteField(verbose_name='from')),
                ('to_minute', clinic.wall.MinuteField(verbose_name='to')),
                ('use', models.CharField(choices=[('everyone', 'Everyone'), ('running_courses', 'Running courses only')], default='everyone', max_length=20, verbose_name='open for')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clinic',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "premises_clinicevent" ("address", "change_notice_hours", "email", "emergency_numbers", "holidays", "horizon_days", "id", "is_active", "languages", "lead_minutes", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "reminders", "sender_name", "slot_minutes", "slug", "timezone", "unscheduled_roles") VALUES (NEW."address", NEW."change_notice_hours", NEW."email", NEW."emergency_numbers", NEW."holidays", NEW."horizon_days", NEW."id", NEW."is_active", NEW."languages", NEW."lead_minutes", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."reminders", NEW."sender_name", NEW."slot_minutes", NEW."slug", NEW."timezone", NEW."unscheduled_roles"); RETURN NULL;', hash='ca8cd40d6dec7fe02de53efa5ee861cf37163cca', operation='INSERT', pgid='pgtrigger_insert_insert_e6dd7', table='premises_clinic', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clinic',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "premises_clinicevent" ("address", "change_notice_hours", "email", "emergency_numbers", "holidays", "horizon_days", "id", "is_active", "languages", "lead_minutes", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "reminders", "sender_name", "slot_minutes", "slug", "timezone", "unscheduled_roles") VALUES (NEW."address", NEW."change_notice_hours", NEW."email", NEW."emergency_numbers", NEW."holidays", NEW."horizon_days", NEW."id", NEW."is_active", NEW."languages", NEW."lead_minutes", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."reminders", NEW."sender_name", NEW."slot_minutes", NEW."slug", NEW."timezone", NEW."unscheduled_roles"); RETURN NULL;', hash='7c19973f97a40e8b776ef22ffb98a745ffc089d8', operation='UPDATE', pgid='pgtrigger_update_update_00d9a', table='premises_clinic', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clinic',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "premises_clinicevent" ("address", "change_notice_hours", "email", "emergency_numbers", "holidays", "horizon_days", "id", "is_active", "languages", "lead_minutes", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "reminders", "sender_name", "slot_minutes", "slug", "timezone", "unscheduled_roles") VALUES (OLD."address", OLD."change_notice_hours", OLD."email", OLD."emergency_numbers", OLD."holidays", OLD."horizon_days", OLD."id", OLD."is_active", OLD."languages", OLD."lead_minutes", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."reminders", OLD."sender_name", OLD."slot_minutes", OLD."slug", OLD."timezone", OLD."unscheduled_roles"); RETURN NULL;', hash='9df9a78ae3183abcc5e4d42b4ed4d290ea1a1119', operation='DELETE', pgid='pgtrigger_delete_delete_a328a', table='premises_clinic', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closure',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "premises_closureevent" ("clinic_id", "from_minute", "id", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "to_minute", "use") VALUES (NEW."clinic_id", NEW."from_minute", NEW."id", NEW."on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."to_minute", NEW."use"); RETURN NULL;', hash='855096820aab7dce54fdf10ab73325535d2ee117', operation='INSERT', pgid='pgtrigger_insert_insert_eabcc', table='premises_closure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closure',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "premises_closureevent" ("clinic_id", "from_minute", "id", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "to_minute", "use") VALUES (NEW."clinic_id", NEW."from_minute", NEW."id", NEW."on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."to_minute", NEW."use"); RETURN NULL;', hash='1e9fba26e1c5dea17cb3e18f143676cb6ff23089', operation='UPDATE', pgid='pgtrigger_update_update_9fa22', table='premises_closure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closure',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "premises_closureevent" ("clinic_id", "from_minute", "id", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "to_minute", "use") VALUES (OLD."clinic_id", OLD."from_minute", OLD."id", OLD."on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."to_minute", OLD."use"); RETURN NULL;', hash='9c1086b8e4ad53d14cb42ffe13678bd9cd6e7726', operation='DELETE', pgid='pgtrigger_delete_delete_433c9', table='premises_closure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openinghours',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "premises_openinghoursevent" ("clinic_id", "from_minute", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_minute", "use", "weekday") VALUES (NEW."clinic_id", NEW."from_minute", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."to_minute", NEW."use", NEW."weekday"); RETURN NULL;', hash='3a1e8e23ab7c2e3cfa6b4cae2644b31abc65d27a', operation='INSERT', pgid='pgtrigger_insert_insert_ff86e', table='premises_openinghours', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openinghours',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "premises_openinghoursevent" ("clinic_id", "from_minute", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_minute", "use", "weekday") VALUES (NEW."clinic_id", NEW."from_minute", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."to_minute", NEW."use", NEW."weekday"); RETURN NULL;', hash='a0c810fc6592139027bff0515f8cba31a1574e2f', operation='UPDATE', pgid='pgtrigger_update_update_1a8cc', table='premises_openinghours', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openinghours',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "premises_openinghoursevent" ("clinic_id", "from_minute", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_minute", "use", "weekday") VALUES (OLD."clinic_id", OLD."from_minute", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."to_minute", OLD."use", OLD."weekday"); RETURN NULL;', hash='8757a2ababbe7ee9a81d3090d102487b14bb10b8', operation='DELETE', pgid='pgtrigger_delete_delete_8e259', table='premises_openinghours', when='AFTER')),
        ),
        migrations.AddField(
            model_name='clinicevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='clinicevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='premises.clinic'),
        ),
        migrations.AddField(
            model_name='closureevent',
            name='clinic',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='premises.clinic'),
        ),
        migrations.AddField(
            model_name='closureevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='closureevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='premises.closure'),
        ),
        migrations.AddField(
            model_name='openinghoursevent',
            name='clinic',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='premises.clinic'),
        ),
        migrations.AddField(
            model_name='openinghoursevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='openinghoursevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='premises.openinghours'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clinicevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bd1022dfe7cf6cd2842c688b044147bc335b05ce', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bbce7', table='premises_clinicevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closureevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d59691b15ca3637f850ea45ab75a9d25c9753a78', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_caba3', table='premises_closureevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openinghoursevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a45d5a99d1810da2c439911657522b2cfe81001b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_69c2a', table='premises_openinghoursevent', when='BEFORE')),
        ),
    ]
