"""Nothing new is written to a merged record: its visits and time are the survivor's."""

import clinic.append_only
import pgtrigger.compiler
import pgtrigger.migrations
from clinic.one_step import OneStep
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0022_merged_records'),
        ('bookings', '0034_payments_with_receipt_numbers'),
    ]

    operations = [
        OneStep([
            pgtrigger.migrations.AddTrigger(
                model_name='occupancy',
                trigger=pgtrigger.compiler.Trigger(name='occupancy_of_no_merged_record', sql=clinic.append_only.SealedTriggerSql(declare='DECLARE survivor bigint;', func="\n            IF NEW.patient_id IS NULL THEN\n                RETURN NEW;\n            END IF;\n            SELECT merged_into_id INTO survivor FROM people_patient WHERE id = NEW.patient_id FOR KEY SHARE;\n            IF survivor IS NOT NULL THEN\n                RAISE EXCEPTION 'This record was merged into another one'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'occupancy_of_no_merged_record';\n            END IF;\n            RETURN NEW;\n        ", hash='18b7c7e225c007ad7019ce24540a385493f3c7a5', operation='INSERT OR UPDATE OF "patient_id"', pgid='pgtrigger_occupancy_of_no_merged_record_2e875', table='bookings_occupancy', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='visit',
                trigger=pgtrigger.compiler.Trigger(name='visit_of_no_merged_record', sql=clinic.append_only.SealedTriggerSql(declare='DECLARE survivor bigint;', func="\n            IF NEW.patient_id IS NULL THEN\n                RETURN NEW;\n            END IF;\n            SELECT merged_into_id INTO survivor FROM people_patient WHERE id = NEW.patient_id FOR KEY SHARE;\n            IF survivor IS NOT NULL THEN\n                RAISE EXCEPTION 'This record was merged into another one'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'visit_of_no_merged_record';\n            END IF;\n            RETURN NEW;\n        ", hash='560719414acf26381286da2c55492e9404c158d4', operation='INSERT OR UPDATE OF "patient_id"', pgid='pgtrigger_visit_of_no_merged_record_ec2e0', table='bookings_visit', when='BEFORE')),
            ),
        ]),
    ]
