"""Every change is recorded: what is offered, what is safe, and who works when."""

import clinic.wall
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('premises', '0002_changes_recorded'),
        ('therapies', '0005_variants_with_a_smaller_crew'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContraindicationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('level', models.CharField(choices=[('absolute', 'Not given; only a Vaidya can lift it, in writing'), ('relative', 'A Vaidya decides first'), ('defer', 'Another time or day')], max_length=10, verbose_name='level')),
                ('variants', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=60), blank=True, default=list, size=None, verbose_name='only variants')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('sources', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None, verbose_name='sources')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PriceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('text', models.CharField(max_length=80, verbose_name='price as shown')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='QualificationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until (first day without)')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='QuestionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=60, verbose_name='code')),
                ('group', models.CharField(max_length=30, verbose_name='group')),
                ('texts', models.JSONField(default=dict, verbose_name='question by language')),
                ('signs', models.JSONField(blank=True, default=dict, verbose_name='as a sign, by language')),
                ('answer_type', models.CharField(max_length=30, verbose_name='answer')),
                ('effect', models.CharField(blank=True, max_length=40, verbose_name='effect')),
                ('urgency', models.CharField(blank=True, max_length=30, verbose_name='urgency')),
                ('data', models.JSONField(default=dict, verbose_name='rule')),
                ('sources', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None, verbose_name='sources')),
                ('position', models.PositiveSmallIntegerField(default=100, verbose_name='order')),
                ('is_active', models.BooleanField(default=True, verbose_name='asked')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RuleEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=60, verbose_name='code')),
                ('kind', models.CharField(max_length=20, verbose_name='kind')),
                ('is_hard', models.BooleanField(default=False, verbose_name='may not be broken')),
                ('data', models.JSONField(default=dict, verbose_name='rule')),
                ('sources', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None, verbose_name='sources')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StepCrewEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(max_length=30, verbose_name='role')),
                ('count', models.PositiveSmallIntegerField(default=1, verbose_name='people')),
                ('minimum', models.PositiveSmallIntegerField(default=1, verbose_name='at least')),
                ('presence', models.CharField(choices=[('performs', 'Gives the treatment'), ('present', 'Is present'), ('on_site', 'Is in the house')], default='performs', max_length=10, verbose_name='presence')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StepEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='code')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('names', models.JSONField(blank=True, default=dict, verbose_name='name by language')),
                ('offset', models.SmallIntegerField(verbose_name="begins (minutes from the treatment's start)")),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='minutes')),
                ('room_kept', models.BooleanField(default=True, verbose_name='in the room')),
                ('patient_present', models.BooleanField(default=True, verbose_name='patient is present')),
                ('equipment', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='scarce equipment')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TermEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=60, verbose_name='code')),
                ('group', models.CharField(max_length=30, verbose_name='group')),
                ('labels', models.JSONField(default=dict, verbose_name='wording by language')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TherapyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=60, verbose_name='code')),
                ('kind', models.CharField(choices=[('consultation', 'Consultation'), ('procedure', 'Therapy'), ('support', 'Accompanying phase'), ('home', 'Advice for home')], max_length=20, verbose_name='kind')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('names', models.JSONField(blank=True, default=dict, verbose_name='name by language')),
                ('name_iast', models.CharField(blank=True, max_length=120, verbose_name='name (IAST)')),
                ('name_devanagari', models.CharField(blank=True, max_length=120, verbose_name='name (Devanagari)')),
                ('description', models.CharField(blank=True, max_length=200, verbose_name='in a few words')),
                ('synonyms', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None, verbose_name='other names')),
                ('who_id', models.CharField(blank=True, max_length=30, verbose_name='WHO term')),
                ('category', models.CharField(blank=True, max_length=40, verbose_name='category')),
                ('phase', models.CharField(blank=True, max_length=30, verbose_name='phase')),
                ('scope', models.CharField(blank=True, max_length=30, verbose_name='part of the body')),
                ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='groups')),
                ('same_gender', models.BooleanField(default=False, verbose_name='therapists of the gender the patient accepts')),
                ('needs', models.CharField(choices=[('nothing', 'Nothing'), ('assessment', 'An examination by a Vaidya'), ('prescription', "A Vaidya's prescription"), ('day_check', 'A prescription and a check on the day')], default='nothing', max_length=20, verbose_name='must be preceded by')),
                ('consent', models.CharField(blank=True, max_length=30, verbose_name='consent')),
                ('booking_mode', models.CharField(choices=[('patient', 'Patients book it'), ('request', 'Patients ask, the clinic answers'), ('desk', 'The front desk books it'), ('none', 'Not booked')], default='none', max_length=10, verbose_name='who books it')),
                ('change_notice_hours', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='free change until (hours before; empty: as the clinic)')),
                ('arrival_lead_minutes', models.PositiveSmallIntegerField(default=15, verbose_name='arrive before (minutes)')),
                ('reminder_hours', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None, verbose_name='reminders (hours before; empty: as the clinic)')),
                ('minimum_age', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='youngest age (years)')),
                ('maximum_age', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='oldest age (years)')),
                ('hours_after_meal', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='hours after a meal')),
                ('whole_day', models.BooleanField(default=False, verbose_name="keeps the patient's whole day")),
                ('facts', models.JSONField(blank=True, default=dict, verbose_name='further facts of the catalogue')),
                ('sources', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None, verbose_name='sources')),
                ('position', models.PositiveSmallIntegerField(default=100, verbose_name='order in lists')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TherapyTextEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('language', models.CharField(max_length=5, verbose_name='language')),
                ('summary', models.TextField(blank=True, verbose_name='what it is')),
                ('what_happens', models.TextField(blank=True, verbose_name='what happens')),
                ('preparation', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None, verbose_name='preparation')),
                ('aftercare', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None, verbose_name='after-care')),
                ('not_given', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None, verbose_name='when it is not given')),
                ('reviewed_by', models.CharField(blank=True, max_length=120, verbose_name='reviewed by')),
                ('reviewed_on', models.DateField(blank=True, null=True, verbose_name='reviewed on')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='VariantEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, default='default', max_length=60, verbose_name='code')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('names', models.JSONField(blank=True, default=dict, verbose_name='name by language')),
                ('who_id', models.CharField(blank=True, max_length=30, verbose_name='WHO term')),
                ('is_default', models.BooleanField(default=False, verbose_name='the usual one')),
                ('room_feature', models.CharField(blank=True, max_length=40, verbose_name='kind of room')),
                ('smaller_crew_of', models.SlugField(blank=True, db_index=False, max_length=60, verbose_name='with a smaller crew in the place of')),
                ('window_from', clinic.wall.MinuteField(blank=True, null=True, verbose_name='earliest start')),
                ('window_to', clinic.wall.MinuteField(blank=True, null=True, verbose_name='latest start')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WorkingHoursEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                ('from_minute', clinic.wall.MinuteField(verbose_name='from')),
                ('to_minute', clinic.wall.MinuteField(verbose_name='to')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until (first day without)')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contraindication',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_contraindicationevent" ("id", "level", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sources", "term_id", "therapy_id", "variants") VALUES (NEW."id", NEW."level", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sources", NEW."term_id", NEW."therapy_id", NEW."variants"); RETURN NULL;', hash='0b2a243bfe2c434b780a4b2128d755a929b62841', operation='INSERT', pgid='pgtrigger_insert_insert_792fa', table='therapies_contraindication', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contraindication',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "therapies_contraindicationevent" ("id", "level", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sources", "term_id", "therapy_id", "variants") VALUES (NEW."id", NEW."level", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sources", NEW."term_id", NEW."therapy_id", NEW."variants"); RETURN NULL;', hash='10ec908df676f0d004c46df79eff0b3d930fc649', operation='UPDATE', pgid='pgtrigger_update_update_3ecd2', table='therapies_contraindication', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contraindication',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_contraindicationevent" ("id", "level", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sources", "term_id", "therapy_id", "variants") VALUES (OLD."id", OLD."level", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."sources", OLD."term_id", OLD."therapy_id", OLD."variants"); RETURN NULL;', hash='402ce413540118bf34c92ed8f5bf8a461e2e9865', operation='DELETE', pgid='pgtrigger_delete_delete_e2444', table='therapies_contraindication', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='price',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_priceevent" ("clinic_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "therapy_id") VALUES (NEW."clinic_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."text", NEW."therapy_id"); RETURN NULL;', hash='e7c8ab457f12197b1b0fed43dbab5f5dfad2a3af', operation='INSERT', pgid='pgtrigger_insert_insert_01e36', table='therapies_price', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='price',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "therapies_priceevent" ("clinic_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "therapy_id") VALUES (NEW."clinic_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."text", NEW."therapy_id"); RETURN NULL;', hash='57509177dba39e3081a4b23eff6cba5ea61399bb', operation='UPDATE', pgid='pgtrigger_update_update_947fe', table='therapies_price', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='price',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_priceevent" ("clinic_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "therapy_id") VALUES (OLD."clinic_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."text", OLD."therapy_id"); RETURN NULL;', hash='8ec919b996e428d48be4d19357e91242233ad1ff', operation='DELETE', pgid='pgtrigger_delete_delete_dd2f0', table='therapies_price', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='qualification',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_qualificationevent" ("ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "starts_on", "therapy_id") VALUES (NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."practitioner_id", NEW."starts_on", NEW."therapy_id"); RETURN NULL;', hash='49202f21f319c51ca0d86f1e17de2ab8949bd52d', operation='INSERT', pgid='pgtrigger_insert_insert_d52e3', table='therapies_qualification', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='qualification',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "therapies_qualificationevent" ("ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "starts_on", "therapy_id") VALUES (NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."practitioner_id", NEW."starts_on", NEW."therapy_id"); RETURN NULL;', hash='ff8560dd9077fccbacfb7831a294408142df814f', operation='UPDATE', pgid='pgtrigger_update_update_7b835', table='therapies_qualification', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='qualification',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_qualificationevent" ("ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "starts_on", "therapy_id") VALUES (OLD."ends_on", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."practitioner_id", OLD."starts_on", OLD."therapy_id"); RETURN NULL;', hash='2da9f958c57dc601df9e52a80c4822ecb34d468c', operation='DELETE', pgid='pgtrigger_delete_delete_a4abb', table='therapies_qualification', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='question',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_questionevent" ("answer_type", "code", "data", "effect", "group", "id", "is_active", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "signs", "sources", "texts", "urgency") VALUES (NEW."answer_type", NEW."code", NEW."data", NEW."effect", NEW."group", NEW."id", NEW."is_active", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."signs", NEW."sources", NEW."texts", NEW."urgency"); RETURN NULL;', hash='9fc97dc56341426462c158936b58ab657fffcf63', operation='INSERT', pgid='pgtrigger_insert_insert_f61c1', table='therapies_question', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='question',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."answer_type" IS DISTINCT FROM (NEW."answer_type") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."data" IS DISTINCT FROM (NEW."data") OR OLD."effect" IS DISTINCT FROM (NEW."effect") OR OLD."group" IS DISTINCT FROM (NEW."group") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."signs" IS DISTINCT FROM (NEW."signs") OR OLD."sources" IS DISTINCT FROM (NEW."sources") OR OLD."texts" IS DISTINCT FROM (NEW."texts") OR OLD."urgency" IS DISTINCT FROM (NEW."urgency"))', func='INSERT INTO "therapies_questionevent" ("answer_type", "code", "data", "effect", "group", "id", "is_active", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "signs", "sources", "texts", "urgency") VALUES (NEW."answer_type", NEW."code", NEW."data", NEW."effect", NEW."group", NEW."id", NEW."is_active", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."signs", NEW."sources", NEW."texts", NEW."urgency"); RETURN NULL;', hash='8b80e8c211bf6c2fa48d6e2005a5190574c2e36c', operation='UPDATE', pgid='pgtrigger_update_update_baebf', table='therapies_question', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='question',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_questionevent" ("answer_type", "code", "data", "effect", "group", "id", "is_active", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "signs", "sources", "texts", "urgency") VALUES (OLD."answer_type", OLD."code", OLD."data", OLD."effect", OLD."group", OLD."id", OLD."is_active", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."signs", OLD."sources", OLD."texts", OLD."urgency"); RETURN NULL;', hash='0f9bbba5ec29772eb0a946f6549243ede5b269e9', operation='DELETE', pgid='pgtrigger_delete_delete_eca92', table='therapies_question', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rule',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_ruleevent" ("code", "data", "id", "is_hard", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sources") VALUES (NEW."code", NEW."data", NEW."id", NEW."is_hard", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sources"); RETURN NULL;', hash='65f5d8001c72ed1ae5f560c334fa1cdc555cb98a', operation='INSERT', pgid='pgtrigger_insert_insert_76bdd', table='therapies_rule', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rule',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."data" IS DISTINCT FROM (NEW."data") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_hard" IS DISTINCT FROM (NEW."is_hard") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."sources" IS DISTINCT FROM (NEW."sources"))', func='INSERT INTO "therapies_ruleevent" ("code", "data", "id", "is_hard", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sources") VALUES (NEW."code", NEW."data", NEW."id", NEW."is_hard", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sources"); RETURN NULL;', hash='e9254df8e0b38ef9301695bb2c012afe75cfef5a', operation='UPDATE', pgid='pgtrigger_update_update_c30eb', table='therapies_rule', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rule',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_ruleevent" ("code", "data", "id", "is_hard", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sources") VALUES (OLD."code", OLD."data", OLD."id", OLD."is_hard", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."sources"); RETURN NULL;', hash='9a608c3aa5cc36f55d9661fab6ed66439636027e', operation='DELETE', pgid='pgtrigger_delete_delete_774d9', table='therapies_rule', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='step',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_stepevent" ("code", "equipment", "id", "minutes", "name", "names", "offset", "patient_present", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_kept", "variant_id") VALUES (NEW."code", NEW."equipment", NEW."id", NEW."minutes", NEW."name", NEW."names", NEW."offset", NEW."patient_present", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."room_kept", NEW."variant_id"); RETURN NULL;', hash='22d57012b14e61e9b4663efb132d38044111794d', operation='INSERT', pgid='pgtrigger_insert_insert_7583b', table='therapies_step', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='step',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "therapies_stepevent" ("code", "equipment", "id", "minutes", "name", "names", "offset", "patient_present", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_kept", "variant_id") VALUES (NEW."code", NEW."equipment", NEW."id", NEW."minutes", NEW."name", NEW."names", NEW."offset", NEW."patient_present", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."room_kept", NEW."variant_id"); RETURN NULL;', hash='76aa93a2b724fccff5ddac0071875f6486c732ed', operation='UPDATE', pgid='pgtrigger_update_update_a3caf', table='therapies_step', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='step',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_stepevent" ("code", "equipment", "id", "minutes", "name", "names", "offset", "patient_present", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_kept", "variant_id") VALUES (OLD."code", OLD."equipment", OLD."id", OLD."minutes", OLD."name", OLD."names", OLD."offset", OLD."patient_present", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."room_kept", OLD."variant_id"); RETURN NULL;', hash='c9de6baedf71d892aaa0cab376ad1cef7a119464', operation='DELETE', pgid='pgtrigger_delete_delete_7c612', table='therapies_step', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stepcrew',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_stepcrewevent" ("count", "id", "minimum", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "presence", "role", "step_id") VALUES (NEW."count", NEW."id", NEW."minimum", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."presence", NEW."role", NEW."step_id"); RETURN NULL;', hash='d4c22d6bc40445b81bd3356195c0c587566bea3b', operation='INSERT', pgid='pgtrigger_insert_insert_fb57e', table='therapies_stepcrew', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stepcrew',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "therapies_stepcrewevent" ("count", "id", "minimum", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "presence", "role", "step_id") VALUES (NEW."count", NEW."id", NEW."minimum", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."presence", NEW."role", NEW."step_id"); RETURN NULL;', hash='88cda63fe33addd46a7bd5f48d5a1c87d01380ae', operation='UPDATE', pgid='pgtrigger_update_update_6fe47', table='therapies_stepcrew', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stepcrew',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_stepcrewevent" ("count", "id", "minimum", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "presence", "role", "step_id") VALUES (OLD."count", OLD."id", OLD."minimum", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."presence", OLD."role", OLD."step_id"); RETURN NULL;', hash='9af2d47973c3bd75fd4cdbd303bc1a07ee9b731f', operation='DELETE', pgid='pgtrigger_delete_delete_5bcdd', table='therapies_stepcrew', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='term',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_termevent" ("code", "group", "id", "labels", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."code", NEW."group", NEW."id", NEW."labels", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='1dff7a6a1ff6b24d07b1beb76d1b57a16b3a73f3', operation='INSERT', pgid='pgtrigger_insert_insert_6b036', table='therapies_term', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='term',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."group" IS DISTINCT FROM (NEW."group") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."labels" IS DISTINCT FROM (NEW."labels"))', func='INSERT INTO "therapies_termevent" ("code", "group", "id", "labels", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."code", NEW."group", NEW."id", NEW."labels", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='eb91a5de791d6216929a9c6fd91ca152896bbbed', operation='UPDATE', pgid='pgtrigger_update_update_7f636', table='therapies_term', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='term',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_termevent" ("code", "group", "id", "labels", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."code", OLD."group", OLD."id", OLD."labels", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='af6ac5acc6bfb36669a66456dadab9e8c69a11f9', operation='DELETE', pgid='pgtrigger_delete_delete_408c0', table='therapies_term', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='therapy',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_therapyevent" ("arrival_lead_minutes", "booking_mode", "category", "change_notice_hours", "code", "consent", "description", "facts", "groups", "hours_after_meal", "id", "is_active", "kind", "maximum_age", "minimum_age", "name", "name_devanagari", "name_iast", "names", "needs", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "position", "reminder_hours", "same_gender", "scope", "sources", "synonyms", "who_id", "whole_day") VALUES (NEW."arrival_lead_minutes", NEW."booking_mode", NEW."category", NEW."change_notice_hours", NEW."code", NEW."consent", NEW."description", NEW."facts", NEW."groups", NEW."hours_after_meal", NEW."id", NEW."is_active", NEW."kind", NEW."maximum_age", NEW."minimum_age", NEW."name", NEW."name_devanagari", NEW."name_iast", NEW."names", NEW."needs", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phase", NEW."position", NEW."reminder_hours", NEW."same_gender", NEW."scope", NEW."sources", NEW."synonyms", NEW."who_id", NEW."whole_day"); RETURN NULL;', hash='651fa7e93a2b9f166fd1f2e9ee1f9329a8158110', operation='INSERT', pgid='pgtrigger_insert_insert_13b83', table='therapies_therapy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='therapy',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."arrival_lead_minutes" IS DISTINCT FROM (NEW."arrival_lead_minutes") OR OLD."booking_mode" IS DISTINCT FROM (NEW."booking_mode") OR OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."change_notice_hours" IS DISTINCT FROM (NEW."change_notice_hours") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."consent" IS DISTINCT FROM (NEW."consent") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."facts" IS DISTINCT FROM (NEW."facts") OR OLD."groups" IS DISTINCT FROM (NEW."groups") OR OLD."hours_after_meal" IS DISTINCT FROM (NEW."hours_after_meal") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."maximum_age" IS DISTINCT FROM (NEW."maximum_age") OR OLD."minimum_age" IS DISTINCT FROM (NEW."minimum_age") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."name_devanagari" IS DISTINCT FROM (NEW."name_devanagari") OR OLD."name_iast" IS DISTINCT FROM (NEW."name_iast") OR OLD."names" IS DISTINCT FROM (NEW."names") OR OLD."needs" IS DISTINCT FROM (NEW."needs") OR OLD."phase" IS DISTINCT FROM (NEW."phase") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."reminder_hours" IS DISTINCT FROM (NEW."reminder_hours") OR OLD."same_gender" IS DISTINCT FROM (NEW."same_gender") OR OLD."scope" IS DISTINCT FROM (NEW."scope") OR OLD."sources" IS DISTINCT FROM (NEW."sources") OR OLD."synonyms" IS DISTINCT FROM (NEW."synonyms") OR OLD."who_id" IS DISTINCT FROM (NEW."who_id") OR OLD."whole_day" IS DISTINCT FROM (NEW."whole_day"))', func='INSERT INTO "therapies_therapyevent" ("arrival_lead_minutes", "booking_mode", "category", "change_notice_hours", "code", "consent", "description", "facts", "groups", "hours_after_meal", "id", "is_active", "kind", "maximum_age", "minimum_age", "name", "name_devanagari", "name_iast", "names", "needs", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "position", "reminder_hours", "same_gender", "scope", "sources", "synonyms", "who_id", "whole_day") VALUES (NEW."arrival_lead_minutes", NEW."booking_mode", NEW."category", NEW."change_notice_hours", NEW."code", NEW."consent", NEW."description", NEW."facts", NEW."groups", NEW."hours_after_meal", NEW."id", NEW."is_active", NEW."kind", NEW."maximum_age", NEW."minimum_age", NEW."name", NEW."name_devanagari", NEW."name_iast", NEW."names", NEW."needs", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phase", NEW."position", NEW."reminder_hours", NEW."same_gender", NEW."scope", NEW."sources", NEW."synonyms", NEW."who_id", NEW."whole_day"); RETURN NULL;', hash='fadcc52a200fdea88adf10563c879c82a7c7de8a', operation='UPDATE', pgid='pgtrigger_update_update_1e9af', table='therapies_therapy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='therapy',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_therapyevent" ("arrival_lead_minutes", "booking_mode", "category", "change_notice_hours", "code", "consent", "description", "facts", "groups", "hours_after_meal", "id", "is_active", "kind", "maximum_age", "minimum_age", "name", "name_devanagari", "name_iast", "names", "needs", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "position", "reminder_hours", "same_gender", "scope", "sources", "synonyms", "who_id", "whole_day") VALUES (OLD."arrival_lead_minutes", OLD."booking_mode", OLD."category", OLD."change_notice_hours", OLD."code", OLD."consent", OLD."description", OLD."facts", OLD."groups", OLD."hours_after_meal", OLD."id", OLD."is_active", OLD."kind", OLD."maximum_age", OLD."minimum_age", OLD."name", OLD."name_devanagari", OLD."name_iast", OLD."names", OLD."needs", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phase", OLD."position", OLD."reminder_hours", OLD."same_gender", OLD."scope", OLD."sources", OLD."synonyms", OLD."who_id", OLD."whole_day"); RETURN NULL;', hash='b5b65b19572e801b02d12fa125e42f8b7c063cf0', operation='DELETE', pgid='pgtrigger_delete_delete_b4190', table='therapies_therapy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='therapytext',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_therapytextevent" ("aftercare", "id", "language", "not_given", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preparation", "reviewed_by", "reviewed_on", "summary", "therapy_id", "what_happens") VALUES (NEW."aftercare", NEW."id", NEW."language", NEW."not_given", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."preparation", NEW."reviewed_by", NEW."reviewed_on", NEW."summary", NEW."therapy_id", NEW."what_happens"); RETURN NULL;', hash='e31b3b3db08ec14f2c6ce362aa3287ad61485166', operation='INSERT', pgid='pgtrigger_insert_insert_0a128', table='therapies_therapytext', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='therapytext',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "therapies_therapytextevent" ("aftercare", "id", "language", "not_given", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preparation", "reviewed_by", "reviewed_on", "summary", "therapy_id", "what_happens") VALUES (NEW."aftercare", NEW."id", NEW."language", NEW."not_given", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."preparation", NEW."reviewed_by", NEW."reviewed_on", NEW."summary", NEW."therapy_id", NEW."what_happens"); RETURN NULL;', hash='fba569dbca854508dd5f7c0af80ec1414ffb437a', operation='UPDATE', pgid='pgtrigger_update_update_74c3f', table='therapies_therapytext', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='therapytext',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_therapytextevent" ("aftercare", "id", "language", "not_given", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preparation", "reviewed_by", "reviewed_on", "summary", "therapy_id", "what_happens") VALUES (OLD."aftercare", OLD."id", OLD."language", OLD."not_given", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."preparation", OLD."reviewed_by", OLD."reviewed_on", OLD."summary", OLD."therapy_id", OLD."what_happens"); RETURN NULL;', hash='25c78e1b62e7f25c1eec6dc6ddb18a18b2124163', operation='DELETE', pgid='pgtrigger_delete_delete_0b029', table='therapies_therapytext', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='variant',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_variantevent" ("code", "id", "is_default", "name", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_feature", "smaller_crew_of", "therapy_id", "who_id", "window_from", "window_to") VALUES (NEW."code", NEW."id", NEW."is_default", NEW."name", NEW."names", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."room_feature", NEW."smaller_crew_of", NEW."therapy_id", NEW."who_id", NEW."window_from", NEW."window_to"); RETURN NULL;', hash='a4f4ff8734d7384ced762aebacc25eb54b8ab19f', operation='INSERT', pgid='pgtrigger_insert_insert_090ee', table='therapies_variant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='variant',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "therapies_variantevent" ("code", "id", "is_default", "name", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_feature", "smaller_crew_of", "therapy_id", "who_id", "window_from", "window_to") VALUES (NEW."code", NEW."id", NEW."is_default", NEW."name", NEW."names", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."room_feature", NEW."smaller_crew_of", NEW."therapy_id", NEW."who_id", NEW."window_from", NEW."window_to"); RETURN NULL;', hash='98e0ec01d718d976fc294e70be6b94df4ab613ec', operation='UPDATE', pgid='pgtrigger_update_update_b4dc2', table='therapies_variant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='variant',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_variantevent" ("code", "id", "is_default", "name", "names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "room_feature", "smaller_crew_of", "therapy_id", "who_id", "window_from", "window_to") VALUES (OLD."code", OLD."id", OLD."is_default", OLD."name", OLD."names", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."room_feature", OLD."smaller_crew_of", OLD."therapy_id", OLD."who_id", OLD."window_from", OLD."window_to"); RETURN NULL;', hash='49c40512e13c00800fd449630b552a343db13ea5', operation='DELETE', pgid='pgtrigger_delete_delete_4c0fb', table='therapies_variant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workinghours',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_workinghoursevent" ("clinic_id", "from_minute", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "to_minute", "valid_from", "valid_until", "weekday") VALUES (NEW."clinic_id", NEW."from_minute", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."practitioner_id", NEW."to_minute", NEW."valid_from", NEW."valid_until", NEW."weekday"); RETURN NULL;', hash='ee8ede869d3f3f11b58d15be55d49a94c954ee8a', operation='INSERT', pgid='pgtrigger_insert_insert_464ba', table='therapies_workinghours', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workinghours',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "therapies_workinghoursevent" ("clinic_id", "from_minute", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "to_minute", "valid_from", "valid_until", "weekday") VALUES (NEW."clinic_id", NEW."from_minute", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."practitioner_id", NEW."to_minute", NEW."valid_from", NEW."valid_until", NEW."weekday"); RETURN NULL;', hash='417b126bcb98d7b3e31428a22ae88b919a2a6ede', operation='UPDATE', pgid='pgtrigger_update_update_69e57', table='therapies_workinghours', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workinghours',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_workinghoursevent" ("clinic_id", "from_minute", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "to_minute", "valid_from", "valid_until", "weekday") VALUES (OLD."clinic_id", OLD."from_minute", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."practitioner_id", OLD."to_minute", OLD."valid_from", OLD."valid_until", OLD."weekday"); RETURN NULL;', hash='6044d77873689dcb0749c752dff62bc62b5c50a5', operation='DELETE', pgid='pgtrigger_delete_delete_73ab0', table='therapies_workinghours', when='AFTER')),
        ),
        migrations.AddField(
            model_name='contraindicationevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='contraindicationevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='therapies.contraindication'),
        ),
        migrations.AddField(
            model_name='contraindicationevent',
            name='term',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='therapies.term'),
        ),
        migrations.AddField(
            model_name='contraindicationevent',
            name='therapy',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='therapies.therapy'),
        ),
        migrations.AddField(
            model_name='priceevent',
            name='clinic',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='premises.clinic'),
        ),
        migrations.AddField(
            model_name='priceevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='priceevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='therapies.price'),
        ),
        migrations.AddField(
            model_name='priceevent',
            name='therapy',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='therapies.therapy'),
        ),
        migrations.AddField(
            model_name='qualificationevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='qualificationevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='therapies.qualification'),
        ),
        migrations.AddField(
            model_name='qualificationevent',
            name='practitioner',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='therapies.practitioner'),
        ),
        migrations.AddField(
            model_name='qualificationevent',
            name='therapy',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='therapies.therapy'),
        ),
        migrations.AddField(
            model_name='questionevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='questionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='therapies.question'),
        ),
        migrations.AddField(
            model_name='ruleevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='ruleevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='therapies.rule'),
        ),
        migrations.AddField(
            model_name='stepcrewevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='stepcrewevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='therapies.stepcrew'),
        ),
        migrations.AddField(
            model_name='stepcrewevent',
            name='step',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='therapies.step'),
        ),
        migrations.AddField(
            model_name='stepevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='stepevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='therapies.step'),
        ),
        migrations.AddField(
            model_name='stepevent',
            name='variant',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='therapies.variant'),
        ),
        migrations.AddField(
            model_name='termevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='termevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='therapies.term'),
        ),
        migrations.AddField(
            model_name='therapyevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='therapyevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='therapies.therapy'),
        ),
        migrations.AddField(
            model_name='therapytextevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='therapytextevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='therapies.therapytext'),
        ),
        migrations.AddField(
            model_name='therapytextevent',
            name='therapy',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='therapies.therapy'),
        ),
        migrations.AddField(
            model_name='variantevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='variantevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='therapies.variant'),
        ),
        migrations.AddField(
            model_name='variantevent',
            name='therapy',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='therapies.therapy'),
        ),
        migrations.AddField(
            model_name='workinghoursevent',
            name='clinic',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='premises.clinic'),
        ),
        migrations.AddField(
            model_name='workinghoursevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='workinghoursevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='therapies.workinghours'),
        ),
        migrations.AddField(
            model_name='workinghoursevent',
            name='practitioner',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='therapies.practitioner'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contraindicationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='18fcc24510321059c5bee1681ffa21893d5fa2ca', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8ece2', table='therapies_contraindicationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='priceevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d4814fc802d8ff6b6719e9ce3d6609cdcd867d9e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_36f76', table='therapies_priceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='qualificationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e68d5f78bc743fc588a2b0eee129cfe7374f3750', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6909d', table='therapies_qualificationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='questionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d46c913e1a9014d6167f48d2aa121f85a55edeed', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7b6f1', table='therapies_questionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ruleevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cee2ce99ad8c59346420b5dbbf70b7131217a5fe', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_cb751', table='therapies_ruleevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stepcrewevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='abc551c79568977af8e48eee26be9366a5a17eaa', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_83451', table='therapies_stepcrewevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stepevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f1e81f8465930eced8961d2564db2734d2bd74fa', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_70857', table='therapies_stepevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='termevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='313508ce279f69d8d8ed5f09fa949c0f5bbeb83f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_68e3f', table='therapies_termevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='therapyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7a07f21eb24e104193904b0633287989cbe4c648', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_94aaa', table='therapies_therapyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='therapytextevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d7f92b188ace55b3c0a7248f40fa8043ab58740f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4677a', table='therapies_therapytextevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='variantevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a00ed361e9fd3759beb22a06eb509847fa87953f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_61b56', table='therapies_variantevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workinghoursevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7250c89ffd5053bbcec693e6d84450b750a70ca1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_80e46', table='therapies_workinghoursevent', when='BEFORE')),
        ),
    ]
