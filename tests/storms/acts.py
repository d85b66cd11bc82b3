"""Every action that changes a visit, on a visit that stands where the action may find it: what is raced in pairs."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from bookings.actions import (
    approval,
    attendance,
    changes,
    confirmation,
    holds,
    signing,
)
from bookings.actions import (
    consents as consent_actions,
)
from bookings.actions import decisions as decision_actions
from bookings.actions import (
    prescriptions as prescription_actions,
)
from bookings.actions import (
    screening as screening_actions,
)
from bookings.actions import (
    session_notes as session_note_actions,
)
from bookings.actions.decisions import AnswerDecision
from bookings.actions.measurements import measure
from bookings.actions.screening import GivenAnswer as Answered
from bookings.facts.patient import patient_facts_of
from bookings.facts.sessions import rules_of
from bookings.models import (
    Booking,
    CancelledBy,
    Consent,
    Prescription,
    PrescriptionItem,
    Suspension,
    Visit,
)
from bookings.rules.prescriptions import Item
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.shipped import load_shipped
from therapies import questionnaire
from therapies.models import Practitioner, Question, Therapy, Variant
from therapies.session_rules import Action, GivenTherapy, signs
from therapies.vitals import Readings

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


@dataclass
class House:
    """One clinic with the shipped catalogue, enough people for two sessions at once, and an account of each kind."""

    clinic: Clinic
    variant: Variant
    lata: Practitioner
    devi: Practitioner
    desk: User
    vaidya: User
    owner: User
    signs: dict[str, str]
    days: int = 0


def make_house() -> House:
    load_shipped()
    clinic = factories.make_clinic("pairs", opens="00:00", closes="24:00", horizon_days=365)
    variant = Variant.objects.select_related("therapy").prefetch_related("steps__crews").get(therapy__code="kati_basti")
    people = {}
    serving = [("Lata", "therapist"), ("Devi", "therapist"), ("Uma", "attendant"), ("Rani", "attendant")]
    for name, role in [*serving, ("Dr Rao", "vaidya"), ("Dr Menon", "vaidya")]:
        people[name] = factories.make_practitioner(
            clinic, name, roles=[role], works=("00:00", "24:00"), qualified=[variant.therapy]
        )
        factories.make_room(clinic)
    vaidya = factories.make_member(clinic, "vaidya")
    desk, owner = factories.make_member(clinic, "front_desk"), factories.make_user("pairs@example.org")
    given = GivenTherapy(variant.therapy.code, variant.treatment, frozenset(variant.therapy.groups))
    found = {sign.action is Action.STOP: sign.code for sign in signs(rules_of("stop"), given)}
    named = {"stop": found[True], "pause": found[False]}
    return House(clinic, variant, people["Lata"], people["Devi"], desk, vaidya, owner, named)


@dataclass
class Case:
    """One patient and one visit of theirs, on a day of its own."""

    house: House
    start: dt.datetime
    patient: Patient
    visit: Visit
    number: int
    limit: dt.datetime | None = None
    extra: dict[str, int] = field(default_factory=dict)

    @property
    def early(self) -> dt.datetime:
        """When it was held and asked for: the day before."""
        return self.start - 20 * HOUR

    @property
    def near(self) -> dt.datetime:
        """On the day, half an hour before."""
        return self.start - 30 * MINUTE

    @property
    def late(self) -> dt.datetime:
        """On the day, after it should have begun."""
        return self.start + 10 * MINUTE

    @property
    def holder(self) -> str:
        return f"holder-{self.number}"

    def booking(self) -> Booking:
        """As a page read it before the action."""
        return Booking.objects.select_related("visit__clinic", "visit__patient", "variant__therapy").get(
            visit=self.visit
        )


Act = Callable[[Case, Booking], object]


# --- where a visit stands ---------------------------------------------------------------------------------------------


def held(house: House, *, answered: bool = False) -> Case:
    """The patient is known and ordered, the time is held, nothing is booked. Questions are due unless answered."""
    Therapy.objects.filter(pk=house.variant.therapy_id).update(booking_mode="desk", needs="prescription")
    house.days += 1
    start = factories.NOW + house.days * DAY
    patient = factories.make_patient(f"Pair{house.days}", clinics=[house.clinic], accepts_therapist="any")
    _order(patient, house, start)
    factories.make_consent(patient, house.clinic)
    if answered:
        factories.tell_all_is_well(patient, house.clinic, at=start - 21 * HOUR)
    case = Case(house, start, patient, Visit(), house.days)
    case.visit = take_hold(case, holder=case.holder, now=case.early)
    return case


def _order(patient: Patient, house: House, start: dt.datetime) -> None:
    """Examined and prescribed the day before."""
    said = {"by": house.vaidya, "made_at": start - DAY}
    assessment = factories.make_assessment(patient, house.clinic, **said)  # type: ignore[arg-type]
    order = Prescription.objects.create(
        patient=patient, clinic=house.clinic, assessment=assessment, valid_until=start.date() + 30 * DAY, **said
    )
    PrescriptionItem.objects.create(prescription=order, variant=house.variant, sessions=7)
    factories.sign(order)


def take_hold(case: Case, *, holder: str, now: dt.datetime, start: dt.datetime | None = None) -> Visit:
    """Lata's time, by whoever is first."""
    slot_request = SlotRequest(case.house.clinic, (case.house.variant,), "any", case.house.lata.pk)
    said = {"holder": holder, "by": None, "now": now, "key": uuid.uuid4(), "desk": True}
    return holds.hold(slot_request=slot_request, start=start or case.start, **said)  # type: ignore[arg-type]


