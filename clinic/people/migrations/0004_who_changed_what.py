"""History of who changed what: events of patients, accesses, memberships and accounts."""

import clinic.people.models.user
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import phonenumber_field.modelfields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_cache_table"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("premises", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("self", "Myself"),
                            ("child", "My child"),
                            ("parent", "My parent"),
                            ("spouse", "My wife or husband"),
                            ("other", "Somebody I care for"),
                        ],
                        max_length=10,
                        verbose_name="relation",
                    ),
                ),
                (
                    "width",
                    models.CharField(
                        choices=[("appointments", "Appointments only"), ("full", "Full record")],
                        max_length=15,
                        verbose_name="sees",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until (first day without)")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MembershipEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("front_desk", "Front desk"),
                            ("therapist", "Therapist"),
                            ("attendant", "Attendant"),
                            ("nurse", "Nurse"),
                            ("vaidya", "Vaidya"),
                            ("manager", "Manager"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until (first day without)")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PatientEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("given_name", models.CharField(max_length=80, verbose_name="first name")),
                ("family_name", models.CharField(blank=True, max_length=80, verbose_name="family name")),
                ("birth_date", models.DateField(verbose_name="birth date")),
                ("gender", models.CharField(blank=True, max_length=40, verbose_name="gender, in your own words")),
                (
                    "accepts_therapist",
                    models.CharField(
                        blank=True,
                        choices=[("female", "Women"), ("male", "Men"), ("any", "Women or men")],
                        max_length=10,
                        verbose_name="therapists for body treatments",
                    ),
                ),
                (
                    "phone",
                    phonenumber_field.modelfields.PhoneNumberField(
                        blank=True, max_length=128, region=None, verbose_name="phone"
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="contact e-mail")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("hi", "Hindi")],
                        default="en",
                        max_length=5,
                        verbose_name="language of letters",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("call", "Telephone call by the front desk"),
                            ("paper", "On paper"),
                        ],
                        default="email",
                        max_length=10,
                        verbose_name="how we reach you",
                    ),
                ),
                ("discreet", models.BooleanField(default=False, verbose_name="discreet letters (no name in them)")),
                ("label", models.CharField(blank=True, max_length=40, verbose_name="label in discreet letters")),
                ("needs", models.CharField(blank=True, max_length=200, verbose_name="what helps you at the clinic")),
                ("registered_at", models.DateTimeField(verbose_name="registered")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UserEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        default=clinic.people.models.user.random_name, max_length=40, verbose_name="staff number"
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("is_staff", models.BooleanField(default=False, verbose_name="may open the admin")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("joined_at", models.DateTimeField(blank=True, null=True, verbose_name="joined")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="membership",
            name="membership_ends_after_start",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="access",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "people_accessevent" ("ends_on", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "starts_on", "user_id", "width") VALUES (NEW."ends_on", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."relation", NEW."starts_on", NEW."user_id", NEW."width"); RETURN NULL;',
                    hash="a7afad998aa243fb87be00067fcb47ffbe146d24",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e8f77",
                    table="people_access",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="access",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "people_accessevent" ("ends_on", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "starts_on", "user_id", "width") VALUES (NEW."ends_on", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."relation", NEW."starts_on", NEW."user_id", NEW."width"); RETURN NULL;',
                    hash="de450da7c5c585a2cd0cb94ac6cb8c11b1cd3020",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_29753",
                    table="people_access",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "people_membershipevent" ("clinic_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "starts_on", "user_id") VALUES (NEW."clinic_id", NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."starts_on", NEW."user_id"); RETURN NULL;',
                    hash="005a738d674408a2caf7dd3937f828f64790f9f6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6bbf7",
                    table="people_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "people_membershipevent" ("clinic_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "starts_on", "user_id") VALUES (NEW."clinic_id", NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."starts_on", NEW."user_id"); RETURN NULL;',
                    hash="b87d2e8413700bb0a6745be701ea98aae34da4d4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c12bb",
                    table="people_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patient",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "people_patientevent" ("accepts_therapist", "birth_date", "channel", "discreet", "email", "family_name", "gender", "given_name", "id", "label", "language", "needs", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "public_id", "registered_at", "registered_by_id") VALUES (NEW."accepts_therapist", NEW."birth_date", NEW."channel", NEW."discreet", NEW."email", NEW."family_name", NEW."gender", NEW."given_name", NEW."id", NEW."label", NEW."language", NEW."needs", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."public_id", NEW."registered_at", NEW."registered_by_id"); RETURN NULL;',
                    hash="9383a0d12188eeb814bfa58d6e6afef99f083243",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_17910",
                    table="people_patient",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patient",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "people_patientevent" ("accepts_therapist", "birth_date", "channel", "discreet", "email", "family_name", "gender", "given_name", "id", "label", "language", "needs", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "public_id", "registered_at", "registered_by_id") VALUES (NEW."accepts_therapist", NEW."birth_date", NEW."channel", NEW."discreet", NEW."email", NEW."family_name", NEW."gender", NEW."given_name", NEW."id", NEW."label", NEW."language", NEW."needs", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."public_id", NEW."registered_at", NEW."registered_by_id"); RETURN NULL;',
                    hash="e051768c33aa79f3d394c2fb1ea9edea39bac90b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_950c8",
                    table="people_patient",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "people_userevent" ("email", "id", "is_active", "is_staff", "is_superuser", "joined_at", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (NEW."email", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."joined_at", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."username"); RETURN NULL;',
                    hash="3fd5490ad2a06c7845bcfedf83430a5757793207",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7e9ab",
                    table="people_user",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."joined_at" IS DISTINCT FROM (NEW."joined_at") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."username" IS DISTINCT FROM (NEW."username"))',
                    func='INSERT INTO "people_userevent" ("email", "id", "is_active", "is_staff", "is_superuser", "joined_at", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (NEW."email", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."joined_at", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."username"); RETURN NULL;',
                    hash="ac445467536b54eb504848b498d7740f81281518",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_86e64",
                    table="people_user",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="membership_ends_after_start",
                violation_error_message="The end must not be before the beginning.",
            ),
        ),
        migrations.AddField(
            model_name="accessevent",
            name="patient",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="people.patient",
            ),
        ),
        migrations.AddField(
            model_name="accessevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="accessevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="people.access",
            ),
        ),
        migrations.AddField(
            model_name="accessevent",
            name="user",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="membershipevent",
            name="clinic",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="premises.clinic",
            ),
        ),
        migrations.AddField(
            model_name="membershipevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="membershipevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="people.membership",
            ),
        ),
        migrations.AddField(
            model_name="membershipevent",
            name="user",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="patientevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="patientevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="people.patient",
            ),
        ),
        migrations.AddField(
            model_name="patientevent",
            name="registered_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="userevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="userevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="accessevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8f955488e5c593ae42d7d5724719810b7413fbc7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d4c3c",
                    table="people_accessevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membershipevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f22365c09e76ac49145de3ef9be99f0c2407bd7b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3b09f",
                    table="people_membershipevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patientevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d47d32cae08d85fd5e8656c58d77b621666e0dfb",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_5be91",
                    table="people_patientevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="userevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="58c9797304ded816d5f5d9c12355ee086d62bf08",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f5bab",
                    table="people_userevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
