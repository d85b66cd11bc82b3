"""The cache table with values in JSON. Django's own backend unpickles them: whoever can write there runs code here."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, Literal

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router
from django.utils import timezone

GET_MANY = "SELECT cache_key, value FROM {} WHERE cache_key = ANY(%s) AND expires >= %s"
WRITE = """
INSERT INTO {} AS entry (cache_key, value, expires) VALUES (%(key)s, %(value)s, %(expires)s)
ON CONFLICT (cache_key) DO UPDATE SET value = EXCLUDED.value, expires = EXCLUDED.expires
WHERE %(replace)s OR entry.expires < %(now)s
"""
TOUCH = "UPDATE {} SET expires = %(expires)s WHERE cache_key = %(key)s AND expires >= %(now)s"
# In a full table: what expired goes, and where that is not enough a part of the rest, what expires first.
MAKE_ROOM = """
DELETE FROM {0} WHERE (SELECT count(*) FROM {0}) > %(most)s AND (expires < %(now)s OR cache_key IN (
    SELECT cache_key FROM {0} WHERE expires >= %(now)s ORDER BY expires
    LIMIT (SELECT CASE WHEN count(*) > %(most)s THEN count(*) / %(part)s ELSE 0 END FROM {0} WHERE expires >= %(now)s)))
"""
FORGET = """
DELETE FROM {0} WHERE cache_key IN (SELECT cache_key FROM {0} WHERE expires < %(now)s ORDER BY expires LIMIT %(most)s)
"""
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

    def forget_expired(self, now: dt.datetime, *, most: int = 1_000) -> int:
        """Remove what expired, a batch in each statement: a table that is full of it makes every write slower."""
        count = 0
        while removed := self._run(FORGET, {"now": now, "most": most}):
            count += removed
        return count

    def _base_set(
        self, mode: Literal["set", "add", "touch"], key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT
    ) -> bool:
        """Write one entry; whether it was written. Django's `set`, `add` and `touch` end here."""
        seconds = self.get_backend_timeout(timeout)
        expires = NEVER if seconds is None else dt.datetime.fromtimestamp(seconds, tz=dt.UTC)
        row: dict[str, Any] = {"key": key, "expires": expires, "now": timezone.now()}
        if mode == "touch":
            return self._written(TOUCH, row)
        row |= {"value": json.dumps(value, allow_nan=False), "replace": mode == "set"}
        self._written(MAKE_ROOM, {"most": self._max_entries, "part": self._cull_frequency, "now": row["now"]})
        return self._written(WRITE, row)

    def _written(self, statement: str, values: dict[str, Any]) -> bool:
        """Whether the statement wrote anything."""
        return bool(self._run(statement, values))

    def _run(self, statement: str, values: dict[str, Any]) -> int:
        """How many rows it wrote."""
        with connections[router.db_for_write(self.cache_model_class)].cursor() as cursor:
            cursor.execute(self._statement(statement), values)
            return cursor.rowcount

    def _statement(self, text: str) -> str:
        return text.format(connections[router.db_for_write(self.cache_model_class)].ops.quote_name(self._table))


def forget_expired(*, now: dt.datetime) -> int:
    """Of every cache of ours; how many entries went."""
    every = (caches[name] for name in caches.settings)
    return sum(cache.forget_expired(now) for cache in every if isinstance(cache, JsonDatabaseCache))


def _decoded(text: str) -> list[Any]:
    """The value, or nothing: a row that another program wrote must not stop a page."""
    try:
        return [json.loads(text)]
    except ValueError:
        return []
