"""May two records be merged as one person's, and may that be taken back; if not, why."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from bookings.facts.merges import MergeFacts
from clinic.people.models import Patient, PatientMerge, User


def why_not_merge(survivor: Patient, merged: Patient, merge_facts: MergeFacts, *, earlier: PatientMerge | None) -> str:
    """Under the locks of both. `earlier`: the standing merge of either, by somebody who was quicker."""
    if survivor.pk == merged.pk:
        return _("This is the same record.")
    if earlier is not None:
        return _("%(name)s has merged one of these records already. Please look at it again.") % {"name": earlier.by}
    if (survivor.death_noted_at is None) != (merged.death_noted_at is None):
        return _("It is noted of one of the two that the patient has died. Settle that first.")
    if merge_facts.overlaps:
        return _("Both records have a visit at the same time. Move or cancel one of the two first.")
    if merge_facts.is_held:
        return _("Somebody is booking for this patient right now. Please try again in 15 minutes.")
    return ""


def why_not_merge_own(by: User, acting: Iterable[int]) -> str:
    """A merge opens each record to the accounts of the other, so nobody does it for an account of their own.

    `acting`: the accounts that act for either.
    """
    return _("You act for this patient in the portal. Please ask a colleague.") if by.pk in {*acting} else ""


def why_not_undo_merge(merge: PatientMerge) -> str:
    """The latest merge is taken back first: another one may have moved the same visits on."""
    if merge.undone_at is not None:
        return _("This has been undone already.")
    if merge.survivor.merged_into_id is not None:
        return _("This record was merged into another one afterwards. Undo that first.")
    return ""
