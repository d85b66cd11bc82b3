"""One signature for all that a visit produced: the examination, the order, and what was decided on the answers."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bookings.actions import history
from bookings.actions.conditional_writes import save_fields, update_once
from bookings.actions.locks import lock
from bookings.actions.sessions_ahead import look_again
from bookings.actions.transaction import action
from bookings.errors import PolicyRefused, refuse_if
from bookings.facts.catalogue_numbers import ASSESSMENT_DAYS
from bookings.facts.patient import profiles_by_therapy
from bookings.facts.record import record_fingerprint
from bookings.messages.schedule.patient_messages import plan_review_message
from bookings.models import STILL_TO_COME, Answer, Assessment, Booking, Clearance, Prescription
from bookings.rules import assessments as assessment_rules
from bookings.rules.clearances import Proof, earliest, why_not_clear
from clinic.people.models import User
from clinic.people.records import RecordsOf
from clinic.wall import edge
from therapies.models import Question

from .assessments import require_vaidya, row_or_discarded
from .consultation_notes import settle_note
from .prescriptions import items_of, why_not_order


@dataclass(frozen=True)
class Cleared:
    """An answer with which the Vaidya allows these therapies (by code). `value` and `text` as they were answered.

    `report_seen`: a medical report about it was seen, without which no sign that sends to a doctor is cleared.
    """

    question_id: int
    value: object
    text: str
    therapies: tuple[str, ...]
    reason: str
    report_seen: bool = False


@action
def sign(
    *,
    assessment: Assessment,
    prescription: Prescription | None,
    clearing: Sequence[Cleared],
    by: User,
    now: dt.datetime,
    shown: str = "",
) -> Assessment:
    """Sign what is still a draft. From then on the database lets nobody change it.

    `shown` is the fingerprint of what the signer read; without one it is not compared. What is cleared holds as long as
    the prescription, or without one as long as the examination; what waited only for it is booked.
    """
    lock(patients=[assessment.patient_id])
    require_vaidya(by, now)
    current, order = _read(assessment, prescription)
    drafts = [row for row in (current, order) if row is not None and not row.is_signed]
    if not drafts:
        raise PolicyRefused(_("This has already been signed."))
    for draft in drafts:
        refuse_if(assessment_rules.why_not_change(draft, by=by))
    if shown and shown != record_fingerprint(current, order):
        raise PolicyRefused(_("This was changed after you opened it. Please read it again."))
    refuse_if(assessment_rules.why_incomplete(current) if not current.is_signed else "")
    if order is not None:
        refuse_if(why_not_order(order, items_of(order), now))
    _clear(current, order, clearing, by=by, now=now)
    for draft in drafts:
        update_once(type(draft)._default_manager.filter(pk=draft.pk, signed_at=None), signed_by=by, signed_at=now)
        draft.signed_by, draft.signed_at = by, now
    if clearing:
        look_again(current.patient, by=by, now=now)
    if order is not None:
        _carry_over(order, by=by, now=now)
        if order.review_on:
            plan_review_message(patient=order.patient, clinic=order.clinic, review_on=order.review_on, by=by, now=now)
    _close_visit(current, order, is_new=current in drafts, by=by, now=now)
    return current


def _close_visit(
    assessment: Assessment, order: Prescription | None, *, is_new: bool, by: User, now: dt.datetime
) -> None:
    """The visit knows of the signature; a consultation ends with its note."""
    if is_new:
        settle_note(assessment, by=by, now=now)
    if assessment.visit:
        signed = order.pk if order else None
        history.write(assessment.visit, "sign_record", by=by, now=now, assessment=assessment.pk, prescription=signed)


def _read(assessment: Assessment, prescription: Prescription | None) -> tuple[Assessment, Prescription | None]:
    """Both, read again under the lock."""
    rows = Assessment.objects.select_related("clinic", "patient", "visit", "replaced_by")
    current = row_or_discarded(rows, assessment.pk)
    if prescription is None:
        return current, None
    orders = Prescription.objects.select_related("clinic", "patient", "replaces", "replaced_by")
    order = row_or_discarded(orders, prescription.pk)
    if order.assessment_id != current.pk:
        raise PolicyRefused(_("This prescription is based on another examination."))
    order.assessment = current
    return current, order


def _clear(
    assessment: Assessment, order: Prescription | None, clearing: Sequence[Cleared], *, by: User, now: dt.datetime
) -> None:
    if not clearing:
        return
    questions = Question.objects.in_bulk([each.question_id for each in clearing])
    for each in clearing:
        proof = Proof(each.report_seen, own_examination=_examined_since(assessment, each))
        question = questions[each.question_id]
        refuse_if(why_not_clear(question, each.value, each.therapies, reason=each.reason, proof=proof))
    if order is not None:
        last, zone = order.valid_until, order.clinic.zone
    else:
        last, zone = (
            assessment.examined_on() + dt.timedelta(days=ASSESSMENT_DAYS.read()),
            assessment.clinic.zone,
        )
    until = edge(last + dt.timedelta(days=1), 0, zone)
    profiles = profiles_by_therapy(code for each in clearing for code in each.therapies)
    Clearance.objects.bulk_create(
        Clearance(
            patient_id=assessment.patient_id,
            clinic=assessment.clinic,
            question_id=each.question_id,
            value=each.value,
            text=each.text,
            therapies=list(each.therapies),
            allowed=True,
            reason=each.reason,
            until=earliest(until, questions[each.question_id], each.therapies, profiles, now=now, zone=zone),
            report_seen=each.report_seen,
            assessment=assessment,
            by=by,
            at=now,
        )
        for each in clearing
    )


def _examined_since(assessment: Assessment, clearing: Cleared) -> bool:
    """Whether this examination is signed after the answer: now, or earlier."""
    if assessment.signed_at is None:
        return True
    answers = Answer.objects.filter(patient__in=RecordsOf(assessment.patient_id), question=clearing.question_id)
    return not answers.filter(value=clearing.value, text=clearing.text, at__gt=assessment.signed_at).exists()


def _carry_over(order: Prescription, *, by: User, now: dt.datetime) -> None:
    """Sessions booked on the replaced order become the new one's, the earliest first, as many as it orders."""
    if order.replaces_id is None:
        return
    items = {item.variant_id: item for item in order.items.all()}
    rows = Booking.objects.filter(item__prescription=order.replaces_id, status__in=STILL_TO_COME)
    taken: dict[int, int] = {}
    for booking in rows.select_related("visit", "item").order_by("starts_at", "pk"):
        item = items.get(booking.item.variant_id) if booking.item else None
        if item is None or taken.get(item.pk, 0) >= item.sessions:
            continue
        taken[item.pk] = taken.get(item.pk, 0) + 1
        booking.item = item
        save_fields([booking], "item")
        history.write(booking.visit, "prescribe_anew", by=by, now=now, booking=booking, item=item.pk)
