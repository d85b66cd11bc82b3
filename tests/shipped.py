"""The shipped catalogue as rows, quickly: loaded once in each process, then written again as it was.

`test_load_catalogue` tests the loading; whoever only needs what it brings asks here.
"""

from copy import copy

from django.db import IntegrityError, models, transaction

from therapies.catalogue.loading import load_catalogue
from therapies.catalogue.reading import read_catalogue
from therapies.models import (
    Contraindication,
    Question,
    Rule,
    Source,
    Step,
    StepCrew,
    Term,
    Therapy,
    TherapyText,
    Variant,
)

IN_ORDER: tuple[type[models.Model], ...] = (
    Source, Term, Therapy, TherapyText, Variant, Step, StepCrew, Contraindication, Question, Rule,
)  # fmt: skip
_kept: list[list[models.Model]] = []


def load_shipped() -> None:
    """The house's catalogue in the database."""
    if _kept and _written_again():
        return
    load_catalogue(catalogue=read_catalogue())
    _kept[:] = [list(model._default_manager.all()) for model in IN_ORDER]


def _written_again() -> bool:
    """False where rows of the test itself stand in the way."""
    try:
        with transaction.atomic():
            for model, rows in zip(IN_ORDER, _kept, strict=True):
                model._default_manager.bulk_create([copy(row) for row in rows])
    except IntegrityError:
        return False
    return True
