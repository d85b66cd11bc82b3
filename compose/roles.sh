#!/bin/sh
# Run once, when the database is made: the role that serves owns nothing; sealed logs have a role of their own.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$CLINIC_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE clinic LOGIN PASSWORD :'password';
CREATE ROLE clinic_redaction NOLOGIN;
SQL
