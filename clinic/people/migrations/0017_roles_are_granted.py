import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0016_clinic_devices'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('premises', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='RoleOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(help_text='As whoever offers the role knows the person.', max_length=120, verbose_name='name')),
                ('role', models.CharField(choices=[('front_desk', 'Front desk'), ('therapist', 'Therapist'), ('attendant', 'Attendant'), ('nurse', 'Nurse'), ('vaidya', 'Vaidya'), ('manager', 'Manager')], max_length=20, verbose_name='role')),
                ('registration_number', models.CharField(blank=True, max_length=40, verbose_name='registration number')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('alone', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('closing', models.CharField(blank=True, choices=[('declined', 'Declined'), ('refused', 'Refused by a Vaidya'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Not answered in time')], max_length=10)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'offer of a role',
                'verbose_name_plural': 'offers of roles',
            },
        ),
        migrations.CreateModel(
            name='RoleOfferEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(help_text='As whoever offers the role knows the person.', max_length=120, verbose_name='name')),
                ('role', models.CharField(choices=[('front_desk', 'Front desk'), ('therapist', 'Therapist'), ('attendant', 'Attendant'), ('nurse', 'Nurse'), ('vaidya', 'Vaidya'), ('manager', 'Manager')], max_length=20, verbose_name='role')),
                ('registration_number', models.CharField(blank=True, max_length=40, verbose_name='registration number')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('alone', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('closing', models.CharField(blank=True, choices=[('declined', 'Declined'), ('refused', 'Refused by a Vaidya'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Not answered in time')], max_length=10)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='membership',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='membership',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='user',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='user',
            name='update_update',
        ),
        migrations.AddField(
            model_name='membership',
            name='alone',
            field=models.BooleanField(default=False, editable=False, verbose_name='confirmed alone'),
        ),
        migrations.AddField(
            model_name='membership',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='confirmed_memberships', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='membership',
            name='granted_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='granted_memberships', to=settings.AUTH_USER_MODEL, verbose_name='given by'),
        ),
        migrations.AddField(
            model_name='membership',
            name='reason',
            field=models.CharField(blank=True, editable=False, max_length=200, verbose_name='reason'),
        ),
        # What is there already was held before: then the default of new rows.
        migrations.AddField(
            model_name='membership',
            name='source',
            field=models.CharField(choices=[('earlier', 'Held before grants were recorded'), ('operator', 'Given by the operator'), ('granted', 'Given in the product')], default='earlier', editable=False, max_length=10, verbose_name='came by'),
        ),
        migrations.AlterField(
            model_name='membership',
            name='source',
            field=models.CharField(choices=[('earlier', 'Held before grants were recorded'), ('operator', 'Given by the operator'), ('granted', 'Given in the product')], default='granted', editable=False, max_length=10, verbose_name='came by'),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='alone',
            field=models.BooleanField(default=False, editable=False, verbose_name='confirmed alone'),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='granted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='given by'),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='reason',
            field=models.CharField(blank=True, editable=False, max_length=200, verbose_name='reason'),
        ),
        # What is there already was held before: then the default of new rows.
        migrations.AddField(
            model_name='membershipevent',
            name='source',
            field=models.CharField(choices=[('earlier', 'Held before grants were recorded'), ('operator', 'Given by the operator'), ('granted', 'Given in the product')], default='earlier', editable=False, max_length=10, verbose_name='came by'),
        ),
        migrations.AlterField(
            model_name='membershipevent',
            name='source',
            field=models.CharField(choices=[('earlier', 'Held before grants were recorded'), ('operator', 'Given by the operator'), ('granted', 'Given in the product')], default='granted', editable=False, max_length=10, verbose_name='came by'),
        ),
        migrations.AddField(
            model_name='user',
            name='registration_number',
            field=models.CharField(blank=True, help_text='Of a Vaidya: the number in the state or national register.', max_length=40, verbose_name='registration number'),
        ),
        migrations.AddField(
            model_name='userevent',
            name='registration_number',
            field=models.CharField(blank=True, help_text='Of a Vaidya: the number in the state or national register.', max_length=40, verbose_name='registration number'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_membershipevent" ("alone", "clinic_id", "confirmed_by_id", "ends_on", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "role", "source", "starts_on", "user_id") VALUES (NEW."alone", NEW."clinic_id", NEW."confirmed_by_id", NEW."ends_on", NEW."granted_by_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."role", NEW."source", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='a101f4f0ddf5c6d6f3d46cda663efa22ca3fdcb1', operation='INSERT', pgid='pgtrigger_insert_insert_6bbf7', table='people_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "people_membershipevent" ("alone", "clinic_id", "confirmed_by_id", "ends_on", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "role", "source", "starts_on", "user_id") VALUES (NEW."alone", NEW."clinic_id", NEW."confirmed_by_id", NEW."ends_on", NEW."granted_by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."role", NEW."source", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='fd94dce7b364b39df42435e894f0444acfd657a6', operation='UPDATE', pgid='pgtrigger_update_update_c12bb', table='people_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_userevent" ("email", "id", "is_active", "is_staff", "is_superuser", "joined_at", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_number", "username") VALUES (NEW."email", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."joined_at", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."registration_number", NEW."username"); RETURN NULL;', hash='ddeacc29f9d67166656617ba223f852b5436e425', operation='INSERT', pgid='pgtrigger_insert_insert_7e9ab', table='people_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."joined_at" IS DISTINCT FROM (NEW."joined_at") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."registration_number" IS DISTINCT FROM (NEW."registration_number") OR OLD."username" IS DISTINCT FROM (NEW."username"))', func='INSERT INTO "people_userevent" ("email", "id", "is_active", "is_staff", "is_superuser", "joined_at", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_number", "username") VALUES (NEW."email", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."joined_at", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."registration_number", NEW."username"); RETURN NULL;', hash='ac2b374c85f592b3e856546e5c3624d2d27e8407', operation='UPDATE', pgid='pgtrigger_update_update_86e64', table='people_user', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['earlier', 'operator']), models.Q(('granted_by__isnull', False), ('source', 'granted')), _connector='OR'), name='membership_granted_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', 'granted'), _negated=True), models.Q(('role__in', ('therapist', 'attendant', 'nurse', 'vaidya')), _negated=True), ('confirmed_by__isnull', False), _connector='OR'), name='membership_clinical_confirmed', violation_error_message='A Vaidya confirms this role.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', 'granted'), _negated=True), models.Q(('role__in', ('therapist', 'attendant', 'nurse', 'vaidya')), _negated=True), models.Q(models.Q(('granted_by', models.F('user')), _negated=True), models.Q(('confirmed_by', models.F('user')), _negated=True)), _connector='OR'), name='membership_clinical_by_others', violation_error_message='Nobody gives themselves this role.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('granted_by')), _negated=True), ('alone', True), _connector='OR'), name='membership_alone_marked'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('alone', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='membership_alone_has_a_reason'),
        ),
        migrations.AddField(
            model_name='roleoffer',
            name='clinic',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_offers', to='premises.clinic'),
        ),
        migrations.AddField(
            model_name='roleoffer',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='confirmed_role_offers', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roleoffer',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='made_role_offers', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roleoffer',
            name='membership',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offer', to='people.membership'),
        ),
        migrations.AddField(
            model_name='roleoffer',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_offers', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roleofferevent',
            name='clinic',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='premises.clinic'),
        ),
        migrations.AddField(
            model_name='roleofferevent',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roleofferevent',
            name='made_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roleofferevent',
            name='membership',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='people.membership'),
        ),
        migrations.AddField(
            model_name='roleofferevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='roleofferevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='people.roleoffer'),
        ),
        migrations.AddField(
            model_name='roleofferevent',
            name='user',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='roleoffer',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['front_desk', 'therapist', 'attendant', 'nurse', 'vaidya', 'manager'])), name='role_offer_role_known'),
        ),
        migrations.AddConstraint(
            model_name='roleoffer',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='role_offer_expires_later'),
        ),
        migrations.AddConstraint(
            model_name='roleoffer',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None), ('membership', None)), fields=('user', 'clinic', 'role'), name='role_offer_open_once'),
        ),
        migrations.AddConstraint(
            model_name='roleoffer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='role_offer_confirmed_by_and_at'),
        ),
        migrations.AddConstraint(
            model_name='roleoffer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closing', '')), models.Q(models.Q(('closing', ''), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='role_offer_closed_why_and_when'),
        ),
        migrations.AddConstraint(
            model_name='roleoffer',
            constraint=models.CheckConstraint(condition=models.Q(('membership', None), models.Q(('accepted_at__isnull', False), ('closed_at', None), models.Q(models.Q(('role__in', ('therapist', 'attendant', 'nurse', 'vaidya')), _negated=True), ('confirmed_by__isnull', False), _connector='OR')), _connector='OR'), name='role_offer_complete'),
        ),
        migrations.AddConstraint(
            model_name='roleoffer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role__in', ('therapist', 'attendant', 'nurse', 'vaidya')), _negated=True), models.Q(models.Q(('made_by', models.F('user')), _negated=True), models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('user')), _negated=True), _connector='OR')), _connector='OR'), name='role_offer_by_others'),
        ),
        migrations.AddConstraint(
            model_name='roleoffer',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('made_by')), _negated=True), models.Q(('alone', True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='role_offer_alone_has_a_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roleoffer',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "people_roleofferevent" ("accepted_at", "alone", "clinic_id", "closed_at", "closing", "confirmed_at", "confirmed_by_id", "expires_at", "id", "made_at", "made_by_id", "membership_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reason", "registration_number", "role", "starts_on", "user_id") VALUES (NEW."accepted_at", NEW."alone", NEW."clinic_id", NEW."closed_at", NEW."closing", NEW."confirmed_at", NEW."confirmed_by_id", NEW."expires_at", NEW."id", NEW."made_at", NEW."made_by_id", NEW."membership_id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."reason", NEW."registration_number", NEW."role", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='3d9099a940875e7f85973a9ade6433b64245e33f', operation='INSERT', pgid='pgtrigger_insert_insert_10544', table='people_roleoffer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roleoffer',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "people_roleofferevent" ("accepted_at", "alone", "clinic_id", "closed_at", "closing", "confirmed_at", "confirmed_by_id", "expires_at", "id", "made_at", "made_by_id", "membership_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reason", "registration_number", "role", "starts_on", "user_id") VALUES (NEW."accepted_at", NEW."alone", NEW."clinic_id", NEW."closed_at", NEW."closing", NEW."confirmed_at", NEW."confirmed_by_id", NEW."expires_at", NEW."id", NEW."made_at", NEW."made_by_id", NEW."membership_id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."reason", NEW."registration_number", NEW."role", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='ead34d8b009419281503e3f51adbc650e0c6b6b8', operation='UPDATE', pgid='pgtrigger_update_update_c48c8', table='people_roleoffer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roleofferevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5141226845c7d9ea7d6fd4622a4c5f915388062a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1d901', table='people_roleofferevent', when='BEFORE')),
        ),
    ]
