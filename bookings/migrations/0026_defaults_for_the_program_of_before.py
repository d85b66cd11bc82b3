"""Columns that came lately have a default in the database: the program of before writes rows on while this one starts."""

from django.db import migrations

COLUMNS = (
    ("bookings_assessment", "signer_name"),
    ("bookings_assessment", "signer_number"),
    ("bookings_booking", "gaps"),
    ("bookings_booking", "stop_counts"),
    ("bookings_prescription", "signer_name"),
    ("bookings_prescription", "signer_number"),
    ("bookings_prescriptionitem", "dose"),
    ("bookings_prescriptionitem", "material_reason"),
    ("bookings_prescriptionitem", "temperature"),
    ("bookings_sessionnote", "grade"),
    ("bookings_sessionnote", "pain_rise"),
    ("bookings_sessionnoteevent", "grade"),
    ("bookings_sessionnoteevent", "pain_rise"),
    ("bookings_suspension", "mistaken"),
    ("bookings_suspensionevent", "mistaken"),
    ("people_patient", "emergency_contact"),
    ("people_patientevent", "emergency_contact"),
    ("premises_clinic", "day_check_by_phone"),
    ("premises_clinicevent", "day_check_by_phone"),
    ("therapies_practitioner", "phone"),
    ("therapies_therapy", "age_is_absolute"),
    ("therapies_therapyevent", "age_is_absolute"),
    ("therapies_variant", "preparation"),
    ("therapies_variantevent", "preparation"),
)
EMPTY = {"boolean": "false", "character varying": "''", "text": "''", "ARRAY": "'{}'", "jsonb": "'{}'"}
TRUE = {("therapies_therapy", "age_is_absolute"), ("therapies_therapyevent", "age_is_absolute")}
TYPES = """
SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' AND column_default IS NULL AND is_nullable = 'NO'
"""


def set_defaults(apps: object, schema_editor: object) -> None:
    with schema_editor.connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(TYPES)
        types = {(table, column): EMPTY.get(kind, "") for table, column, kind in cursor.fetchall()}
        for table, column in COLUMNS:
            if empty := types.get((table, column)):
                empty = "true" if (table, column) in TRUE else empty
                cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET DEFAULT {empty}')


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0025_rows_by_day"),
        ("people", "0014_reads_by_day_and_lighter_sessions"),
        ("premises", "0006_check_before_ghee_by_phone"),
        ("therapies", "0008_phone_on_duty"),
    ]

    operations = [migrations.RunPython(set_defaults, migrations.RunPython.noop)]
