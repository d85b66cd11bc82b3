"""Actions: a Vaidya's review of what decides about patients, and of what they read, until it changes."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.people.models import User
from clinic.people.versions import version_of
from therapies.models import Review, ReviewedKind, TherapyText

from .contents import ContentGroup, content_groups, mark_of_values
from .policies import vaidyas_at
from .writer import changes_made_by

READ = ("summary", "what_happens", "preparation", "aftercare", "not_given")
"""The fields of a text that a Vaidya reads."""


class ReviewRefused(Exception):
    """Why not, in words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def review_contents(
    *,
    group: ContentGroup,
    shown: Mapping[str, str],
    only: Iterable[str] | None,
    by: User,
    on: dt.date,
    now: dt.datetime,
) -> int:
    """Write down that this Vaidya read these contents of a group; returns how many.

    `shown` maps keys to the marks that the page showed; `only` names some of them, none means all. Raises ReviewRefused
    for whoever is no Vaidya, and where one of them is another by now: then nothing is written. `on`: the date at their
    clinic, which patients see beside a text.
    """
    keys = set(shown) if only is None else set(only) & set(shown)
    with changes_made_by(by), transaction.atomic(durable=True):
        if by.pk not in vaidyas_at(now):
            raise ReviewRefused(_("Only a Vaidya can review this."))
        (current,) = content_groups(group.kind, group.code) or (group,)
        marks = {content.key: content.mark for content in current.contents}
        if not keys or any(marks.get(key) != shown[key] for key in keys):
            raise ReviewRefused(_("This was changed in the meantime. Please read it again."))
        rows = [Review(kind=group.kind, key=key, version=marks[key], by=by, at=now) for key in sorted(keys)]
        Review.objects.bulk_create(rows, ignore_conflicts=True)
        for content in current.contents:
            if isinstance(content.row, TherapyText) and content.key in keys:
                _name_reviewer(content.row, by=by, on=on)
    return len(rows)


def approve_text(*, text: TherapyText, version: str, by: User, on: dt.date, now: dt.datetime) -> TherapyText:
    """Write down that this Vaidya read the words of `version` and stands by them. `on`: the date at their clinic.

    Raises ReviewRefused for words that are others by now, and for an account without a name to show to patients.
    """
    with transaction.atomic(durable=True):
        row = TherapyText.objects.select_for_update(of=("self",)).select_related("therapy").get(pk=text.pk)
        if version != version_of(row, READ):
            raise ReviewRefused(_("The text was changed in the meantime. Please read it again."))
        _name_reviewer(row, by=by, on=on)
        mark = mark_of_values({name: getattr(row, name) for name in READ})
        key = f"{row.therapy.code}/{row.language}"
        Review.objects.get_or_create(kind=ReviewedKind.TEXT, key=key, version=mark, by=by, defaults={"at": now})
        return row


def _name_reviewer(row: TherapyText, *, by: User, on: dt.date) -> None:
    """Patients see who stands by the words."""
    if not by.name:
        raise ReviewRefused(_("Your account has no name to show to patients. Please ask a manager to add it."))
    row.reviewed_by, row.reviewed_on = by.name, on
    row.save(update_fields=["reviewed_by", "reviewed_on"])
