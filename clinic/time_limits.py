"""How long a statement, a wait for a lock and an idle transaction may last, by the kind of process. No Django here.

A process says so to PostgreSQL when it connects. A pooler in transaction mode refuses that: then the limits belong to
the login role of each kind of process, by `manage.py limit_roles`.
"""

from clinic.env import Process

TIME_LIMITS: dict[Process, dict[str, int]] = {
    "web": {"statement_timeout": 5_000, "lock_timeout": 3_000, "idle_in_transaction_session_timeout": 30_000},
    "worker": {"statement_timeout": 60_000, "lock_timeout": 3_000, "idle_in_transaction_session_timeout": 120_000},
    "command": {"statement_timeout": 0, "lock_timeout": 0, "idle_in_transaction_session_timeout": 0},
}
"""Milliseconds; 0 is no limit."""


def start_up_options(kind: Process) -> str:
    """The limits as PostgreSQL takes them when a connection begins."""
    return " ".join(f"-c {name}={limit}" for name, limit in TIME_LIMITS[kind].items())
