"""What the wall of a zone shows, in queries: a zone that the database does not know stops no query."""

from django.db import migrations

IS_KNOWN = """
CREATE FUNCTION zone_is_known(zone text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  PERFORM timezone(zone, TIMESTAMPTZ '2000-01-01 00:00:00+00');
  RETURN true;
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN false;
END $$
"""
WALL = """
CREATE FUNCTION wall_time(zone text, moment timestamptz) RETURNS timestamp LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  RETURN timezone(zone, moment);
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN timezone('UTC', moment);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0010_makers_of_accounts")]
    operations = [
        migrations.RunSQL(IS_KNOWN, "DROP FUNCTION zone_is_known(text)"),
        migrations.RunSQL(WALL, "DROP FUNCTION wall_time(text, timestamptz)"),
    ]
