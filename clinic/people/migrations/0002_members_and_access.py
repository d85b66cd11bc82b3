"""Who works where, who acts for whom, and the records of it."""

import clinic.people.email_addresses
import clinic.people.person_names
import clinic.wall
import datetime
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import phonenumber_field.modelfields
import uuid
from django.conf import settings
from clinic.one_step import OneStep
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('people', '0002_memberships_and_access'), ('people', '0003_cache_table'), ('people', '0004_who_changed_what'), ('people', '0005_access_words_known'), ('people', '0006_who_comes_where'), ('people', '0007_when_a_code_was_asked_for'), ('people', '0008_attempts_counted'), ('people', '0009_why_an_access_ended'), ('people', '0010_makers_of_accounts'), ('people', '0011_zones_in_queries'), ('people', '0012_impossible_birth_dates'), ('people', '0013_birth_dates_bounded'), ('people', '0014_names_cleaned'), ('people', '0015_names_and_addresses_for_letters'), ('people', '0016_clinic_devices'), ('people', '0017_roles_are_granted'), ('people', '0018_reads_with_a_reason'), ('people', '0019_factor_reset_by_two'), ('people', '0020_address_known_to_be_theirs'), ('people', '0021_known_addresses')]

    initial = True

    dependencies = [
        ('people', '0001_accounts_and_patients'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('premises', '0001_clinics_and_rooms'),
    ]

    operations = [
        OneStep([
            migrations.CreateModel(
                name='ClinicDevice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='devices', to='premises.clinic')),
                    ('name', models.CharField(max_length=60, verbose_name='name of the device')),
                    ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                    ('enrolled_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('enrolled_at', models.DateTimeField(verbose_name='enrolled')),
                    ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ],
                options={
                    'verbose_name': 'clinic device',
                    'verbose_name_plural': 'clinic devices',
                    'ordering': ['clinic', 'name', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='clinic_device_ended_by_and_at')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_clinicdeviceevent" ("clinic_id", "ended_at", "ended_by_id", "enrolled_at", "enrolled_by_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."clinic_id", NEW."ended_at", NEW."ended_by_id", NEW."enrolled_at", NEW."enrolled_by_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='f785890049b50cecde4192412eb231313ae783b1', operation='INSERT', pgid='pgtrigger_insert_insert_dffd7', table='people_clinicdevice', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."clinic_id" IS DISTINCT FROM (NEW."clinic_id") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."ended_by_id" IS DISTINCT FROM (NEW."ended_by_id") OR OLD."enrolled_at" IS DISTINCT FROM (NEW."enrolled_at") OR OLD."enrolled_by_id" IS DISTINCT FROM (NEW."enrolled_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name"))', func='INSERT INTO "people_clinicdeviceevent" ("clinic_id", "ended_at", "ended_by_id", "enrolled_at", "enrolled_by_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."clinic_id", NEW."ended_at", NEW."ended_by_id", NEW."enrolled_at", NEW."enrolled_by_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='f587017e7b71d5554a50c3d19a422df0e7802dc9', operation='UPDATE', pgid='pgtrigger_update_update_f22c1', table='people_clinicdevice', when='AFTER'))],
                },
            ),
            migrations.CreateModel(
                name='ClinicDeviceEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='people.clinicdevice')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('clinic', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='premises.clinic')),
                    ('name', models.CharField(max_length=60, verbose_name='name of the device')),
                    ('enrolled_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('enrolled_at', models.DateTimeField(verbose_name='enrolled')),
                    ('ended_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cdd6acd4b94c3ca6025804040ccaee19d12e0faf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7a0ac', table='people_clinicdeviceevent', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='Membership',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                    ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='premises.clinic')),
                    ('role', models.CharField(choices=[('front_desk', 'Front desk'), ('therapist', 'Therapist'), ('attendant', 'Attendant'), ('nurse', 'Nurse'), ('vaidya', 'Vaidya'), ('manager', 'Manager')], max_length=20, verbose_name='role')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='until (first day without)')),
                    ('source', models.CharField(choices=[('earlier', 'Held before grants were recorded'), ('operator', 'Given by the operator'), ('granted', 'Given in the product')], default='granted', editable=False, max_length=10, verbose_name='came by')),
                    ('granted_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='granted_memberships', to=settings.AUTH_USER_MODEL, verbose_name='given by')),
                    ('confirmed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='confirmed_memberships', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                    ('alone', models.BooleanField(default=False, editable=False, verbose_name='confirmed alone')),
                    ('reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='reason')),
                ],
                options={
                    'verbose_name': 'membership',
                    'verbose_name_plural': 'memberships',
                    'constraints': [models.UniqueConstraint(fields=('user', 'clinic', 'role', 'starts_on'), name='membership_once'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='membership_ends_after_start', violation_error_message='The end must not be before the beginning.'), models.CheckConstraint(condition=models.Q(('role__in', ['front_desk', 'therapist', 'attendant', 'nurse', 'vaidya', 'manager'])), name='membership_role_known'), models.CheckConstraint(condition=models.Q(('source__in', ['earlier', 'operator']), models.Q(('granted_by__isnull', False), ('source', 'granted')), _connector='OR'), name='membership_granted_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('source', 'granted'), _negated=True), models.Q(('role__in', ('therapist', 'attendant', 'nurse', 'vaidya')), _negated=True), ('confirmed_by__isnull', False), _connector='OR'), name='membership_clinical_confirmed', violation_error_message='A Vaidya confirms this role.'), models.CheckConstraint(condition=models.Q(models.Q(('source', 'granted'), _negated=True), models.Q(('role__in', ('therapist', 'attendant', 'nurse', 'vaidya')), _negated=True), models.Q(models.Q(('granted_by', models.F('user')), _negated=True), models.Q(('confirmed_by', models.F('user')), _negated=True)), _connector='OR'), name='membership_clinical_by_others', violation_error_message='Nobody gives themselves this role.'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('granted_by')), _negated=True), ('alone', True), _connector='OR'), name='membership_alone_marked'), models.CheckConstraint(condition=models.Q(('alone', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='membership_alone_has_a_reason')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_membershipevent" ("alone", "clinic_id", "confirmed_by_id", "ends_on", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "role", "source", "starts_on", "user_id") VALUES (NEW."alone", NEW."clinic_id", NEW."confirmed_by_id", NEW."ends_on", NEW."granted_by_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."role", NEW."source", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='a101f4f0ddf5c6d6f3d46cda663efa22ca3fdcb1', operation='INSERT', pgid='pgtrigger_insert_insert_6bbf7', table='people_membership', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "people_membershipevent" ("alone", "clinic_id", "confirmed_by_id", "ends_on", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "role", "source", "starts_on", "user_id") VALUES (NEW."alone", NEW."clinic_id", NEW."confirmed_by_id", NEW."ends_on", NEW."granted_by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."role", NEW."source", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='fd94dce7b364b39df42435e894f0444acfd657a6', operation='UPDATE', pgid='pgtrigger_update_update_c12bb', table='people_membership', when='AFTER'))],
                },
            ),
            migrations.CreateModel(
                name='MembershipEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='people.membership')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('clinic', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='premises.clinic')),
                    ('role', models.CharField(choices=[('front_desk', 'Front desk'), ('therapist', 'Therapist'), ('attendant', 'Attendant'), ('nurse', 'Nurse'), ('vaidya', 'Vaidya'), ('manager', 'Manager')], max_length=20, verbose_name='role')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='until (first day without)')),
                    ('source', models.CharField(choices=[('earlier', 'Held before grants were recorded'), ('operator', 'Given by the operator'), ('granted', 'Given in the product')], default='granted', editable=False, max_length=10, verbose_name='came by')),
                    ('granted_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='given by')),
                    ('confirmed_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                    ('alone', models.BooleanField(default=False, editable=False, verbose_name='confirmed alone')),
                    ('reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='reason')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f22365c09e76ac49145de3ef9be99f0c2407bd7b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3b09f', table='people_membershipevent', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='Patient',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('given_name', models.CharField(max_length=80, validators=[clinic.people.person_names.validate_person_name], verbose_name='first name')),
                    ('family_name', models.CharField(blank=True, max_length=80, validators=[clinic.people.person_names.validate_person_name], verbose_name='family name')),
                    ('birth_date', models.DateField(verbose_name='birth date')),
                    ('gender', models.CharField(blank=True, max_length=40, verbose_name='gender, in your own words')),
                    ('accepts_therapist', models.CharField(blank=True, choices=[('female', 'Women'), ('male', 'Men'), ('any', 'Women or men')], max_length=10, verbose_name='therapists for body treatments')),
                    ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None, verbose_name='phone')),
                    ('email', models.EmailField(blank=True, max_length=254, validators=[clinic.people.email_addresses.ContactEmailValidator()], verbose_name='contact e-mail')),
                    ('language', models.CharField(choices=[('en', 'English'), ('hi', 'Hindi')], default='en', max_length=5, verbose_name='language of letters')),
                    ('channel', models.CharField(choices=[('email', 'E-mail'), ('call', 'Telephone call by the front desk'), ('paper', 'On paper')], default='email', max_length=10, verbose_name='how we reach you')),
                    ('discreet', models.BooleanField(default=False, verbose_name='discreet letters (no name in them)')),
                    ('label', models.CharField(blank=True, max_length=40, validators=[clinic.people.person_names.validate_label], verbose_name='label in discreet letters')),
                    ('needs', models.CharField(blank=True, max_length=200, verbose_name='what helps you at the clinic')),
                    ('registered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='registered_patients', to=settings.AUTH_USER_MODEL)),
                    ('registered_at', models.DateTimeField(verbose_name='registered')),
                    ('proved_email', models.EmailField(blank=True, editable=False, max_length=254, verbose_name='address known to be theirs')),
                    ('email_proved_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='address known since')),
                    ('clinics', models.ManyToManyField(blank=True, related_name='patients', to='premises.clinic', verbose_name='clinics')),
                ],
                options={
                    'verbose_name': 'patient',
                    'verbose_name_plural': 'patients',
                    'indexes': [models.Index(fields=['phone'], name='people_pati_phone_4ead2a_idx'), models.Index(fields=['birth_date'], name='people_pati_birth_d_aad4ee_idx')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('channel', 'email'), _negated=True), models.Q(('email', ''), _negated=True), _connector='OR'), name='patient_reachable_by_email', violation_error_message='Give an e-mail, or choose another way to reach you.'), models.CheckConstraint(condition=models.Q(models.Q(('channel', 'call'), _negated=True), models.Q(('phone', ''), _negated=True), _connector='OR'), name='patient_reachable_by_phone', violation_error_message='Give a phone number, or choose another way to reach you.'), models.CheckConstraint(condition=models.Q(models.Q(('email_proved_at', None), ('proved_email', '')), models.Q(models.Q(('proved_email', ''), _negated=True), ('email_proved_at__isnull', False)), _connector='OR'), name='patient_email_proved_and_when'), models.CheckConstraint(condition=models.Q(('channel__in', ['email', 'call', 'paper'])), name='patient_channel_known'), models.CheckConstraint(condition=models.Q(('birth_date__gte', datetime.date(1900, 1, 1)), ('birth_date__lte', clinic.wall.LatestDate('registered_at'))), name='patient_birth_date_possible', violation_error_message='Please check the birth date.'), models.CheckConstraint(condition=models.Q(('accepts_therapist__in', ['', 'female', 'male', 'any'])), name='patient_accepts_known'), models.CheckConstraint(condition=models.Q(('given_name__regex', '^(?!.*\\.[A-Za-z]{2})[^\\u0001-\\u001f!-&(-,/:-@[-`{-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf\\u00d7\\u00f7\\u0964-\\u0965\\u2000-\\u200b\\u200e\\u200f\\u2012-\\u2018\\u201a-\\u2bff\\u3000-\\u3004\\u3008-\\u3020\\ue000-\\uf8ff\\uff00-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65\\uffe0-\\uffff\\U0001f000-\\U0001faff0-9\\u0966-\\u096f]+$'), models.Q(('family_name', ''), ('family_name__regex', '^(?!.*\\.[A-Za-z]{2})[^\\u0001-\\u001f!-&(-,/:-@[-`{-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf\\u00d7\\u00f7\\u0964-\\u0965\\u2000-\\u200b\\u200e\\u200f\\u2012-\\u2018\\u201a-\\u2bff\\u3000-\\u3004\\u3008-\\u3020\\ue000-\\uf8ff\\uff00-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65\\uffe0-\\uffff\\U0001f000-\\U0001faff0-9\\u0966-\\u096f]+$'), _connector='OR'), models.Q(('label', ''), ('label__regex', '^(?!.*\\.[A-Za-z]{2})(?!(?:.*[0-9]){5})[^\\u0001-\\u001f!-&(-,/:-@[-`{-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf\\u00d7\\u00f7\\u0964-\\u0965\\u2000-\\u200b\\u200e\\u200f\\u2012-\\u2018\\u201a-\\u2bff\\u3000-\\u3004\\u3008-\\u3020\\ue000-\\uf8ff\\uff00-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65\\uffe0-\\uffff\\U0001f000-\\U0001faff]+$'), _connector='OR')), name='patient_named_in_letters', violation_error_message='A name has letters only, and no address.')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_patientevent" ("accepts_therapist", "birth_date", "channel", "discreet", "email", "email_proved_at", "family_name", "gender", "given_name", "id", "label", "language", "needs", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "proved_email", "public_id", "registered_at", "registered_by_id") VALUES (NEW."accepts_therapist", NEW."birth_date", NEW."channel", NEW."discreet", NEW."email", NEW."email_proved_at", NEW."family_name", NEW."gender", NEW."given_name", NEW."id", NEW."label", NEW."language", NEW."needs", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."proved_email", NEW."public_id", NEW."registered_at", NEW."registered_by_id"); RETURN NULL;', hash='715bec5bedd9db9321e28e422bff5a5ab594fbb5', operation='INSERT', pgid='pgtrigger_insert_insert_17910', table='people_patient', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "people_patientevent" ("accepts_therapist", "birth_date", "channel", "discreet", "email", "email_proved_at", "family_name", "gender", "given_name", "id", "label", "language", "needs", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "proved_email", "public_id", "registered_at", "registered_by_id") VALUES (NEW."accepts_therapist", NEW."birth_date", NEW."channel", NEW."discreet", NEW."email", NEW."email_proved_at", NEW."family_name", NEW."gender", NEW."given_name", NEW."id", NEW."label", NEW."language", NEW."needs", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."proved_email", NEW."public_id", NEW."registered_at", NEW."registered_by_id"); RETURN NULL;', hash='dbfcd672bdef6bccb1a05042bbbd218ed2c24cc7', operation='UPDATE', pgid='pgtrigger_update_update_950c8', table='people_patient', when='AFTER'))],
                },
            ),
            migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('patient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='people.patient')),
                    ('code_hash', models.CharField(max_length=128, unique=True)),
                    ('relation', models.CharField(choices=[('self', 'Myself'), ('child', 'My child'), ('parent', 'My parent'), ('spouse', 'My wife or husband'), ('other', 'Somebody I care for')], default='self', max_length=10)),
                    ('width', models.CharField(choices=[('appointments', 'Appointments only'), ('full', 'Full record')], default='full', max_length=15)),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='made_invitations', to=settings.AUTH_USER_MODEL)),
                    ('made_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('failures', models.PositiveSmallIntegerField(default=0)),
                    ('used_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='used_invitations', to=settings.AUTH_USER_MODEL)),
                    ('used_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'verbose_name': 'invitation',
                    'verbose_name_plural': 'invitations',
                    'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='invitation_expires_later'), models.CheckConstraint(condition=models.Q(models.Q(('used_at', None), ('used_by', None)), models.Q(('used_at__isnull', False), ('used_by__isnull', False)), _connector='OR'), name='invitation_used_by_and_at')],
                },
            ),
            migrations.CreateModel(
                name='PatientClinicEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('patient', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='people.patient')),
                    ('clinic', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='premises.clinic')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a5910da3ad84c7c9099a76dbace55771255c0261', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8b5db', table='people_patientclinicevent', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='PatientEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='people.patient')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                    ('given_name', models.CharField(max_length=80, validators=[clinic.people.person_names.validate_person_name], verbose_name='first name')),
                    ('family_name', models.CharField(blank=True, max_length=80, validators=[clinic.people.person_names.validate_person_name], verbose_name='family name')),
                    ('birth_date', models.DateField(verbose_name='birth date')),
                    ('gender', models.CharField(blank=True, max_length=40, verbose_name='gender, in your own words')),
                    ('accepts_therapist', models.CharField(blank=True, choices=[('female', 'Women'), ('male', 'Men'), ('any', 'Women or men')], max_length=10, verbose_name='therapists for body treatments')),
                    ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None, verbose_name='phone')),
                    ('email', models.EmailField(blank=True, max_length=254, validators=[clinic.people.email_addresses.ContactEmailValidator()], verbose_name='contact e-mail')),
                    ('language', models.CharField(choices=[('en', 'English'), ('hi', 'Hindi')], default='en', max_length=5, verbose_name='language of letters')),
                    ('channel', models.CharField(choices=[('email', 'E-mail'), ('call', 'Telephone call by the front desk'), ('paper', 'On paper')], default='email', max_length=10, verbose_name='how we reach you')),
                    ('discreet', models.BooleanField(default=False, verbose_name='discreet letters (no name in them)')),
                    ('label', models.CharField(blank=True, max_length=40, validators=[clinic.people.person_names.validate_label], verbose_name='label in discreet letters')),
                    ('needs', models.CharField(blank=True, max_length=200, verbose_name='what helps you at the clinic')),
                    ('registered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('registered_at', models.DateTimeField(verbose_name='registered')),
                    ('proved_email', models.EmailField(blank=True, editable=False, max_length=254, verbose_name='address known to be theirs')),
                    ('email_proved_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='address known since')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d47d32cae08d85fd5e8656c58d77b621666e0dfb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5be91', table='people_patientevent', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='Read',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reads', to=settings.AUTH_USER_MODEL)),
                    ('door', models.CharField(max_length=80)),
                    ('clinic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reads', to='premises.clinic')),
                    ('patients', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                    ('reason', models.CharField(blank=True, max_length=20)),
                ],
                options={
                    'verbose_name': 'read of a record',
                    'verbose_name_plural': 'reads of records',
                    'indexes': [models.Index(fields=['user', 'door', 'at'], name='people_read_user_id_1432f0_idx'), django.contrib.postgres.indexes.GinIndex(fields=['patients'], name='read_patients')],
                    'triggers': [pgtrigger.compiler.Trigger(name='read_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cb3efe3a1ac6de172f2cd615e6146d0b240fa9b5', operation='UPDATE OR DELETE', pgid='pgtrigger_read_append_only_cf9f3', table='people_read', when='BEFORE')), pgtrigger.compiler.Trigger(name='read_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='08718f33ec0259b641adce2fe355557ce9d755f8', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_read_no_truncate_73fc2', table='people_read', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='RoleOffer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_offers', to='premises.clinic')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_offers', to=settings.AUTH_USER_MODEL)),
                    ('name', models.CharField(help_text='As whoever offers the role knows the person.', max_length=120, verbose_name='name')),
                    ('role', models.CharField(choices=[('front_desk', 'Front desk'), ('therapist', 'Therapist'), ('attendant', 'Attendant'), ('nurse', 'Nurse'), ('vaidya', 'Vaidya'), ('manager', 'Manager')], max_length=20, verbose_name='role')),
                    ('registration_number', models.CharField(blank=True, max_length=40, verbose_name='registration number')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='made_role_offers', to=settings.AUTH_USER_MODEL)),
                    ('made_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('accepted_at', models.DateTimeField(blank=True, null=True)),
                    ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='confirmed_role_offers', to=settings.AUTH_USER_MODEL)),
                    ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                    ('alone', models.BooleanField(default=False)),
                    ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                    ('closing', models.CharField(blank=True, choices=[('declined', 'Declined'), ('refused', 'Refused by a Vaidya'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Not answered in time')], max_length=10)),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                    ('membership', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offer', to='people.membership')),
                ],
                options={
                    'verbose_name': 'offer of a role',
                    'verbose_name_plural': 'offers of roles',
                    'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['front_desk', 'therapist', 'attendant', 'nurse', 'vaidya', 'manager'])), name='role_offer_role_known'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='role_offer_expires_later'), models.UniqueConstraint(condition=models.Q(('closed_at', None), ('membership', None)), fields=('user', 'clinic', 'role'), name='role_offer_open_once'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='role_offer_confirmed_by_and_at'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closing', '')), models.Q(models.Q(('closing', ''), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='role_offer_closed_why_and_when'), models.CheckConstraint(condition=models.Q(('membership', None), models.Q(('accepted_at__isnull', False), ('closed_at', None), models.Q(models.Q(('role__in', ('therapist', 'attendant', 'nurse', 'vaidya')), _negated=True), ('confirmed_by__isnull', False), _connector='OR')), _connector='OR'), name='role_offer_complete'), models.CheckConstraint(condition=models.Q(models.Q(('role__in', ('therapist', 'attendant', 'nurse', 'vaidya')), _negated=True), models.Q(models.Q(('made_by', models.F('user')), _negated=True), models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('user')), _negated=True), _connector='OR')), _connector='OR'), name='role_offer_by_others'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('made_by')), _negated=True), models.Q(('alone', True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='role_offer_alone_has_a_reason')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_roleofferevent" ("accepted_at", "alone", "clinic_id", "closed_at", "closing", "confirmed_at", "confirmed_by_id", "expires_at", "id", "made_at", "made_by_id", "membership_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reason", "registration_number", "role", "starts_on", "user_id") VALUES (NEW."accepted_at", NEW."alone", NEW."clinic_id", NEW."closed_at", NEW."closing", NEW."confirmed_at", NEW."confirmed_by_id", NEW."expires_at", NEW."id", NEW."made_at", NEW."made_by_id", NEW."membership_id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."reason", NEW."registration_number", NEW."role", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='3d9099a940875e7f85973a9ade6433b64245e33f', operation='INSERT', pgid='pgtrigger_insert_insert_10544', table='people_roleoffer', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "people_roleofferevent" ("accepted_at", "alone", "clinic_id", "closed_at", "closing", "confirmed_at", "confirmed_by_id", "expires_at", "id", "made_at", "made_by_id", "membership_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reason", "registration_number", "role", "starts_on", "user_id") VALUES (NEW."accepted_at", NEW."alone", NEW."clinic_id", NEW."closed_at", NEW."closing", NEW."confirmed_at", NEW."confirmed_by_id", NEW."expires_at", NEW."id", NEW."made_at", NEW."made_by_id", NEW."membership_id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."reason", NEW."registration_number", NEW."role", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='ead34d8b009419281503e3f51adbc650e0c6b6b8', operation='UPDATE', pgid='pgtrigger_update_update_c48c8', table='people_roleoffer', when='AFTER'))],
                },
            ),
            migrations.CreateModel(
                name='RoleOfferEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='people.roleoffer')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                    ('clinic', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='premises.clinic')),
                    ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('name', models.CharField(help_text='As whoever offers the role knows the person.', max_length=120, verbose_name='name')),
                    ('role', models.CharField(choices=[('front_desk', 'Front desk'), ('therapist', 'Therapist'), ('attendant', 'Attendant'), ('nurse', 'Nurse'), ('vaidya', 'Vaidya'), ('manager', 'Manager')], max_length=20, verbose_name='role')),
                    ('registration_number', models.CharField(blank=True, max_length=40, verbose_name='registration number')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('made_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('made_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('accepted_at', models.DateTimeField(blank=True, null=True)),
                    ('confirmed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                    ('alone', models.BooleanField(default=False)),
                    ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                    ('closing', models.CharField(blank=True, choices=[('declined', 'Declined'), ('refused', 'Refused by a Vaidya'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Not answered in time')], max_length=10)),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                    ('membership', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='people.membership')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5141226845c7d9ea7d6fd4622a4c5f915388062a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1d901', table='people_roleofferevent', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='Shift',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to='people.clinicdevice')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to=settings.AUTH_USER_MODEL)),
                    ('proved_at', models.DateTimeField()),
                    ('ends_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('device', 'user'), name='shift_once_a_device'), models.CheckConstraint(condition=models.Q(('ends_at__gte', models.F('proved_at'))), name='shift_ends_after_proof')],
                },
            ),
            migrations.CreateModel(
                name='Access',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accesses', to=settings.AUTH_USER_MODEL)),
                    ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accesses', to='people.patient')),
                    ('relation', models.CharField(choices=[('self', 'Myself'), ('child', 'My child'), ('parent', 'My parent'), ('spouse', 'My wife or husband'), ('other', 'Somebody I care for')], max_length=10, verbose_name='relation')),
                    ('width', models.CharField(choices=[('appointments', 'Appointments only'), ('full', 'Full record')], max_length=15, verbose_name='sees')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='until (first day without)')),
                    ('end_reason', models.CharField(blank=True, max_length=30, verbose_name='why it ended')),
                ],
                options={
                    'verbose_name': 'access',
                    'verbose_name_plural': 'accesses',
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('user', 'patient'), name='access_once'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='access_ends_late'), models.CheckConstraint(condition=models.Q(('end_reason', ''), models.Q(('ends_on', None), _negated=True), _connector='OR'), name='access_reason_of_an_end'), models.CheckConstraint(condition=models.Q(('relation__in', ['self', 'child', 'parent', 'spouse', 'other'])), name='access_relation_known'), models.CheckConstraint(condition=models.Q(('width__in', ['appointments', 'full'])), name='access_width_known')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_accessevent" ("end_reason", "ends_on", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "starts_on", "user_id", "width") VALUES (NEW."end_reason", NEW."ends_on", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."relation", NEW."starts_on", NEW."user_id", NEW."width"); RETURN NULL;', hash='03635b798c097264982ab36d83b9c9fdce3ec0b7', operation='INSERT', pgid='pgtrigger_insert_insert_e8f77', table='people_access', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "people_accessevent" ("end_reason", "ends_on", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "starts_on", "user_id", "width") VALUES (NEW."end_reason", NEW."ends_on", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."relation", NEW."starts_on", NEW."user_id", NEW."width"); RETURN NULL;', hash='e7c47f962cc979ce5b993c54c628cf53b241b60b', operation='UPDATE', pgid='pgtrigger_update_update_29753', table='people_access', when='AFTER'))],
                },
            ),
            migrations.CreateModel(
                name='AccessEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='people.access')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('id', models.BigIntegerField()),
                    ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='people.patient')),
                    ('relation', models.CharField(choices=[('self', 'Myself'), ('child', 'My child'), ('parent', 'My parent'), ('spouse', 'My wife or husband'), ('other', 'Somebody I care for')], max_length=10, verbose_name='relation')),
                    ('width', models.CharField(choices=[('appointments', 'Appointments only'), ('full', 'Full record')], max_length=15, verbose_name='sees')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('ends_on', models.DateField(blank=True, null=True, verbose_name='until (first day without)')),
                    ('end_reason', models.CharField(blank=True, max_length=30, verbose_name='why it ended')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8f955488e5c593ae42d7d5724719810b7413fbc7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d4c3c', table='people_accessevent', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='PatientClinic',
                fields=[
                ],
                options={
                    'proxy': True,
                    'indexes': [],
                    'constraints': [],
                },
                bases=('people.patient_clinics',),
            ),
            pgtrigger.migrations.AddTrigger(model_name='patientclinic', trigger=pgtrigger.compiler.Trigger(name='clinic_joined_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_patientclinicevent" ("clinic_id", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (NEW."clinic_id", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'clinic.joined\'); RETURN NULL;', hash='722ac588e959bdd497600cb9e4164ff28aaf5ab9', operation='INSERT', pgid='pgtrigger_clinic_joined_insert_a409b', table='people_patient_clinics', when='AFTER'))),
            pgtrigger.migrations.AddTrigger(model_name='patientclinic', trigger=pgtrigger.compiler.Trigger(name='clinic_left_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_patientclinicevent" ("clinic_id", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (OLD."clinic_id", OLD."id", OLD."patient_id", _pgh_attach_context(), NOW(), \'clinic.left\'); RETURN NULL;', hash='992abe8780b444ee0339e62f193c66ef29e2ee75', operation='DELETE', pgid='pgtrigger_clinic_left_delete_aa023', table='people_patient_clinics', when='AFTER'))),
        ]),
    ]
