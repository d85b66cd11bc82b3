"""The database keeps the promises of the clinical record: each constraint is broken here, and logs only grow."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from bookings.models import (
    Answer,
    Assessment,
    Booking,
    Clearance,
    Consent,
    ConsentPaper,
    DayCheck,
    EmergencyOpening,
    Measurement,
    MeasurementDecision,
    Prescription,
    PrescriptionEnd,
    PrescriptionItem,
    Screening,
    SessionNote,
    SessionUse,
    Suitability,
    Suspension,
)
from bookings.models.message import StaffRound
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.clinical import make_assessment, make_consent, make_prescription, make_therapy
from tests.owner import as_owner
from therapies.models import Question, Variant

pytestmark = pytest.mark.django_db

NOW = factories.NOW


def twice(act: Callable[[], Any]) -> None:
    act()
    act()


@dataclass(frozen=True)
class House:
    """Whom and what the rows are about."""

    patient: Patient
    clinic: Clinic
    by: User
    variant: Variant
    draft: Assessment
    order: Prescription
    booking: Booking
    question: Question

    @property
    def whose(self) -> dict[str, Any]:
        return {"patient": self.patient, "clinic": self.clinic}

    def suited(self, **said: Any) -> Suitability:
        usual = {"assessment": self.draft, "therapy": self.variant.therapy, "level": "suited"}
        return Suitability.objects.create(**(usual | said))

    def item(self, **said: Any) -> PrescriptionItem:
        return PrescriptionItem.objects.create(prescription=self.order, variant=make_therapy("lepa"), **said)

    def screened(self, **said: Any) -> Screening:
        return Screening.objects.create(**self.whose, questionnaire="1", at=NOW, **({"stage": "booking"} | said))

    def answered(self, screening: Screening) -> Answer:
        return Answer.objects.create(
            screening=screening, patient=self.patient, question=self.question, value="no", at=NOW
        )

    def cleared(self, **said: Any) -> Clearance:
        usual = {"patient": self.patient, "question": self.question, "value": "yes", "therapies": ["lepa"]}
        usual |= {"allowed": True, "reason": "Quiet", "until": NOW, "by": self.by, "at": NOW}
        return Clearance.objects.create(**(usual | said))

    def suspended(self, **said: Any) -> Suspension:
        return Suspension.objects.create(**self.whose, therapies=["all"], sign="st_rash", by=self.by, at=NOW, **said)

    def noted(self, **said: Any) -> SessionNote:
        return SessionNote.objects.create(booking=self.booking, by=self.by, at=NOW, **said)

    def measured(self, **said: Any) -> Measurement:
        usual = {"when": "before", "pulse": 72, "by": self.by, "at": NOW}
        return Measurement.objects.create(booking=self.booking, **(usual | said))

    def used(self, **said: Any) -> SessionUse:
        return SessionUse.objects.create(booking=self.booking, by=self.by, at=NOW, **said)

    def looked_at(self) -> StaffRound:
        return StaffRound.objects.create(clinic=self.whose["clinic"], kind="day_list", on=NOW.date())

    def checked(self, **said: Any) -> DayCheck:
        return DayCheck.objects.create(booking=self.booking, goes=True, by=self.by, at=NOW, **said)

    def card_opened(self, **said: Any) -> EmergencyOpening:
        usual = {"user": self.by, "at": NOW, "until": NOW + dt.timedelta(hours=1)}
        return EmergencyOpening.objects.create(**(self.whose | usual | said))

    def judged(self, **said: Any) -> MeasurementDecision:
        usual = {"allowed": True, "reason": "Rested", "by": self.by, "at": NOW}
        return MeasurementDecision.objects.create(booking=self.booking, **(usual | said))

    def examined(self, **said: Any) -> Assessment:
        return make_assessment(self.patient, self.clinic, self.by, **({"signed": False} | said))

    def ordered(self, **said: Any) -> Prescription:
        return make_prescription(self.draft, signed=False, **said)

    def booked(self, **said: Any) -> int:
        return Booking.objects.filter(pk=self.booking.pk).update(**said)

    def answered_twice(self) -> None:
        screening = self.screened()
        twice(lambda: self.answered(screening))

    def consented(self, **said: Any) -> Consent:
        return make_consent(self.patient, self.clinic, self.by, **said)


@pytest.fixture
def house(patient: Patient, clinic: Clinic, vaidya_user: User) -> House:
    variant = make_therapy()
    draft = make_assessment(patient, clinic, vaidya_user, signed=False)
    order = make_prescription(draft, variant, signed=False)
    visit = factories.make_visit(clinic=clinic, variant=variant, start=NOW + dt.timedelta(hours=2), patient=patient)
    question = Question.objects.create(code="gout", group="general", answer_type="yes_no_unsure")
    return House(patient, clinic, vaidya_user, variant, draft, order, visit.bookings.get(), question)


def broken_amounts(name: str, write: Callable[..., Any]) -> dict[str, list[Callable[[House], Any]]]:
    """Doses and temperatures that no row of a kind may hold; `write` makes one with these fields."""

    def each(*rows: dict[str, Any]) -> list[Callable[[House], Any]]:
        return [lambda house, fields=fields: write(house, **fields) for fields in rows]

    return {
        f"{name}_dose_has_a_unit": each({"dose_from": 5, "dose_to": 5}, {"dose_unit": "ml"}),
        f"{name}_dose_in_order": each(
            {"dose_from": 5, "dose_to": 4, "dose_unit": "ml"},
            {"dose_from": 5, "dose_unit": "ml"},
            {"dose_from": -1, "dose_to": 5, "dose_unit": "ml"},
        ),
        f"{name}_celsius_in_order": each(
            {"celsius_from": 40, "celsius_to": 39}, {"celsius_from": 40}, {"celsius_from": 40, "celsius_to": 101}
        ),
    }


BROKEN: dict[str, list[Callable[[House], Any]]] = {
    **broken_amounts("prescribed", lambda house, **fields: house.item(**fields)),
    **broken_amounts("session_use", lambda house, **fields: house.used(**fields)),
    "staff_round_once": [lambda house: twice(house.looked_at)],
    "assessment_signed_by_and_at": [
        lambda house: house.examined(signed_at=NOW),
        lambda house: house.examined(signed_by=house.by),
    ],
    "assessment_pain_to_ten": [lambda house: house.examined(pain=11)],
    "suitability_once": [lambda house: twice(house.suited)],
    "suitability_level_known": [lambda house: house.suited(level="perhaps", reason="Reason")],
    "suitability_with_reason": [
        lambda house: house.suited(level="not_suited"),
        lambda house: house.suited(level="with_care"),
    ],
    "prescription_signed_by_and_at": [
        lambda house: house.ordered(signed_at=NOW),
        lambda house: house.ordered(signed_by=house.by),
    ],
    "prescribed_once": [
        lambda house: PrescriptionItem.objects.create(prescription=house.order, variant=house.variant),
    ],
    "prescribed_sessions": [lambda house: house.item(sessions=0), lambda house: house.item(sessions=61)],
    "prescribed_days_between": [lambda house: house.item(days_between=0), lambda house: house.item(days_between=61)],
    "prescribed_first_day": [lambda house: house.item(first_day=0), lambda house: house.item(first_day=61)],
    "treatment_consent_once": [
        lambda house: twice(house.consented),
        lambda house: twice(lambda: house.consented(therapy=house.variant.therapy)),
    ],
    "treatment_consent_withdrawn_by_and_at": [
        lambda house: house.consented(withdrawn_at=NOW),
        lambda house: house.consented(withdrawn_by=house.by),
    ],
    "treatment_consent_witnessed": [lambda house: house.consented(how="thumbprint")],
    "treatment_consent_how_known": [lambda house: house.consented(how="by heart")],
    "screening_stage_known": [lambda house: house.screened(stage="perhaps")],
    "answer_once_a_screening": [lambda house: house.answered_twice()],
    "clearance_with_reason": [lambda house: house.cleared(reason="")],
    "suspension_lifted_by_at_and_why": [
        lambda house: house.suspended(lifted_at=NOW),
        lambda house: house.suspended(lifted_at=NOW, lifted_by=house.by),
        lambda house: house.suspended(lift_reason="Well again"),
    ],
    "suspension_rung_by_and_at": [
        lambda house: house.suspended(rung_at=NOW, rung_by=house.by),
        lambda house: house.suspended(lifted_at=NOW, lifted_by=house.by, lift_reason="Well again", rung_at=NOW),
    ],
    "session_note_pain_to_ten": [
        lambda house: house.noted(pain_before=11),
        lambda house: house.noted(pain_after=11),
    ],
    "clearance_written_down_by_another": [
        lambda house: house.cleared(written_by=house.by),
        lambda house: house.cleared(written_by=factories.make_user("desk@shanti.example"), confirms=house.cleared()),
    ],
    "session_note_grade_known": [lambda house: house.noted(grade="perhaps")],
    "session_use_out_after_in": [
        lambda house: house.used(out_at=NOW),
        lambda house: house.used(in_at=NOW, out_at=NOW - dt.timedelta(minutes=1)),
    ],
    "session_use_possible": [lambda house: house.used(bouts=61), lambda house: house.used(blood_ml=1001)],
    "day_check_digested_known": [lambda house: house.checked(digested="perhaps")],
    "day_check_hunger_known": [lambda house: house.checked(hunger="perhaps")],
    "emergency_ends_later": [lambda house: house.card_opened(until=NOW)],
    "emergency_reason_and_when": [
        lambda house: house.card_opened(explained_at=NOW),
        lambda house: house.card_opened(reason="unwell"),
        lambda house: house.card_opened(explained_at=NOW, reason="curious"),
    ],
    "measurement_says_something": [lambda house: house.measured(pulse=None)],
    "measurement_unmeasured_and_why": [
        lambda house: house.measured(unmeasured=["pulse"]),
        lambda house: house.measured(why_unmeasured="The cuff is broken"),
    ],
    "measurement_when_known": [lambda house: house.measured(when="perhaps")],
    "measurement_effect_known": [lambda house: house.measured(effect="perhaps")],
    "measurement_decision_with_reason": [lambda house: house.judged(reason="")],
    "booking_gaps_seen_by_and_at": [
        lambda house: house.booked(gaps_seen_at=NOW),
        lambda house: house.booked(gaps_seen_by=house.by),
    ],
    "booking_day_checked_by_and_at": [
        lambda house: house.booked(day_checked_at=NOW),
        lambda house: house.booked(day_checked_by=house.by),
    ],
}


@pytest.mark.parametrize(("name", "act"), [(name, act) for name, acts in BROKEN.items() for act in acts])
def test_row_that_breaks_a_rule_is_refused(name: str, act: Callable[[House], Any], house: House) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act(house)

    assert refused.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


def test_consent_can_be_given_again_once_withdrawn(house: House) -> None:
    house.consented(withdrawn_at=NOW, withdrawn_by=house.by)

    house.consented()

    assert Consent.objects.active().count() == 1


GROWS: dict[str, Callable[[House], Any]] = {
    "bookings_screening": lambda house: house.screened(),
    "bookings_answer": lambda house: house.answered(house.screened()),
    "bookings_clearance": lambda house: house.cleared(),
    "bookings_measurement": lambda house: house.measured(),
    "bookings_measurementdecision": lambda house: house.judged(),
    "bookings_consentpaper": lambda house: ConsentPaper.objects.create(
        consent=house.consented(), content_type="image/png", content=b"x"
    ),
    "bookings_prescriptionend": lambda house: PrescriptionEnd.objects.create(
        prescription=house.order, by=house.by, at=NOW, reason="Fever"
    ),
}


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("UPDATE {} SET id = id", "Cannot update or delete rows"),
        ("DELETE FROM {}", "Cannot update or delete rows"),
        ("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {} CASCADE", "Cannot truncate rows"),
    ],
)
@pytest.mark.parametrize("table", GROWS)
def test_log_only_grows(table: str, act: str, told: str, house: House) -> None:
    GROWS[table](house)

    with (
        pytest.raises(ProgrammingError, match=told),
        transaction.atomic(),
        as_owner() as cursor,
    ):
        cursor.execute(act.format(table))


@pytest.mark.parametrize("end", ["signed", "draft"])
def test_signed_rows_are_what_the_seal_is_about(end: str, house: House) -> None:
    """A draft is still changed and thrown away."""
    if end == "signed":
        Prescription.objects.update(signed_by=house.by, signed_at=NOW)
    acts: list[Callable[[], Any]] = [
        lambda: Prescription.objects.update(aim="Other"),
        lambda: PrescriptionItem.objects.update(sessions=3),
        lambda: house.order.items.all().delete(),
    ]

    for act in acts:
        if end == "draft":
            act()
        else:
            with pytest.raises(ProgrammingError, match="pgtrigger: Cannot"), transaction.atomic():
                act()

    assert PrescriptionItem.objects.count() == (1 if end == "signed" else 0)
