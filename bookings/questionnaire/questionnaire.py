"""Whom the questions are put to, for which treatments, and on which pages."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bookings.facts.orders import OrderProgress
from bookings.facts.patient import PatientFacts, patient_facts_of, profiled, questions_due, signs_due
from bookings.models import STILL_TO_COME, Visit
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from therapies import questionnaire
from therapies.models import Needs, Question, Variant
from therapies.questionnaire import QuestionGroup
from therapies.suitability import Asked, Profile


@dataclass(frozen=True)
class Questionnaire:
    """One questionnaire: what is due now, for these treatments or before there are any. `visit` is none before booking.

    `is_signs`: only the signs with which nobody should wait for a consultation. `in_person`: at the clinic, where
    somebody is there to be told.
    """

    patient: Patient
    clinic: Clinic
    stage: str
    variants: tuple[Variant, ...]
    patient_facts: PatientFacts
    due: tuple[Asked, ...]
    visit: Visit | None = None
    is_signs: bool = False
    in_person: bool = False

    @property
    def key(self) -> str:
        """The random id under which a browser session keeps what was answered so far."""
        return f"{(self.visit or self.patient).public_id}{'-signs' if self.is_signs else ''}"

    @property
    def now(self) -> dt.datetime:
        return self.patient_facts.now

    @property
    def is_today(self) -> bool:
        """Whether it is the short check of the day."""
        return self.stage == questionnaire.DAY

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        """What the answers are judged for."""
        return tuple(profiled(variant) for variant in self.variants) or (questionnaire.BODY,)

    @cached_property
    def pages(self) -> tuple[tuple[QuestionGroup, ...], ...]:
        """The groups of each page."""
        return tuple(questionnaire.pages(self.due, answered=self.patient_facts.newest, today=self.is_today))

    @cached_property
    def rows(self) -> dict[str, Question]:
        """The questions that are due, with their words."""
        return {row.code: row for row in Question.objects.filter(code__in=[question.code for question in self.due])}

    @property
    def hours_after_meal(self) -> int:
        """The longest time after a meal that one of these treatments asks for."""
        return max((profile.hours_after_meal or 0 for profile in self.profiles), default=0)


def before_booking(
    patient: Patient, *, now: dt.datetime, clinic: Clinic | None = None, staff: bool = False
) -> Questionnaire | None:
    """The history of the body, judged for all that is prescribed and not yet given, or before anything is.

    `clinic`: where it is asked, else that of the newest prescription, or the first that knows the patient; None where
    none does. `staff`: read aloud at the clinic.
    """
    patient_facts = patient_facts_of(patient, now=now)
    orders = [order for order in patient_facts.ordered if order.left or _is_ahead(order, now)]
    prescribed_at = orders[-1].item.prescription.clinic if orders else None
    place = clinic or prescribed_at or patient.clinics.order_by("pk").first()
    stage = questionnaire.FIRST_VISIT if staff else questionnaire.BOOKING
    return _health_questions(patient_facts, place, _variants_of(orders), stage, staff=staff) if place else None


def before_consultation(patient: Patient, *, clinic: Clinic, now: dt.datetime) -> Questionnaire:
    """The signs with which nobody should wait for a consultation; nothing is due where they were answered lately."""
    patient_facts = patient_facts_of(patient, now=now, with_orders=False)
    due = tuple(signs_due(patient_facts, zone=clinic.zone))
    return Questionnaire(patient, clinic, questionnaire.BOOKING, (), patient_facts, due, is_signs=True)


def of_visit(visit: Visit, *, now: dt.datetime, staff: bool = False) -> Questionnaire | None:
    """The questions before this visit: on its day those of the day. None where nothing is asked, or no longer: what
    closes them is what became of the visit, and the end of its day, not the end that was planned.

    `staff`: also what staff answer (the weather of the day).
    """
    rows = visit.bookings.filter(status__in=STILL_TO_COME).exclude(variant__therapy__needs=Needs.NOTHING)
    rows = rows.select_related("variant__therapy", "visit").order_by("position")
    bookings = [booking for booking in rows if booking.is_still_to_come(now)]
    if visit.patient is None or not bookings:
        return None
    on = bookings[0].starts_at.astimezone(visit.zone).date()
    stage = questionnaire.DAY if on == now.astimezone(visit.zone).date() else questionnaire.BOOKING
    variants = tuple(booking.variant for booking in bookings)
    patient_facts = patient_facts_of(visit.patient, now=now)
    return _health_questions(patient_facts, visit.clinic, variants, stage, visit=visit, staff=staff)


def _health_questions(
    patient_facts: PatientFacts,
    clinic: Clinic,
    variants: tuple[Variant, ...],
    stage: str,
    *,
    visit: Visit | None = None,
    staff: bool = False,
) -> Questionnaire:
    profiles = [profiled(variant) for variant in variants]
    due = questions_due(patient_facts, profiles, stage=stage, zone=clinic.zone, staff=staff)
    return Questionnaire(
        patient_facts.patient, clinic, stage, variants, patient_facts, tuple(due), visit, in_person=staff
    )


def _is_ahead(order: OrderProgress, now: dt.datetime) -> bool:
    """Whether a session of it is still to come, also the last one that is only held yet."""
    return bool(order.days) and order.days[-1] >= order.item.prescription.clinic.today(now)


def _variants_of(orders: Iterable[OrderProgress]) -> tuple[Variant, ...]:
    """What is prescribed; of a course with a sequence each kind that comes in it."""
    rows: dict[int, Variant] = {}
    for order in orders:
        variants = [order.item.variant]
        if order.sequence:
            kinds = Variant.objects.filter(therapy=order.item.variant.therapy_id, code__in=order.sequence)
            variants += kinds.select_related("therapy")
        rows |= {variant.pk: variant for variant in variants}
    return tuple(rows.values())
