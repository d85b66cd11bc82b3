"""What an examination must say, and if it may not be changed or signed, why: "" or the reason in words."""

import datetime as dt
import re
from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.models import EXAMINATION, Assessment, Prescription, Visit
from clinic.people.models import User

CODE = re.compile(r"[A-Z0-9][A-Z0-9.()-]{0,19}")
"""The shape of a NAMASTE code, such as AAC-20 or SP41(AAC-20). Whether it exists the national list says, not we."""


def why_not_coded(code: str) -> str:
    """Whether this may be a NAMASTE code."""
    if code and not CODE.fullmatch(code):
        return _("A NAMASTE code has letters, digits, dots, hyphens and brackets only, such as AAC-20.")
    return ""


def why_not_found(examination: object) -> str:
    """Whether these are findings of the examination: known points, each with text."""
    if not isinstance(examination, dict) or not examination.keys() <= EXAMINATION.keys():
        return _("Unknown examination field.")
    if not all(isinstance(text, str) for text in examination.values()):
        return _("Examination findings must be text.")
    return ""


def why_not_examine(visit: Visit, *, now: dt.datetime) -> str:
    """Whether the day of the visit has come: nobody has examined a patient who is still to come."""
    day = visit.arrives_at.astimezone(visit.zone).date()
    if day <= now.astimezone(visit.zone).date():
        return ""
    words = _("This visit is on %(day)s. The patient can be examined from that day on.")
    return words % {"day": date_format(day, "D j M")}


def why_not_change(draft: Assessment | Prescription, *, by: User) -> str:
    """Whether this person may still write in it: a draft belongs to its author."""
    if draft.is_signed:
        return _("This is already signed. Please create a new version.")
    if draft.by_id != by.pk:
        return _("Only the author can change or sign a draft. Please create a new version.")
    if hasattr(draft, "replaced_by"):
        return _("There is a newer version of this.")
    return ""


def why_incomplete(assessment: Assessment) -> str:
    """Whether enough is written down to sign: the complaint, and what was found on the body."""
    return why_nothing_found(assessment.complaint, assessment.examination.values())


def why_nothing_found(complaint: str, findings: Iterable[str]) -> str:
    """The same of what a form holds."""
    if not complaint.strip() or not any(text.strip() for text in findings):
        return _("Before signing, please record the complaint and the examination findings.")
    return ""


def why_not_replace(row: Assessment | Prescription) -> str:
    """Whether a new version may be begun: one at a time."""
    newer = getattr(row, "replaced_by", None)
    if newer is None:
        return ""
    if newer.is_signed:
        return _("There is a newer version of this.")
    return _("%(name)s is writing a new version of this. It must be signed or discarded first.") % {"name": newer.by}


def why_not_take_over(row: Assessment, *, by: User) -> str:
    """Whether this person may write a new version: of what is signed, or of a colleague's first draft."""
    if row.is_signed:
        return ""
    if row.by_id == by.pk:
        return _("This is your own draft. Please edit it.")
    if row.replaces_id is not None:
        return _("%(name)s is writing a new version of this. It must be signed or discarded first.") % {"name": row.by}
    return ""


def why_not_discard(draft: Assessment | Prescription, *, by: User) -> str:
    """Own drafts; and a colleague's new version, lest it keep others from changing what is in force."""
    if draft.is_signed:
        return _("Signed records cannot be deleted.")
    if hasattr(draft, "replaced_by"):
        return _("There is a newer version of this.")
    if draft.by_id != by.pk and draft.replaces_id is None:
        return _("Only the author can discard a draft.")
    return ""
