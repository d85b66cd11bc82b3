"""The cache table with values in JSON. Django's own backend unpickles them: whoever can write there runs code here."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, Literal

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

GET_MANY = "SELECT cache_key, value FROM {} WHERE cache_key = ANY(%s) AND expires >= %s"
SET = (
    "INSERT INTO {} AS entry (cache_key, value, expires) VALUES (%s, %s, %s) ON CONFLICT (cache_key)"
    " DO UPDATE SET value = EXCLUDED.value, expires = EXCLUDED.expires"
)
ADD = SET + " WHERE entry.expires < %s"
TOUCH = "UPDATE {} SET expires = %s WHERE cache_key = %s AND expires >= %s"
COUNT = "SELECT count(*) FROM {}"
DROP_EXPIRED = "DELETE FROM {} WHERE expires < %s"
DROP_FIRST_TO_EXPIRE = "DELETE FROM {0} WHERE cache_key IN (SELECT cache_key FROM {0} ORDER BY expires LIMIT %s)"
NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)


class JsonDatabaseCache(DatabaseCache):
    """Django's database cache for numbers, texts, lists and dicts; anything else is refused when it is written.

    Each write is one statement, so two processes that add the same key at once never both succeed.
    """

    _table: str
    _max_entries: int
    _cull_frequency: int

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        """Values by key; those that expired, or are no JSON, are missing."""
        names = {self.make_and_validate_key(key, version=version): key for key in keys}
        if not names:
            return {}
        with connections[router.db_for_read(self.cache_model_class)].cursor() as cursor:
            cursor.execute(self._statement(GET_MANY), [list(names), timezone.now()])
            rows = cursor.fetchall()
        return {names[name]: value for name, text in rows for value in _decoded(text)}

    def _base_set(
        self, mode: Literal["set", "add", "touch"], key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT
    ) -> bool:
        """Write one entry; whether it was written. Django's `set`, `add` and `touch` end here."""
        seconds = self.get_backend_timeout(timeout)
        expires = NEVER if seconds is None else dt.datetime.fromtimestamp(seconds, tz=dt.UTC)
        with connections[router.db_for_write(self.cache_model_class)].cursor() as cursor:
            now = timezone.now()
            if mode == "touch":
                cursor.execute(self._statement(TOUCH), [expires, key, now])
                return bool(cursor.rowcount)
            row: list[Any] = [key, json.dumps(value, allow_nan=False), expires]
            self._make_room(cursor, now)
            if mode == "add":
                cursor.execute(self._statement(ADD), [*row, now])
            else:
                cursor.execute(self._statement(SET), row)
            return bool(cursor.rowcount)

    def _make_room(self, cursor: CursorWrapper, now: dt.datetime) -> None:
        """In a full table: drop what expired, and if that is not enough what expires first."""
        cursor.execute(self._statement(COUNT))
        entries: int = cursor.fetchone()[0]
        if entries > self._max_entries:
            cursor.execute(self._statement(DROP_EXPIRED), [now])
            entries -= cursor.rowcount
        if entries > self._max_entries:
            cursor.execute(self._statement(DROP_FIRST_TO_EXPIRE), [entries // self._cull_frequency])

    def _statement(self, text: str) -> str:
        return text.format(connections[router.db_for_write(self.cache_model_class)].ops.quote_name(self._table))


def _decoded(text: str) -> list[Any]:
    """The value, or nothing: a row that another program wrote must not stop a page."""
    try:
        return [json.loads(text)]
    except ValueError:
        return []
