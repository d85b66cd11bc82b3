"""Ordering therapies on an examination, and ending an order before its time."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from bookings.actions.locks import lock
from bookings.actions.transaction import action
from bookings.errors import PolicyRefused, refuse_if
from bookings.facts.alert_rows import told_allergies
from bookings.facts.catalogue_numbers import ASSESSMENT_DAYS
from bookings.facts.record import draft_order, order_fingerprint
from bookings.models import Assessment, Prescription, PrescriptionEnd, PrescriptionItem, Suited
from bookings.rules import assessments as assessment_rules
from bookings.rules.amounts import why_not_amounts, why_not_in_words
from bookings.rules.materials import why_not_materials
from bookings.rules.prescriptions import (
    Item,
    course_limits,
    item_of,
    why_not_items,
    why_not_prescribe,
    why_not_until,
    with_reason,
)
from clinic.people.models import User
from clinic.premises.models import Clinic
from clinic.reasons import why_no_reason

from .assessments import DraftChanged, require_known_fields, require_vaidya, row_or_discarded

COUNTED = ("variant", "sessions", "days_between", "first_day")
"""What of an order is no text."""


@action
def prescribe(
    *,
    assessment: Assessment,
    clinic: Clinic,
    items: Sequence[Item],
    valid_until: dt.date,
    by: User,
    now: dt.datetime,
    review_on: dt.date | None = None,
    aim: str = "",
    advice: str = "",
    prescription: Prescription | None = None,
    replaces: Prescription | None = None,
    shown: str | None = None,
) -> Prescription:
    """Write a new draft on this examination, or change one's own. `replaces` is in force until the draft is signed.

    `shown` is the fingerprint of the draft that the page showed, "" where there was none; without one it is not
    compared. Raises DraftChanged, DraftDiscarded and PolicyRefused.
    """
    lock(patients=[assessment.patient_id])
    require_vaidya(by, now)
    if shown is not None and shown != order_fingerprint(draft_order(assessment, by)):
        raise DraftChanged
    if prescription is None:
        draft = Prescription(patient_id=assessment.patient_id, by=by, made_at=now)
    else:
        draft = row_or_discarded(Prescription.objects.select_related("replaced_by"), prescription.pk)
        refuse_if(assessment_rules.why_not_change(draft, by=by))
    draft.assessment, draft.clinic = _basis(assessment), clinic
    draft.valid_until, draft.review_on, draft.aim, draft.advice = valid_until, review_on, aim, advice
    _replace(draft, replaces)
    _check(draft, items, now)
    draft.save()
    draft.items.all().delete()
    bound = course_limits()
    PrescriptionItem.objects.bulk_create(
        PrescriptionItem(prescription=draft, position=position, **vars(with_reason(item, bound)))
        for position, item in enumerate(items)
    )
    return draft


@action
def end_prescription(*, prescription: Prescription, reason: str, by: User, now: dt.datetime) -> Prescription:
    """End it before its last day. What is booked keeps its time, but cannot start on this order any more."""
    lock(patients=[prescription.patient_id])
    require_vaidya(by, now)
    refuse_if(why_no_reason(reason))
    signed = Prescription.objects.get(pk=prescription.pk)
    if not signed.is_signed:
        raise PolicyRefused(_("This is not signed yet. Please discard the draft instead."))
    if PrescriptionEnd.objects.filter(prescription=signed).exists():
        raise PolicyRefused(_("This prescription has already ended."))
    PrescriptionEnd.objects.create(prescription=signed, by=by, at=now, reason=reason)
    return signed


def why_not_order(draft: Prescription, items: Sequence[Item], now: dt.datetime) -> str:
    """What speaks against this order at this moment: asked when it is written, and again when it is signed."""
    today, examination = draft.clinic.today(now), draft.assessment
    unsuited = set(
        examination.suitabilities.filter(level=Suited.NOT_SUITED).values_list("therapy_id", flat=True),
    )
    bound, allergies = course_limits(), told_allergies(draft.patient)
    last = examination.examined_on() + dt.timedelta(days=ASSESSMENT_DAYS.read())
    reason = why_not_items(items) or why_not_until(draft.valid_until, today=today, last=last)
    for item in items:
        against = why_not_prescribe(item, patient=draft.patient, on=today, unsuited=unsuited, bound=bound)
        against = against or why_not_materials(item.materials, allergies, item.material_reason)
        against = against or why_not_amounts(item, item.variant) or why_not_in_words(item.materials, item.note)
        reason = reason or (f"{item.variant}: {against}" if against else "")
    if not reason and draft.review_on and draft.review_on < today:
        return _("The review date must not be in the past.")
    return reason


def items_of(prescription: Prescription) -> list[Item]:
    """The items as they were asked for."""
    rows = prescription.items.select_related("variant__therapy").order_by("position")
    return [item_of(row) for row in rows]


def _basis(assessment: Assessment) -> Assessment:
    """The examination, read again under the lock, when nothing signed stands in its place."""
    rows = Assessment.objects.select_related("clinic", "patient", "replaced_by")
    current = row_or_discarded(rows, assessment.pk)
    newer = getattr(current, "replaced_by", None)
    if newer and newer.is_signed:
        raise PolicyRefused(_("There is a newer version of this."))
    return current


def _replace(draft: Prescription, replaces: Prescription | None) -> None:
    if replaces is None:
        draft.replaces, draft.version = None, 1
        return
    old = Prescription.objects.select_related("replaced_by__by", "patient").get(pk=replaces.pk)
    if old.patient.person_id != draft.patient.person_id or not old.is_signed:
        raise PolicyRefused(_("Only a signed prescription of this patient can be replaced."))
    if getattr(old, "replaced_by", draft).pk != draft.pk:
        refuse_if(assessment_rules.why_not_replace(old))
    draft.replaces, draft.version = old, old.version + 1


def _check(draft: Prescription, items: Sequence[Item], now: dt.datetime) -> None:
    if not draft.assessment.is_signed and draft.assessment.by_id != draft.by_id:
        raise PolicyRefused(
            _("This examination is not signed yet. Please wait until it is signed, or record your own.")
        )
    require_known_fields(draft, ["aim", "advice"])
    for item in items:
        require_known_fields(
            PrescriptionItem(**vars(item)), [name for name in Item.__dataclass_fields__ if name not in COUNTED]
        )
    refuse_if(why_not_order(draft, items, now))
