"""What a migration must not do to a clinic at work, read from its SQL; `test_migrations` collects the statements."""

import re
from collections.abc import Iterable

LANDED = {
    ("people", "0013_emergency_contacts"),
    ("premises", "0009_watching_over_patients"),
    ("therapies", "0008_phone_on_duty"),
    ("bookings", "0024_amounts_as_numbers"),
}
"""The last migrations from before these rules; everything after them is judged."""

GROWING = ("bookings_", "people_patient", "people_read", "pghistory_")
SMALL = {
    "bookings_domainminute",
    "bookings_heartbeat",
    "bookings_staffround",
    "bookings_stoppedaddress",
    "bookings_stoppedpatient",
}
"""Tables of ours that stay small. All others that grow with visits and patients are large: 500 ms at a million rows."""

TABLE = r'(?:IF EXISTS |ONLY )?(?:public\.)?"?(?P<table>\w+)"?'
VOLATILE = r"\b(?:gen_random_uuid|random|clock_timestamp|nextval|uuid_generate_v4)\("
LOCKS = {
    rf"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY).*? ON {TABLE}": "builds an index while writers wait: use BuildIndex",
    r'DROP INDEX (?!CONCURRENTLY)(?:IF EXISTS )?"?(?P<table>\w+)': "drops an index while readers wait: use DropIndex",
    rf"ALTER TABLE {TABLE} .*ALTER COLUMN \S+ SET NOT NULL": "reads every row while nobody else may",
    rf"ALTER TABLE {TABLE} .*ALTER COLUMN \S+ TYPE": "may write the whole table anew",
    rf"ALTER TABLE {TABLE} ADD CONSTRAINT (?!.*NOT VALID).*(?:CHECK|FOREIGN KEY) ?\(": (
        "reads every row while nobody else may: use AddConstraintNotValid, then ValidateConstraint in a later migration"
    ),
    rf"ALTER TABLE {TABLE} ADD CONSTRAINT (?!.*USING INDEX).*(?:UNIQUE|EXCLUDE|PRIMARY KEY)\b": (
        "builds an index while nobody else may read: build a unique index beside the work first"
    ),
    rf"ALTER TABLE {TABLE} ADD COLUMN .*(?:{VOLATILE}|GENERATED)": "writes the whole table anew",
    rf"(?:LOCK TABLE|UPDATE|DELETE FROM) {TABLE}": "touches all rows at once: do it in batches, in a migration of data",
}
"""Of large tables."""
TAKES_AWAY = {
    rf"ALTER TABLE {TABLE} DROP COLUMN": "drops a column",
    rf"ALTER TABLE {TABLE} RENAME": "renames what it uses",
    rf"DROP TABLE {TABLE}": "drops a table",
    rf"ALTER TABLE {TABLE} .*ALTER COLUMN \S+ DROP DEFAULT": "writes rows without the new column: give it a db_default",
}
"""Of any table, from the program of before, which works on while the new one starts."""


def faults(statements: Iterable[str], *, atomic: bool, new: frozenset[str] = frozenset()) -> list[str]:
    """What these statements of one migration do wrong; tables in `new` are made by it or after the landed state."""
    texts = [" ".join(text.split()) for text in statements if not text.lstrip().startswith("--")]
    found = [fault for text in texts for fault in _faults(text, new)]
    one_transaction = atomic and any("NOT VALID" in text for text in texts)
    if one_transaction and any("VALIDATE CONSTRAINT" in text for text in texts):
        found.append("a constraint is validated in the transaction that adds it: its lock is kept all the while")
    return found


def tables_made(statements: Iterable[str]) -> frozenset[str]:
    return frozenset(name for text in statements for name in re.findall(r'CREATE TABLE "?(\w+)', text))


def is_large(table: str) -> bool:
    return table.startswith(GROWING) and table not in SMALL


def _faults(text: str, new: frozenset[str]) -> list[str]:
    rows = []
    for patterns, concerns in ((LOCKS, is_large), (TAKES_AWAY, bool)):
        for pattern, fault in patterns.items():
            hit = re.match(pattern, text, re.IGNORECASE)
            if hit and hit["table"] not in new and concerns(hit["table"]):
                rows.append(f"{hit['table']}: {fault}")
    return rows
