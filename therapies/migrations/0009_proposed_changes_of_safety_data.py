"""Proposed changes of safety data, and what became of them."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('therapies', '0008_home_of_practitioners'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SafetyProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('model', models.CharField(choices=[('question', 'Screening question'), ('rule', 'Rule'), ('contraindication', 'Contraindication'), ('term', 'Contraindication term'), ('therapy', 'Therapy'), ('variant', 'Variant')], max_length=20, verbose_name='kind')),
                ('row', models.BigIntegerField(blank=True, null=True)),
                ('title', models.CharField(max_length=300, verbose_name='of what')),
                ('before', models.JSONField(blank=True, null=True, verbose_name='before')),
                ('after', models.JSONField(blank=True, null=True, verbose_name='after')),
                ('tightens', models.BooleanField(verbose_name='stricter')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                ('status', models.CharField(choices=[('open', 'Waits for a Vaidya'), ('waiting', 'Confirmed, acts later'), ('in_force', 'In force'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('reverted', 'Taken back'), ('outdated', 'Outdated')], default='open', max_length=10, verbose_name='status')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('decision_reason', models.TextField(blank=True, verbose_name='reason of the decision')),
                ('alone', models.BooleanField(default=False, verbose_name='confirmed by one person alone')),
                ('effective_at', models.DateTimeField(blank=True, null=True, verbose_name='acts from')),
                ('acted_at', models.DateTimeField(blank=True, null=True, verbose_name='in force since')),
                ('seen_at', models.DateTimeField(blank=True, null=True, verbose_name='looked at')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decided_safety_proposals', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='safety_proposals', to=settings.AUTH_USER_MODEL)),
                ('seen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seen_safety_proposals', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'proposed change of safety data',
                'verbose_name_plural': 'proposed changes of safety data',
            },
        ),
        migrations.CreateModel(
            name='SafetyProposalEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('model', models.CharField(choices=[('question', 'Screening question'), ('rule', 'Rule'), ('contraindication', 'Contraindication'), ('term', 'Contraindication term'), ('therapy', 'Therapy'), ('variant', 'Variant')], max_length=20, verbose_name='kind')),
                ('row', models.BigIntegerField(blank=True, null=True)),
                ('title', models.CharField(max_length=300, verbose_name='of what')),
                ('before', models.JSONField(blank=True, null=True, verbose_name='before')),
                ('after', models.JSONField(blank=True, null=True, verbose_name='after')),
                ('tightens', models.BooleanField(verbose_name='stricter')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                ('status', models.CharField(choices=[('open', 'Waits for a Vaidya'), ('waiting', 'Confirmed, acts later'), ('in_force', 'In force'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('reverted', 'Taken back'), ('outdated', 'Outdated')], default='open', max_length=10, verbose_name='status')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('decision_reason', models.TextField(blank=True, verbose_name='reason of the decision')),
                ('alone', models.BooleanField(default=False, verbose_name='confirmed by one person alone')),
                ('effective_at', models.DateTimeField(blank=True, null=True, verbose_name='acts from')),
                ('acted_at', models.DateTimeField(blank=True, null=True, verbose_name='in force since')),
                ('seen_at', models.DateTimeField(blank=True, null=True, verbose_name='looked at')),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='therapies.safetyproposal')),
                ('proposed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('seen_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='safetyproposal',
            index=models.Index(condition=models.Q(('status__in', ('open', 'waiting'))), fields=['proposed_at'], name='safety_proposal_pending'),
        ),
        migrations.AddIndex(
            model_name='safetyproposal',
            index=models.Index(fields=['model', 'row'], name='safety_proposal_of_row'),
        ),
        migrations.AddConstraint(
            model_name='safetyproposal',
            constraint=models.CheckConstraint(condition=models.Q(('before__isnull', False), ('after__isnull', False), _connector='OR'), name='safety_proposal_changes_something'),
        ),
        migrations.AddConstraint(
            model_name='safetyproposal',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['open', 'waiting', 'in_force', 'declined', 'withdrawn', 'reverted', 'outdated'])), name='safety_proposal_status_known'),
        ),
        migrations.AddConstraint(
            model_name='safetyproposal',
            constraint=models.CheckConstraint(condition=models.Q(('model__in', ['question', 'rule', 'contraindication', 'term', 'therapy', 'variant'])), name='safety_proposal_model_known'),
        ),
        migrations.AddConstraint(
            model_name='safetyproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='safety_proposal_decided_by_and_at'),
        ),
        migrations.AddConstraint(
            model_name='safetyproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('seen_at', None), ('seen_by', None)), models.Q(('seen_at__isnull', False), ('seen_by__isnull', False)), _connector='OR'), name='safety_proposal_seen_by_and_at'),
        ),
        migrations.AddConstraint(
            model_name='safetyproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'waiting'), _negated=True), models.Q(('alone', True), ('effective_at__isnull', False)), _connector='OR'), name='safety_proposal_waits_until'),
        ),
        migrations.AddConstraint(
            model_name='safetyproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'in_force'), ('tightens', False), _negated=True), models.Q(('alone', True), ('decided_by__isnull', False), ('effective_at__isnull', False)), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='safety_proposal_loosened_by_two'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='safetyproposal',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_safetyproposalevent" ("acted_at", "after", "alone", "before", "decided_at", "decided_by_id", "decision_reason", "effective_at", "id", "model", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "public_id", "reason", "row", "seen_at", "seen_by_id", "status", "tightens", "title") VALUES (NEW."acted_at", NEW."after", NEW."alone", NEW."before", NEW."decided_at", NEW."decided_by_id", NEW."decision_reason", NEW."effective_at", NEW."id", NEW."model", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."public_id", NEW."reason", NEW."row", NEW."seen_at", NEW."seen_by_id", NEW."status", NEW."tightens", NEW."title"); RETURN NULL;', hash='05279e71684b2b6e9e9c01d3f71f09fdd9c6d4f2', operation='INSERT', pgid='pgtrigger_insert_insert_b8a80', table='therapies_safetyproposal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='safetyproposal',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "therapies_safetyproposalevent" ("acted_at", "after", "alone", "before", "decided_at", "decided_by_id", "decision_reason", "effective_at", "id", "model", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "public_id", "reason", "row", "seen_at", "seen_by_id", "status", "tightens", "title") VALUES (NEW."acted_at", NEW."after", NEW."alone", NEW."before", NEW."decided_at", NEW."decided_by_id", NEW."decision_reason", NEW."effective_at", NEW."id", NEW."model", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."public_id", NEW."reason", NEW."row", NEW."seen_at", NEW."seen_by_id", NEW."status", NEW."tightens", NEW."title"); RETURN NULL;', hash='ca2a32a3a7e5e07c7c8a436cecec67c28d0995fc', operation='UPDATE', pgid='pgtrigger_update_update_fefe6', table='therapies_safetyproposal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='safetyproposal',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "therapies_safetyproposalevent" ("acted_at", "after", "alone", "before", "decided_at", "decided_by_id", "decision_reason", "effective_at", "id", "model", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "public_id", "reason", "row", "seen_at", "seen_by_id", "status", "tightens", "title") VALUES (OLD."acted_at", OLD."after", OLD."alone", OLD."before", OLD."decided_at", OLD."decided_by_id", OLD."decision_reason", OLD."effective_at", OLD."id", OLD."model", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."public_id", OLD."reason", OLD."row", OLD."seen_at", OLD."seen_by_id", OLD."status", OLD."tightens", OLD."title"); RETURN NULL;', hash='49db637c97c585dea7ab2542a47e7b6ac00bdde7', operation='DELETE', pgid='pgtrigger_delete_delete_be68c', table='therapies_safetyproposal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='safetyproposalevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ef3fbc004684ea214f9d52c29d8068dc9265e7bb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_24f60', table='therapies_safetyproposalevent', when='BEFORE')),
        ),
    ]
