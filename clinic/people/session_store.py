"""Sessions in the database, as Django keeps them. Each request reads one, so its query is compiled once."""

from functools import cache
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from clinic.compiled_query import MOMENT, TEXT, CompiledQuery


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        """What was kept under this key; nothing where that is over, or nobody's."""
        rows = _lasting().rows(text=self.session_key or "", now=timezone.now())
        if not rows:
            self._session_key = None
            return {}
        content: dict[str, Any] = self.decode(rows[0][0])
        return content


@cache
def _lasting() -> CompiledQuery:
    rows = Session.objects.filter(session_key=TEXT, expire_date__gt=MOMENT)
    return CompiledQuery.of(rows.values_list("session_data"))
