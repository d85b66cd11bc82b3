from typing import Any

from django.db import migrations

VALUES = {
    "before": {
        "systolic": "systolic_before",
        "diastolic": "diastolic_before",
        "pulse": "pulse_before",
        "temperature": "temperature_before",
    },
    "since": {
        "systolic": "systolic_after",
        "diastolic": "diastolic_after",
        "pulse": "pulse_after",
    },
}
"""The readings of a note, by when they were taken, under the names that they have as rows of their own."""
CARRIED = """
INSERT INTO bookings_measurement
    (booking_id, "when", {columns}, unwell, unmeasured, why_unmeasured, effect, by_id, at)
SELECT booking_id, '{when}', {fields}, FALSE, '{{}}', '', '', by_id, at
FROM (
    SELECT *, row_number() OVER note AS place, lag(ROW({fields})::text) OVER note AS earlier
    FROM (
        SELECT pgh_id, pgh_obj_id AS note_id, booking_id, by_id, at, {fields} FROM bookings_sessionnoteevent
        UNION ALL
        SELECT NULL, id, booking_id, by_id, at, {fields} FROM bookings_sessionnote
    ) written
    WINDOW note AS (PARTITION BY note_id ORDER BY pgh_id NULLS LAST)
) changed
WHERE num_nonnulls({fields}) > 0 AND (place = 1 OR earlier IS DISTINCT FROM ROW({fields})::text)
ORDER BY at, note_id, place
"""
"""Every value that a note ever held, also those that were overwritten or emptied: its history kept them."""


def carry_readings(apps: Any, schema_editor: Any) -> None:
    for when, names in VALUES.items():
        schema_editor.execute(CARRIED.format(when=when, columns=", ".join(names), fields=", ".join(names.values())))


class Migration(migrations.Migration):
    dependencies = [("bookings", "0012_readings_that_nobody_overwrites")]
    operations = [migrations.RunPython(carry_readings, migrations.RunPython.noop, elidable=True)]