def booked(house: House) -> Case:
    case = held(house)
    _book(case, now=case.early, desk=True)
    return case


def _book(case: Case, *, now: dt.datetime, desk: bool) -> Visit:
    said = {"holder": case.holder, "by": case.house.owner, "now": now, "key": uuid.uuid4(), "desk": desk}
    return confirmation.book(visit=case.visit, patient=case.patient, **said)  # type: ignore[arg-type]


def asked_clinic(house: House) -> Case:
    case = held(house, answered=True)
    Therapy.objects.filter(pk=house.variant.therapy_id).update(booking_mode="request")
    _book(case, now=case.early, desk=False)
    case.limit = case.booking().expires_at
    return case


def asked_vaidya(house: House) -> Case:
    case = held(house, answered=True)
    _tell(case, now=case.early, gh_heart="yes")
    _book(case, now=case.early, desk=False)
    case.limit = case.booking().expires_at
    return case


def checked_in(house: House) -> Case:
    case = booked(house)
    factories.tell_all_is_well(case.patient, house.clinic, at=case.near - MINUTE)
    attendance.check_in(visit=case.visit, by=house.desk, now=case.near)
    calm = Readings(systolic=120, diastolic=80, pulse=72)
    measure(booking=case.booking(), by=house.vaidya, now=case.near, readings=calm)
    return case


def in_progress(house: House) -> Case:
    case = checked_in(house)
    attendance.start(booking=case.booking(), by=house.vaidya, now=case.near)
    return case


def missed(house: House) -> Case:
    case = booked(house)
    attendance.mark_no_show(visit=case.visit, by=house.desk, now=case.late)
    return case


def paused(house: House) -> Case:
    """Booked, and the patient's treatments are paused."""
    case = booked(house)
    row = Suspension.objects.create(
        patient=case.patient,
        clinic=house.clinic,
        therapies=["all"],
        sign="st_sharp_sensation",
        by=house.vaidya,
        at=case.early,
    )
    case.extra["suspension"] = row.pk
    return case


# --- actions ----------------------------------------------------------------------------------------------------------


def _tell(case: Case, *, now: dt.datetime, **values: str) -> object:
    questions = {question.code: question for question in Question.objects.filter(code__in=values)}
    asked = [question for question in patient_facts_of(case.patient, now=now).questions if question.code in values]
    return screening_actions.screen(
        patient=case.patient,
        clinic=case.house.clinic,
        stage="booking",
        shown=questionnaire.questions_version(asked),
        given=[Answered(questions[code], value) for code, value in values.items()],
        variants=[case.house.variant],
        by=None,
        now=now,
    )


