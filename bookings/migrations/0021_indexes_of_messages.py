"""Indexes of messages: those that nothing scans go, and what is asked of few rows holds only those.

Built and dropped beside the work, each by itself.
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models
from django.db.models import Q

from clinic.one_step import OneStep
from clinic.schema_changes import BuildIndex, DropIndex

KEYS = {
    "clinic": ("premises.clinic", "messages", "bookings_message_clinic_id_b29c6851"),
    "visit": ("bookings.visit", "messages", "bookings_message_visit_id_119d8239"),
    "patient": ("people.patient", "messages", "bookings_message_patient_id_1adb808b"),
    "user": (settings.AUTH_USER_MODEL, "messages", "bookings_message_user_id_1cdf62c9"),
    "settled_by": (settings.AUTH_USER_MODEL, "settled_messages", "bookings_message_settled_by_id_c252b658"),
    "made_by": (settings.AUTH_USER_MODEL, "made_messages", "bookings_message_made_by_id_d46de9de"),
    "resend_of": ("bookings.message", "resends", "bookings_message_resend_of_id_276de269"),
}


def build(index: models.Index) -> BuildIndex:
    return BuildIndex(model_name="message", index=index)


def without_own_index(name: str) -> migrations.AlterField:
    """Of the state only: altered in the database too, the key of every row would be checked once more."""
    to, related_name, _index = KEYS[name]
    options: dict[str, Any] = {"to": to, "related_name": related_name, "blank": True, "null": True, "db_index": False}
    field = models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, **options)
    return migrations.AlterField(model_name="message", name=name, field=field)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("people", "0013_emergency_contacts"),
        ("premises", "0006_check_before_ghee_by_phone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("bookings", "0020_materials_used_in_sessions"),
    ]

    operations = [
        OneStep(
            [
                build(models.Index(condition=Q(state="failed"), fields=["clinic", "due_at"], name="message_failed")),
                build(BrinIndex(autosummarize=True, fields=["due_at"], name="message_by_day")),
                *(
                    build(models.Index(condition=Q(**{f"{name}__isnull": False}), fields=[name], name=f"message_{name}"))
                    for name in ("patient", "user", "settled_by", "made_by", "resend_of")
                ),
            ]
        ),
        migrations.SeparateDatabaseAndState(state_operations=[OneStep([without_own_index(name) for name in KEYS])]),
        OneStep(
            [
                *(DropIndex(index, table="bookings_message", columns=f"{name}_id") for name, (*_, index) in KEYS.items()),
                DropIndex("bookings_message_key_7a30bfd7_like", table="bookings_message", columns="key varchar_pattern_ops"),
                DropIndex("bookings_visit_ics_uid_866395f3_like", table="bookings_visit", columns="ics_uid varchar_pattern_ops"),
            ]
        ),
    ]
