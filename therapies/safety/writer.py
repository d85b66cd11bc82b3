"""The one place that writes safety data, the catalogue's loader aside."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

import pghistory
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from clinic.people.models import User
from therapies.models import SafetyProposal

from .rows import MODELS, stands_as, with_relations, with_rows

Values = dict[str, Any] | None
"""A copy of a row, or of the fields that change; None where the row is not there."""


class ProposalRefused(Exception):
    """It could not be proposed or decided; `reason` says why in words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refuse_change_if(reason: str) -> None:
    if reason:
        raise ProposalRefused(reason)


def changes_made_by(by: User) -> AbstractContextManager[object]:
    """The records of what changes name this person."""
    context: AbstractContextManager[object] = pghistory.context(user=by.pk)
    return context


def rows_of(proposals: Iterable[SafetyProposal]) -> dict[int, Model]:
    """What they are about, as it is now, by the number of the proposal; each table is asked once."""
    result: dict[int, Model] = {}
    by_model: dict[str, list[SafetyProposal]] = defaultdict(list)
    for proposal in proposals:
        by_model[proposal.model].append(proposal)
    for model, those in by_model.items():
        rows = with_relations(MODELS[model]).in_bulk([each.row for each in those if each.row is not None])
        result |= {each.pk: rows[each.row] for each in those if each.row in rows}
    return result


def row_of(proposal: SafetyProposal) -> Model | None:
    return rows_of([proposal]).get(proposal.pk)


def why_outdated(proposal: SafetyProposal, row: Model | None) -> str:
    """ "" or that what it would change is no longer as it was when it was proposed."""
    if row is not None and proposal.before is not None and stands_as(row, proposal.before):
        return ""
    return _("This has changed since the proposal. Please check it and propose it again.")


def write_change(proposal: SafetyProposal, before: Values, after: Values) -> int:
    """Bring a row from `before` to `after`; returns its number. Raises ProposalRefused and writes nothing."""
    try:
        with transaction.atomic():
            return _written(proposal, before, after)
    except ValidationError as error:
        raise ProposalRefused(" ".join(error.messages)) from error
    except (ObjectDoesNotExist, IntegrityError) as error:
        raise ProposalRefused(
            _("The proposal no longer matches the current data. Please check it and propose it again.")
        ) from error


def _written(proposal: SafetyProposal, before: Values, after: Values) -> int:
    model = MODELS[proposal.model]
    if before is None:
        row = model(**with_rows(model, after or {}))
        _validated(row, after or {}).save(force_insert=True)
        return int(row.pk)
    row = model._default_manager.select_for_update().get(pk=proposal.row)
    number = int(row.pk)
    if not stands_as(row, before):
        raise ProposalRefused(_("This has changed since the proposal. Please check it and propose it again."))
    if after is None:
        row.delete()
        return number
    for name, value in with_rows(model, after).items():
        setattr(row, name, value)
    _validated(row, after).save(update_fields=sorted(after))
    return number


def _validated(row: Model, values: dict[str, Any]) -> Model:
    """Checks these values, and what the database promises of the row. Raises ValidationError."""
    row.clean_fields(exclude={field.name for field in row._meta.fields} - {*values})
    row.validate_constraints()
    return row
