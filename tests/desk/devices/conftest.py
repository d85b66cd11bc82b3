"""The same session of Kati Basti as in the tests of its record."""

from tests.desk.sessions.conftest import kati, rules, session_at

__all__ = ["kati", "rules", "session_at"]