def _decide(case: Case, *, now: dt.datetime, allowed: bool, booking: Booking | None = None) -> object:
    decision = AnswerDecision(
        question=Question.objects.get(code="gh_heart"),
        value="yes",
        text="",
        therapies=("kati_basti",),
        allowed=allowed,
        reason="examined by me",
        until=now + 30 * DAY,
        booking=booking,
    )
    return decision_actions.decide(
        patient=case.patient, decisions=[decision], clinic=case.house.clinic, by=case.house.vaidya, now=now
    )


def _reassign(case: Case, booking: Booking, *, now: dt.datetime) -> object:
    new = {"old_resource_id": case.house.lata.pk, "new_resource_id": case.house.devi.pk}
    return changes.reassign(booking=booking, by=case.house.desk, now=now, version=booking.version, **new)


def _move(case: Case, booking: Booking, *, now: dt.datetime) -> object:
    said = {"by": case.house.owner, "now": now, "key": uuid.uuid4(), "version": booking.version, "desk": True}
    return changes.move(visit=booking.visit, start=case.start + 2 * HOUR, **said)  # type: ignore[arg-type]


def _cancel(case: Case, booking: Booking, *, now: dt.datetime, desk: bool = True) -> object:
    said = {"by": case.house.desk, "now": now, "version": booking.version, "reason": "patient_ill", "desk": desk}
    return changes.cancel(visit=booking.visit, ended_by=CancelledBy.PATIENT, **said)  # type: ignore[arg-type]


def _sign_anew(case: Case, booking: Booking, *, now: dt.datetime) -> object:
    """A new version of the order, which the session is carried over to."""
    assert booking.item is not None
    old = booking.item.prescription
    draft = prescription_actions.prescribe(
        assessment=old.assessment,
        clinic=case.house.clinic,
        items=[Item(case.house.variant, 14)],
        valid_until=now.date() + 30 * DAY,
        by=case.house.vaidya,
        now=now,
        replaces=old,
    )
    return signing.sign(assessment=old.assessment, prescription=draft, clearing=(), by=case.house.vaidya, now=now)


def _after(case: Case) -> dt.datetime:
    """The limit of a request has passed."""
    assert case.limit is not None
    return case.limit + 10 * dt.timedelta(seconds=1)


def _desk(verb: Callable[..., object], moment: Callable[[Case], dt.datetime]) -> Act:
    return lambda case, booking: verb(visit=booking.visit, by=case.house.desk, now=moment(case))


def _of_booking(verb: Callable[..., object], **more: object) -> Act:
    return lambda case, booking: verb(booking=booking, by=case.house.vaidya, now=case.near + MINUTE, **more)


def _suspension(case: Case) -> Suspension:
    return Suspension.objects.get(pk=case.extra["suspension"])


