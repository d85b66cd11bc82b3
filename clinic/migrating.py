"""Brings the tables up to the code in half of Django's own time: the first page of a new house waits for it."""

import copy
import gc
from typing import Any

from django.core.management import call_command
from django.db.models import Field
from django.utils.functional import cached_property


def migrate(*, verbosity: int) -> None:
    """For a process that ends soon after: what it changes of Django and of Python stays changed.

    Each step of a migration makes the classes of all related models anew, out of copies of their fields: eighty
    thousand of them in a new database. Most of the time goes by where a field is taken apart to be built again, and
    where garbage is looked for among classes that live to the end.
    """
    gc.disable()
    Field.clone = _copied  # type: ignore[assignment, method-assign]
    call_command("migrate", interactive=False, verbosity=verbosity)


_built_anew = Field.clone


def _copied(field: "Field[Any, Any]") -> "Field[Any, Any]":
    """One that belongs to no model yet holds nothing but what it was built from, and what was worked out of that."""
    if hasattr(field, "model"):
        return _built_anew(field)
    copied = copy.deepcopy(field)
    for name in [name for name in vars(copied) if isinstance(getattr(type(copied), name, None), cached_property)]:
        delattr(copied, name)  # a related model, for one: in the copy it is another one
    return copied
