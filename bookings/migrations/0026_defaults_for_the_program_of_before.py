"""Columns that came lately have a default in the database: the program of before writes rows on while this one starts."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

WORDS, NO, YES, NONE = "''", "false", "true", "'{}'"
COLUMNS = {
    "bookings_assessment": {"signer_name": WORDS, "signer_number": WORDS},
    "bookings_booking": {"gaps": NONE, "stop_counts": NO},
    "bookings_prescription": {"signer_name": WORDS, "signer_number": WORDS},
    "bookings_prescriptionitem": {
        "amount_reason": WORDS,
        "dose": WORDS,
        "dose_unit": WORDS,
        "material_reason": WORDS,
        "temperature": WORDS,
    },
    "bookings_sessionnote": {"grade": WORDS, "pain_rise": WORDS},
    "bookings_sessionnoteevent": {"grade": WORDS, "pain_rise": WORDS},
    "bookings_sessionuse": {"amount_reason": WORDS, "dose_unit": WORDS},
    "bookings_sessionuseevent": {"amount_reason": WORDS, "dose_unit": WORDS},
    "bookings_suspension": {"mistaken": NO},
    "bookings_suspensionevent": {"mistaken": NO},
    "people_patient": {"emergency_contact": WORDS},
    "people_patientevent": {"emergency_contact": WORDS},
    "premises_clinic": {"day_check_by_phone": NO, "watch_roles": "'{attendant,nurse}'", "watched_by_one": "3"},
    "premises_clinicevent": {"day_check_by_phone": NO, "watch_roles": "'{attendant,nurse}'", "watched_by_one": "3"},
    "therapies_practitioner": {"phone": WORDS},
    "therapies_therapy": {"age_is_absolute": YES},
    "therapies_therapyevent": {"age_is_absolute": YES},
    "therapies_variant": {"preparation": NONE},
    "therapies_variantevent": {"preparation": NONE},
}
"""As the models have them."""
WITHOUT = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND column_default IS NULL AND is_nullable = 'NO'
"""


def set_defaults(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(WITHOUT)
        missing = set(cursor.fetchall())
        for table, defaults in COLUMNS.items():
            for column, value in defaults.items():
                if (table, column) in missing:
                    cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET DEFAULT {value}')


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0025_rows_by_day"),
        ("people", "0014_reads_by_day_and_lighter_sessions"),
        ("premises", "0009_watching_over_patients"),
        ("therapies", "0008_phone_on_duty"),
    ]

    operations = [migrations.RunPython(set_defaults, migrations.RunPython.noop)]