SOON = MINUTE
OVER = 16 * MINUTE
"""After this a hold has lapsed."""
BOOK: Act = lambda case, _b: _book(case, now=case.early + SOON, desk=True)  # noqa: E731
TAKE: Act = lambda case, _b: take_hold(case, holder=f"other-{uuid.uuid4()}", now=case.late)  # noqa: E731
ILL: Act = lambda case, _b: _tell(case, now=case.near, gh_heart="yes")  # noqa: E731
BLOCK: Act = lambda case, b: _decide(case, now=case.near, allowed=False, booking=b)  # noqa: E731
HOLDS: dict[str, Act] = {
    "book": BOOK,
    "book late": lambda case, _b: _book(case, now=case.early + OVER, desk=True),
    "extend": lambda case, b: holds.extend_hold(visit=b.visit, holder=case.holder, by=None, now=case.early + SOON),
    "release": lambda case, b: holds.release_hold(visit=b.visit, holder=case.holder, by=None, now=case.early + SOON),
    "hold again": lambda case, _b: take_hold(
        case, holder=case.holder, now=case.early + SOON, start=case.start + 3 * HOUR
    ),
    "sweep": lambda case, _b: take_hold(case, holder=f"other-{uuid.uuid4()}", now=case.early + OVER),
}
REQUESTS: dict[str, Act] = {
    "accept": _desk(approval.accept, _after),
    "decline": _desk(approval.decline, _after),
    "lapse": lambda case, b: approval.lapse(visit=b.visit, now=_after(case)),
    "call off": lambda case, b: _cancel(case, b, now=case.early + SOON, desk=False),
    "take": lambda case, _b: take_hold(case, holder=f"other-{uuid.uuid4()}", now=_after(case)),
    "ill": lambda case, _b: _tell(case, now=_after(case), gh_heart="yes"),
    "yes": lambda case, _b: _decide(case, now=_after(case), allowed=True),
    "no": lambda case, b: _decide(case, now=_after(case), allowed=False, booking=b),
}
COMING: dict[str, Act] = {
    "check in": _desk(attendance.check_in, lambda case: case.near),
    "move": lambda case, b: _move(case, b, now=case.near),
    "cancel": lambda case, b: _cancel(case, b, now=case.near),
    "reassign": lambda case, b: _reassign(case, b, now=case.near),
    "ill": ILL,
    "block": BLOCK,
    "sign anew": lambda case, b: _sign_anew(case, b, now=case.early),
    "take": TAKE,
    "no-show": _desk(attendance.mark_no_show, lambda case: case.late),
}
HERE: dict[str, Act] = {
    "start": _of_booking(attendance.start),
    "undo": _desk(attendance.undo, lambda case: case.late),
    "cancel": COMING["cancel"],
    "reassign": COMING["reassign"],
    "ill": ILL,
    "block": BLOCK,
    "note": lambda case, b: session_note_actions.note_session(
        booking=b, by=case.house.vaidya, now=case.near, observations="calm"
    ),
    "measure": lambda case, b: measure(
        booking=b, by=case.house.vaidya, now=case.near, readings=Readings(systolic=120, diastolic=80)
    ),
}
GOING_ON: dict[str, Act] = {
    "complete": _of_booking(attendance.complete),
    "stop": lambda case, b: session_note_actions.stop_session(
        booking=b, sign=case.house.signs["stop"], by=case.house.vaidya, now=case.late
    ),
    "sign": lambda case, b: session_note_actions.report_sign(
        booking=b, sign=case.house.signs["pause"], by=case.house.vaidya, now=case.late
    ),
    "note": HERE["note"],
    "undo": HERE["undo"],
}
MISSED: dict[str, Act] = {"undo": HERE["undo"], "take": TAKE, "no-show": COMING["no-show"]}
PAUSED: dict[str, Act] = {
    "lift": lambda case, _b: screening_actions.lift(
        suspension=_suspension(case), reason="healed again", by=case.house.vaidya, now=case.near
    ),
    "tell": lambda case, _b: screening_actions.note_rung(
        patient=case.patient, clinics=[case.house.clinic], by=case.house.desk, now=case.near
    ),
    "withdraw": lambda case, _b: consent_actions.withdraw_consent(
        consent=Consent.objects.get(patient=case.patient), by=case.house.owner, now=case.near
    ),
    "check in": COMING["check in"],
    "cancel": COMING["cancel"],
}
STATES: dict[str, tuple[Callable[[House], Case], dict[str, Act]]] = {
    "held": (held, HOLDS),
    "asked of the clinic": (asked_clinic, {name: REQUESTS[name] for name in REQUESTS if name not in ("yes", "no")}),
    "asked of the Vaidya": (asked_vaidya, {name: REQUESTS[name] for name in REQUESTS if name != "ill"}),
    "booked": (booked, COMING),
    "here": (checked_in, HERE),
    "going on": (in_progress, GOING_ON),
    "missed": (missed, MISSED),
    "paused": (paused, PAUSED),
}
"""Where the visit stands, and what may happen to it there."""
SUCCEEDS = {
    "book": "book",
    "book late": "book",
    "extend": "extend",
    "accept": "accept",
    "decline": "decline",
    "call off": "cancel",
    "cancel": "cancel",
    "check in": "check_in",
    "move": "move",
    "reassign": "reassign",
    "block": "block",
    "no": "block",
    "no-show": "no_show",
    "start": "start",
    "undo": "undo",
    "complete": "complete",
    "stop": "stop",
    "sign": "sign",
    "note": "note",
}
"""The row of the history that each leaves where it went through."""
