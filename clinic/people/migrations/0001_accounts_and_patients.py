"""Accounts, patients, and what queries need of the database."""

from typing import Any

import clinic.people.email_addresses
import clinic.people.models.user
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.core.management import call_command
from clinic.one_step import OneStep
from django.db import migrations, models


# What the clock of a zone shows, in queries: a zone that the database does not know stops no query.
ZONE_IS_KNOWN = """
CREATE FUNCTION zone_is_known(zone text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  PERFORM timezone(zone, TIMESTAMPTZ '2000-01-01 00:00:00+00');
  RETURN true;
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN false;
END $$
"""
WALL_TIME = """
CREATE FUNCTION wall_time(zone text, moment timestamptz) RETURNS timestamp LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  RETURN timezone(zone, moment);
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN timezone('UTC', moment);
END $$
"""


def create_cache_table(apps: Any, schema_editor: Any) -> None:
    """The table of the cache is made here, so that `migrate` is all that has to be run."""
    call_command("createcachetable", "cache", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):

    replaces = [('people', '0001_initial')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        BtreeGistExtension(),  # exclusion constraints with = need it; the owner of the database may create it
        migrations.RunSQL(ZONE_IS_KNOWN, "DROP FUNCTION zone_is_known(text)"),
        migrations.RunSQL(WALL_TIME, "DROP FUNCTION wall_time(text, timestamptz)"),
        OneStep([
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('username', models.CharField(default=clinic.people.models.user.random_name, max_length=40, unique=True, verbose_name='staff number')),
                    ('email', models.EmailField(blank=True, max_length=254, validators=[clinic.people.email_addresses.ContactEmailValidator()], verbose_name='e-mail')),
                    ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                    ('registration_number', models.CharField(blank=True, help_text='Of a Vaidya: the number in the state or national register.', max_length=40, verbose_name='registration number')),
                    ('is_staff', models.BooleanField(default=False, verbose_name='may open the admin')),
                    ('is_active', models.BooleanField(default=True, verbose_name='active')),
                    ('asked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='asked for a code')),
                    ('joined_at', models.DateTimeField(blank=True, null=True, verbose_name='joined')),
                    ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='created_accounts', to=settings.AUTH_USER_MODEL)),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'verbose_name': 'account',
                    'verbose_name_plural': 'accounts',
                    'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='user_email_once', violation_error_message='An account with this e-mail exists.')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_userevent" ("email", "id", "is_active", "is_staff", "is_superuser", "joined_at", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_number", "username") VALUES (NEW."email", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."joined_at", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."registration_number", NEW."username"); RETURN NULL;', hash='ddeacc29f9d67166656617ba223f852b5436e425', operation='INSERT', pgid='pgtrigger_insert_insert_7e9ab', table='people_user', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."joined_at" IS DISTINCT FROM (NEW."joined_at") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."registration_number" IS DISTINCT FROM (NEW."registration_number") OR OLD."username" IS DISTINCT FROM (NEW."username"))', func='INSERT INTO "people_userevent" ("email", "id", "is_active", "is_staff", "is_superuser", "joined_at", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_number", "username") VALUES (NEW."email", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."joined_at", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."registration_number", NEW."username"); RETURN NULL;', hash='ac2b374c85f592b3e856546e5c3624d2d27e8407', operation='UPDATE', pgid='pgtrigger_update_update_86e64', table='people_user', when='AFTER'))],
                },
            ),
            migrations.CreateModel(
                name='Attempts',
                fields=[
                    ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                    ('count', models.PositiveIntegerField()),
                    ('ends_at', models.DateTimeField(db_index=True)),
                ],
                options={
                    'verbose_name_plural': 'attempts',
                },
            ),
            migrations.CreateModel(
                name='FactorReset',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='factor_resets', to=settings.AUTH_USER_MODEL)),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('asked_at', models.DateTimeField()),
                    ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('confirmed_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='factor_reset_who_and_when'), models.CheckConstraint(condition=models.Q(models.Q(('asked_by', models.F('user')), _negated=True), models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('user')), _negated=True), _connector='OR')), name='factor_reset_not_by_the_owner'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('asked_by')), _negated=True), _connector='OR'), name='factor_reset_by_two')],
                },
            ),
            migrations.CreateModel(
                name='KeptForm',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_forms', to=settings.AUTH_USER_MODEL)),
                    ('path', models.CharField(max_length=200)),
                    ('fields', models.JSONField()),
                    ('kept_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('user', 'path'), name='kept_form_once_a_page')],
                },
            ),
            migrations.CreateModel(
                name='UserEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('username', models.CharField(default=clinic.people.models.user.random_name, max_length=40, verbose_name='staff number')),
                    ('email', models.EmailField(blank=True, max_length=254, validators=[clinic.people.email_addresses.ContactEmailValidator()], verbose_name='e-mail')),
                    ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                    ('registration_number', models.CharField(blank=True, help_text='Of a Vaidya: the number in the state or national register.', max_length=40, verbose_name='registration number')),
                    ('is_staff', models.BooleanField(default=False, verbose_name='may open the admin')),
                    ('is_active', models.BooleanField(default=True, verbose_name='active')),
                    ('joined_at', models.DateTimeField(blank=True, null=True, verbose_name='joined')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='58c9797304ded816d5f5d9c12355ee086d62bf08', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f5bab', table='people_userevent', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='Pin',
                fields=[
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='pin', serialize=False, to=settings.AUTH_USER_MODEL)),
                    ('hash', models.CharField(editable=False, max_length=128)),
                    ('set_at', models.DateTimeField()),
                ],
            ),
        ]),
        migrations.RunPython(create_cache_table, migrations.RunPython.noop),
    ]
