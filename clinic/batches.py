"""Rows that nobody needs any more go in batches: a large clinic leaves many, and nobody waits for one long delete."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

ROWS = 1_000


def delete_in_batches(rows: QuerySet[Any], *, size: int = ROWS) -> int:
    """Delete these rows, each batch in a transaction of its own; returns how many went."""
    count = 0
    oldest = rows.order_by("pk").values_list("pk", flat=True)
    while pks := list(oldest[:size]):
        with transaction.atomic(durable=True):
            count += rows.model._base_manager.filter(pk__in=pks)._raw_delete(rows.db)
    return count
