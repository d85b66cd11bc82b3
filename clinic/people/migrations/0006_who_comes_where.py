"""History of which patient comes to which clinic."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_access_words_known"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("premises", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PatientClinic",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("people.patient_clinics",),
        ),
        migrations.CreateModel(
            name="PatientClinicEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="premises.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="people.patient",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patientclinic",
            trigger=pgtrigger.compiler.Trigger(
                name="clinic_joined_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "people_patientclinicevent" ("clinic_id", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (NEW."clinic_id", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'clinic.joined\'); RETURN NULL;',
                    hash="722ac588e959bdd497600cb9e4164ff28aaf5ab9",
                    operation="INSERT",
                    pgid="pgtrigger_clinic_joined_insert_a409b",
                    table="people_patient_clinics",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patientclinic",
            trigger=pgtrigger.compiler.Trigger(
                name="clinic_left_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "people_patientclinicevent" ("clinic_id", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (OLD."clinic_id", OLD."id", OLD."patient_id", _pgh_attach_context(), NOW(), \'clinic.left\'); RETURN NULL;',
                    hash="992abe8780b444ee0339e62f193c66ef29e2ee75",
                    operation="DELETE",
                    pgid="pgtrigger_clinic_left_delete_aa023",
                    table="people_patient_clinics",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patientclinicevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a5910da3ad84c7c9099a76dbace55771255c0261",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8b5db",
                    table="people_patientclinicevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
