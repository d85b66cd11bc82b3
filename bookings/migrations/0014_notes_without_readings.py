import pgtrigger.compiler
import pgtrigger.migrations
from clinic.one_step import OneStep
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0013_earlier_readings'),
    ]

    operations = [
        OneStep([
            pgtrigger.migrations.RemoveTrigger(
                model_name='sessionnote',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='sessionnote',
                name='update_update',
            ),
            migrations.RemoveField(
                model_name='sessionnote',
                name='diastolic_after',
            ),
            migrations.RemoveField(
                model_name='sessionnote',
                name='diastolic_before',
            ),
            migrations.RemoveField(
                model_name='sessionnote',
                name='pulse_after',
            ),
            migrations.RemoveField(
                model_name='sessionnote',
                name='pulse_before',
            ),
            migrations.RemoveField(
                model_name='sessionnote',
                name='systolic_after',
            ),
            migrations.RemoveField(
                model_name='sessionnote',
                name='systolic_before',
            ),
            migrations.RemoveField(
                model_name='sessionnote',
                name='temperature_before',
            ),
            migrations.RemoveField(
                model_name='sessionnoteevent',
                name='diastolic_after',
            ),
            migrations.RemoveField(
                model_name='sessionnoteevent',
                name='diastolic_before',
            ),
            migrations.RemoveField(
                model_name='sessionnoteevent',
                name='pulse_after',
            ),
            migrations.RemoveField(
                model_name='sessionnoteevent',
                name='pulse_before',
            ),
            migrations.RemoveField(
                model_name='sessionnoteevent',
                name='systolic_after',
            ),
            migrations.RemoveField(
                model_name='sessionnoteevent',
                name='systolic_before',
            ),
            migrations.RemoveField(
                model_name='sessionnoteevent',
                name='temperature_before',
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='sessionnote',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bookings_sessionnoteevent" ("adverse_event", "at", "batch", "booking_id", "by_id", "event_code", "id", "identifiers", "materials", "observations", "pain_after", "pain_before", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pressure", "stop_sign") VALUES (NEW."adverse_event", NEW."at", NEW."batch", NEW."booking_id", NEW."by_id", NEW."event_code", NEW."id", NEW."identifiers", NEW."materials", NEW."observations", NEW."pain_after", NEW."pain_before", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pressure", NEW."stop_sign"); RETURN NULL;', hash='56cde1adde757aaa31a7fb61f3142e19f6f50fbd', operation='INSERT', pgid='pgtrigger_insert_insert_20932', table='bookings_sessionnote', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='sessionnote',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "bookings_sessionnoteevent" ("adverse_event", "at", "batch", "booking_id", "by_id", "event_code", "id", "identifiers", "materials", "observations", "pain_after", "pain_before", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pressure", "stop_sign") VALUES (NEW."adverse_event", NEW."at", NEW."batch", NEW."booking_id", NEW."by_id", NEW."event_code", NEW."id", NEW."identifiers", NEW."materials", NEW."observations", NEW."pain_after", NEW."pain_before", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pressure", NEW."stop_sign"); RETURN NULL;', hash='b0970ec2a9d055af5225773a95d48575a2e79aad', operation='UPDATE', pgid='pgtrigger_update_update_b12e1', table='bookings_sessionnote', when='AFTER')),
            ),
        ]),
    ]
