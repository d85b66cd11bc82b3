"""The demo clinic's diary, filled by the actions that everybody uses."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace

from bookings.actions.confirmation import book
from bookings.actions.holds import hold
from bookings.actions.past_visits import record_past
from bookings.demo import cast
from bookings.demo.findings import FINDINGS, DemoFinding
from bookings.demo.house import minute
from bookings.demo.orders import answer, prescribe_and_sign, variant_of
from bookings.facts.patient import PatientFacts, patient_facts_of
from bookings.models import Visit
from bookings.slots import search
from bookings.slots.bookable_orders import nearest_covered, slot_request_for
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic, Room
from clinic.wall import edge
from therapies import questionnaire
from therapies.models import Practitioner

A_DAY = dt.timedelta(hours=24)
SOON = dt.timedelta(hours=2, minutes=10)
AWAKE = 10


def _slot_request(
    clinic: Clinic, patient: Patient, plan: cast.DemoVisit, now: dt.datetime
) -> tuple[SlotRequest, PatientFacts]:
    patient_facts = patient_facts_of(patient, now=now)
    wanted = Practitioner.objects.filter(name=plan.with_whom).values_list("pk", flat=True).first()
    variants = [variant_of(plan.therapy, plan.variant)]
    return slot_request_for(clinic, variants, patient_facts, practitioner_id=wanted), patient_facts


def _book(slot_request: SlotRequest, patient: Patient, start: dt.datetime, desk: User, now: dt.datetime) -> Visit:
    key = uuid.uuid4()
    visit = hold(slot_request=slot_request, start=start, holder=f"demo-{key}", by=desk, now=now, key=key, desk=True)
    return book(visit=visit, patient=patient, holder=visit.holder, by=desk, now=now, key=key, desk=True)


def fill(clinic: Clinic, patients: dict[str, Patient], desk: User, now: dt.datetime) -> list[Visit]:
    """Past and coming visits, with what was prescribed and answered; nothing when the diary has some already."""
    if Visit.objects.filter(clinic=clinic).exists():
        return []
    made = [examined(finding, patients[finding.guest], clinic, desk, now) for finding in FINDINGS]
    made.append(_about_to_be_reminded(clinic, patients["Meera"], desk, now))
    for plan in cast.PLANS:
        slot_request, patient_facts = _slot_request(clinic, patients[plan.guest], plan, now)
        start = _nearest(slot_request, patient_facts, plan, now)
        if start is not None:
            made.append(_book(slot_request, patients[plan.guest], start, desk, now))
    return made


def reminded(made: Sequence[Visit]) -> Visit:
    """Of the visits of `fill`, the one whose reminder is due."""
    return made[len(FINDINGS)]


def examined(found: DemoFinding, patient: Patient, clinic: Clinic, desk: User, now: dt.datetime) -> Visit:
    """A first examination that was written down afterwards, and what came of it."""
    visit = _past(clinic, patient, found, desk, now)
    vaidya = User.objects.get(practitioner__name=found.vaidya)
    prescribe_and_sign(found, visit, patient, vaidya)
    if found.answered:
        variants = [variant_of(one.therapy, one.variant) for one in found.ordered]
        answer(patient, clinic, variants, questionnaire.BOOKING, now - A_DAY)
    return visit


def _nearest(
    slot_request: SlotRequest, patient_facts: PatientFacts, plan: cast.DemoVisit, now: dt.datetime
) -> dt.datetime | None:
    """The free start nearest to what would suit, from now on."""
    day = slot_request.clinic.today(now) + dt.timedelta(days=plan.days)
    suits = max(edge(day, minute(plan.at), slot_request.clinic.zone), now)
    return next(iter(nearest_covered(slot_request, patient_facts, to=suits, now=now, count=1, desk=True)), None)


def _past(clinic: Clinic, patient: Patient, found: DemoFinding, desk: User, now: dt.datetime) -> Visit:
    """A first examination; on the Monday after when it would have been a Sunday."""
    day = clinic.today(now) - dt.timedelta(days=found.days)
    day += dt.timedelta(days=1 if day.weekday() == cast.SUNDAY else 0)
    slot_request, _facts = _slot_request(
        clinic, patient, cast.DemoVisit(found.guest, "consultation_first", 0, found.at), now
    )
    vaidya = Practitioner.objects.get(name=found.vaidya)
    room = Room.objects.get(clinic=clinic, name=found.room)
    start = edge(day, minute(found.at), clinic.zone)
    return record_past(
        slot_request=slot_request, patient=patient, start=start, resource_ids=[vaidya.pk, room.pk], by=desk, now=now
    )


def _about_to_be_reminded(clinic: Clinic, patient: Patient, desk: User, now: dt.datetime) -> Visit:
    """A visit within the next 24 hours that was booked before that: its reminder is due at this moment.

    On a Saturday evening the next hours are those of running courses, so it is a day of one.
    """
    slot_request, _facts = _slot_request(
        clinic, patient, cast.DemoVisit(patient.given_name, "back_pain_massage", 0, ""), now
    )
    slot_request = replace(slot_request, running_course=True)
    today = clinic.today(now)
    days = search.starts(slot_request, first=today, last=today + dt.timedelta(days=1), now=now, desk=True)
    ahead = [start for day in days for start in day.starts if now + SOON <= start <= now + A_DAY]
    # Early visits get their second reminder on the evening before, outside quiet hours: one is enough to see.
    start = next((start for start in ahead if start.astimezone(clinic.zone).hour >= AWAKE), ahead[0])
    return _book(slot_request, patient, start, desk, start - A_DAY - dt.timedelta(minutes=15))
