"""A Vaidya's review of what patients read about a therapy: their name stands beside the words, until these change."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.people.models import User
from clinic.people.versions import version_of
from therapies.models import TherapyText

READ = ("summary", "what_happens", "preparation", "aftercare", "not_given")
"""The fields of a text that a Vaidya reads."""


class ReviewRefused(Exception):
    """Why not, in words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def approve_text(*, text: TherapyText, version: str, by: User, on: dt.date) -> TherapyText:
    """Write down that this Vaidya read the words of `version` and stands by them. `on`: the date at their clinic.

    Raises ReviewRefused for words that are others by now, and for an account without a name to show to patients.
    """
    with transaction.atomic(durable=True):
        row = TherapyText.objects.select_for_update(of=("self",)).select_related("therapy").get(pk=text.pk)
        if version != version_of(row, READ):
            raise ReviewRefused(_("The text was changed in the meantime. Please read it again."))
        if not by.name:
            raise ReviewRefused(_("Your account has no name to show to patients. Please ask a manager to add it."))
        row.reviewed_by, row.reviewed_on = by.name, on
        row.save(update_fields=["reviewed_by", "reviewed_on"])
        return row
