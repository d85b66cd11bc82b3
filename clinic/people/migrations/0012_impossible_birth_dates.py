"""Birth dates in the future or before 1900 become the nearest possible day; the history keeps what was typed."""

from django.db import migrations

MEND = """
UPDATE people_patient
   SET birth_date = greatest(DATE '1900-01-01', least(birth_date, timezone(INTERVAL '14 hours', registered_at)::date))
 WHERE birth_date < DATE '1900-01-01' OR birth_date > timezone(INTERVAL '14 hours', registered_at)::date
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0011_zones_in_queries")]
    operations = [migrations.RunSQL(MEND, migrations.RunSQL.noop)]
