"""The link from a merged record to the one that goes on, the set of records of a person, and what was merged."""

import clinic.append_only
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from clinic.one_step import OneStep
from django.conf import settings
from django.db import migrations, models

# All records of one person, whichever of them is named.
RECORDS_OF = """
CREATE FUNCTION people_records_of(patient bigint) RETURNS bigint[] LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  survivor bigint := coalesce((SELECT merged_into_id FROM people_patient WHERE id = patient), patient);
BEGIN
  RETURN survivor || ARRAY(SELECT id FROM people_patient WHERE merged_into_id = survivor);
END $$
"""
RECORDS_OF_ALL = """
CREATE FUNCTION people_records_of_all(patients bigint[]) RETURNS bigint[] LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT record FROM unnest(patients) patient, unnest(people_records_of(patient)) record)
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0021_deaths_noted'),
        ('premises', '0010_late_change_price'),
    ]

    operations = [
        OneStep([
            migrations.AddField(
                model_name='patient',
                name='merged_into',
                field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_records', to='people.patient', verbose_name='merged into'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='access',
                trigger=pgtrigger.compiler.Trigger(name='access_of_no_merged_record', sql=clinic.append_only.SealedTriggerSql(declare='DECLARE survivor bigint;', func="\n            IF NEW.patient_id IS NULL THEN\n                RETURN NEW;\n            END IF;\n            SELECT merged_into_id INTO survivor FROM people_patient WHERE id = NEW.patient_id FOR KEY SHARE;\n            IF survivor IS NOT NULL THEN\n                RAISE EXCEPTION 'This record was merged into another one'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'access_of_no_merged_record';\n            END IF;\n            RETURN NEW;\n        ", hash='c49b715566506e5bece999f5bfc87b2e8e22754d', operation='INSERT OR UPDATE OF "patient_id"', pgid='pgtrigger_access_of_no_merged_record_47b3c', table='people_access', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='invitation',
                trigger=pgtrigger.compiler.Trigger(name='invitation_of_no_merged_record', sql=clinic.append_only.SealedTriggerSql(declare='DECLARE survivor bigint;', func="\n            IF NEW.patient_id IS NULL THEN\n                RETURN NEW;\n            END IF;\n            SELECT merged_into_id INTO survivor FROM people_patient WHERE id = NEW.patient_id FOR KEY SHARE;\n            IF survivor IS NOT NULL THEN\n                RAISE EXCEPTION 'This record was merged into another one'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'invitation_of_no_merged_record';\n            END IF;\n            RETURN NEW;\n        ", hash='da6271d5965a3422d800934f463f55a1191fb3e0', operation='INSERT OR UPDATE OF "patient_id"', pgid='pgtrigger_invitation_of_no_merged_record_ab617', table='people_invitation', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='patient',
                trigger=pgtrigger.compiler.Trigger(name='patient_merged_in_one_step', sql=clinic.append_only.SealedTriggerSql(declare='DECLARE beyond bigint;', func="\n            IF NEW.merged_into_id IS NULL THEN\n                RETURN NEW;\n            END IF;\n            SELECT merged_into_id INTO beyond FROM people_patient WHERE id = NEW.merged_into_id FOR SHARE;\n            IF beyond IS NOT NULL OR NEW.merged_into_id = NEW.id\n                OR EXISTS (SELECT FROM people_patient WHERE merged_into_id = NEW.id)\n            THEN\n                RAISE EXCEPTION 'A merged record leads to its survivor in one step'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'patient_merged_in_one_step';\n            END IF;\n            RETURN NEW;\n        ", hash='746015313b26887f30b650f94cd5bd30c3ffe514', operation='INSERT OR UPDATE OF "merged_into_id"', pgid='pgtrigger_patient_merged_in_one_step_7a166', table='people_patient', when='BEFORE')),
            ),
        ]),
        migrations.RunSQL(RECORDS_OF, "DROP FUNCTION people_records_of(bigint)"),
        migrations.RunSQL(RECORDS_OF_ALL, "DROP FUNCTION people_records_of_all(bigint[])"),
        migrations.CreateModel(
            name='PatientMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone')),
                ('moved', models.JSONField(default=dict, verbose_name='what moved')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to=settings.AUTH_USER_MODEL)),
                ('merged', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges_into_others', to='people.patient')),
                ('survivor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to='people.patient')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_merges', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'merge of records',
                'verbose_name_plural': 'merges of records',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('merged',), name='patient_merge_once'), models.CheckConstraint(condition=models.Q(('survivor', models.F('merged')), _negated=True), name='patient_merge_of_two'), models.CheckConstraint(condition=models.Q(models.Q(('undone_at', None), ('undone_by', None)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False)), _connector='OR'), name='patient_merge_undone_by_and_when')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patientmerge',
            trigger=pgtrigger.compiler.Trigger(name='patient_merge_no_delete', sql=clinic.append_only.SealedTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='9a4f7306e01701535efbe6253f31f10ebde250bb', operation='DELETE', pgid='pgtrigger_patient_merge_no_delete_b407d', table='people_patientmerge', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patientmerge',
            trigger=pgtrigger.compiler.Trigger(name='patient_merge_no_truncate', sql=clinic.append_only.SealedTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='8ea10381303a254de305cee82b3aa52936afa342', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_patient_merge_no_truncate_4ebdb', table='people_patientmerge', when='BEFORE')),
        ),
    ]
