"""Readings are added and never changed; what they say decides whether a session may begin."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from bookings.actions import attendance
from bookings.actions.measurements import decide_on_readings, measure
from bookings.actions.session_notes import check_for_today, note_session
from bookings.errors import PolicyRefused
from bookings.facts.measurements import vitals_of
from bookings.models import Booking, History, Measurement, MeasurementDecision, Status
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.conftest import at
from tests.shipped import CATALOGUE as SHIPPED
from therapies.models import Rule
from therapies.vitals import Readings

MONITORED = {code: dict(therapy.facts.monitoring) for code, therapy in SHIPPED.therapies.items()}
CALM = Readings(systolic=120, diastolic=80, pulse=72, temperature=Decimal("36.8"), respiration=16, weight=Decimal(61))
MINUTE = dt.timedelta(minutes=1)

MakeSession = Callable[..., Booking]


def pressure(upper: int, lower: int) -> Readings:
    return Readings(systolic=upper, diastolic=lower, pulse=80)


@pytest.fixture
def session_of(clinic: Clinic, patient: Patient, vaidya_user: User) -> MakeSession:
    """A session at 11:00 of this Monday that may begin as soon as it is measured: ordered, consented to, checked in."""
    Rule.objects.bulk_create(
        Rule(code=rule.code, kind=rule.kind, is_hard=rule.hard, data=rule.rule, sources=rule.sources)
        for rule in SHIPPED.rules
        if rule.kind in ("stop", "session", "vitals")
    )
    factories.make_consent(patient, clinic, by=vaidya_user)

    def make(code: str = "kati_basti", *, start: dt.datetime | None = None, **facts: object) -> Booking:
        monitoring = {"monitoring": MONITORED[code] | facts}
        therapy = factories.make_therapy(code, needs="prescription", facts=monitoring)
        variant = factories.make_variant(therapy)
        item = factories.make_order(patient, variant, clinic=clinic, by=vaidya_user)
        said: dict[str, Any] = {"status": Status.CHECKED_IN, "item": item, "patient": patient}
        return factories.make_visit(clinic=clinic, variant=variant, start=start or at(11, day=2), **said).bookings.get()

    return make


def begin(booking: Booking, by: User, now: dt.datetime) -> str:
    """ "" where it began, else why not."""
    try:
        attendance.start(booking=booking, by=by, now=now)
    except PolicyRefused as refused:
        return refused.reason
    return ""


# --- no start without what the entry names ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("kati_basti", "pulse, blood pressure"),
        ("basti", "pulse, blood pressure"),
        ("vamana", "pulse, blood pressure, temperature, breaths per minute"),
        ("snehapana", "pulse, blood pressure, weight"),
    ],
)
def test_nothing_begins_without_the_vitals_that_its_entry_names(
    session_of: MakeSession, therapist_user: User, now: dt.datetime, code: str, words: str
) -> None:
    booking = session_of(code)

    assert begin(booking, therapist_user, now) == f"Before this treatment, measure: {words}."

    measure(booking=booking, by=therapist_user, now=now, readings=CALM)
    assert begin(booking, therapist_user, now) == ""


def test_paste_begins_without_readings_because_its_entry_names_none(
    session_of: MakeSession, therapist_user: User, now: dt.datetime
) -> None:
    assert begin(session_of("lepa"), therapist_user, now) == ""


def test_readings_of_another_session_of_the_day_are_not_those_of_this_one(
    session_of: MakeSession, therapist_user: User, now: dt.datetime
) -> None:
    measure(booking=session_of("abhyanga"), by=therapist_user, now=now, readings=CALM)

    assert "measure: pulse" in begin(session_of("kati_basti", start=at(12, day=2)), therapist_user, now)


# --- nothing is rubbed out --------------------------------------------------------------------------------------------


def test_pressure_of_182_96_cannot_be_rubbed_out(
    session_of: MakeSession, therapist_user: User, now: dt.datetime
) -> None:
    booking = session_of()
    measure(booking=booking, by=therapist_user, now=now, readings=pressure(182, 96))

    note_session(booking=booking, by=therapist_user, now=now, observations="calm now")
    for minutes in (5, 6, 10):
        measure(booking=booking, by=therapist_user, now=now + minutes * MINUTE, readings=pressure(120, 80))

    assert "do not allow this treatment" in begin(booking, therapist_user, now + 11 * MINUTE)
    assert list(Measurement.objects.values_list("systolic", "by", "at")) == [
        (182, therapist_user.pk, now),
        *((120, therapist_user.pk, now + minutes * MINUTE) for minutes in (5, 6, 10)),
    ]


def test_very_high_pressure_closes_the_other_treatments_of_the_day_too(
    session_of: MakeSession, therapist_user: User, now: dt.datetime
) -> None:
    measure(booking=session_of("abhyanga"), by=therapist_user, now=now, readings=pressure(182, 96))
    later = session_of("kati_basti", start=at(12, day=2))
    measure(booking=later, by=therapist_user, now=now + 30 * MINUTE, readings=pressure(130, 85))

    assert "do not allow this treatment" in begin(later, therapist_user, now + 31 * MINUTE)


def test_164_92_waits_until_two_calm_readings_follow_a_rest(
    session_of: MakeSession, therapist_user: User, now: dt.datetime
) -> None:
    booking = session_of()
    measure(booking=booking, by=therapist_user, now=now, readings=pressure(164, 92))
    assert "the Vaidya must see the patient first" in begin(booking, therapist_user, now)

    for minutes in (5, 6):
        measure(booking=booking, by=therapist_user, now=now + minutes * MINUTE, readings=pressure(150, 88))

    assert begin(booking, therapist_user, now + 7 * MINUTE) == ""
    assert [row.effect for row in Measurement.objects.all()] == ["ask", "ask", ""]


def test_entry_that_says_nothing_is_refused(session_of: MakeSession, therapist_user: User, now: dt.datetime) -> None:
    with pytest.raises(PolicyRefused, match="at least one value"):
        measure(booking=session_of(), by=therapist_user, now=now, readings=Readings())

    assert not Measurement.objects.exists()


def test_measuring_writes_one_act_without_values(
    session_of: MakeSession, therapist_user: User, now: dt.datetime
) -> None:
    booking = session_of()

    measure(booking=booking, by=therapist_user, now=now, readings=CALM)

    act = History.objects.get(verb="measure")
    assert (act.booking, act.by, act.at, act.detail) == (booking, therapist_user, now, {})


def test_readings_close_with_the_day(session_of: MakeSession, therapist_user: User) -> None:
    with pytest.raises(PolicyRefused, match="closes at the end of the day"):
        measure(booking=session_of(), by=therapist_user, now=at(9, day=3), readings=CALM)


# --- the Vaidya decides -----------------------------------------------------------------------------------------------


def test_decision_with_a_reason_lets_it_begin_and_a_new_reading_asks_again(
    session_of: MakeSession, therapist_user: User, vaidya_user: User, now: dt.datetime
) -> None:
    booking = session_of()
    measure(booking=booking, by=therapist_user, now=now, readings=Readings(systolic=85, diastolic=60, pulse=70))

    decide_on_readings(booking=booking, allowed=True, reason="Always so", by=vaidya_user, now=now + MINUTE)
    measure(booking=booking, by=therapist_user, now=now + 2 * MINUTE, readings=pressure(84, 60))
    assert "do not allow" in begin(booking, therapist_user, now + 3 * MINUTE)

    decide_on_readings(booking=booking, allowed=True, reason="Always so", by=vaidya_user, now=now + 4 * MINUTE)
    assert begin(booking, therapist_user, now + 5 * MINUTE) == ""


def test_very_high_pressure_is_allowed_only_where_a_doctor_has_seen_the_patient(
    session_of: MakeSession, therapist_user: User, vaidya_user: User, now: dt.datetime
) -> None:
    booking = session_of()
    measure(booking=booking, by=therapist_user, now=now, readings=pressure(182, 96))
    said: dict[str, Any] = {"booking": booking, "allowed": True, "reason": "Seen by me", "by": vaidya_user, "now": now}

    with pytest.raises(PolicyRefused, match="a medical doctor must see"):
        decide_on_readings(**said)
    decide_on_readings(**said, report_seen=True)

    assert begin(booking, therapist_user, now) == ""


@pytest.mark.parametrize(
    ("readings", "reason", "words"),
    [(pressure(182, 96), " ", "give a reason"), (pressure(120, 80), "Looks well", "nothing to decide")],
)
def test_decision_needs_a_reason_and_something_to_decide(
    session_of: MakeSession,
    therapist_user: User,
    vaidya_user: User,
    now: dt.datetime,
    readings: Readings,
    reason: str,
    words: str,
) -> None:
    booking = session_of()
    measure(booking=booking, by=therapist_user, now=now, readings=readings)

    with pytest.raises(PolicyRefused, match=words):
        decide_on_readings(booking=booking, allowed=True, reason=reason, by=vaidya_user, now=now, report_seen=True)

    assert not MeasurementDecision.objects.exists()


def test_decision_against_it_keeps_it_from_beginning(
    session_of: MakeSession, therapist_user: User, vaidya_user: User, now: dt.datetime
) -> None:
    booking = session_of()
    measure(booking=booking, by=therapist_user, now=now, readings=pressure(85, 60))

    decide_on_readings(booking=booking, allowed=True, reason="Always so", by=vaidya_user, now=now)
    decide_on_readings_again = MeasurementDecision.objects.create(
        booking=booking, allowed=False, reason="Dizzy now", by=vaidya_user, at=now + MINUTE
    )

    assert decide_on_readings_again.allowed is False
    assert "do not allow" in begin(booking, therapist_user, now + 2 * MINUTE)


def test_look_on_the_day_lets_it_begin_where_the_readings_only_ask_for_one(
    session_of: MakeSession, therapist_user: User, vaidya_user: User, now: dt.datetime
) -> None:
    booking = session_of()
    measure(booking=booking, by=therapist_user, now=now, readings=pressure(165, 90))

    check_for_today(booking=booking, by=vaidya_user, now=now)

    assert begin(booking, therapist_user, now) == ""


@pytest.mark.parametrize(("readings", "checked"), [(pressure(165, 90), False), (pressure(120, 80), True)])
def test_reading_after_the_check_asks_for_another_look(
    session_of: MakeSession,
    therapist_user: User,
    vaidya_user: User,
    now: dt.datetime,
    readings: Readings,
    checked: bool,
) -> None:
    booking = session_of("virechana")
    booking.variant.therapy.needs = "day_check"
    booking.variant.therapy.save()
    check_for_today(booking=booking, by=vaidya_user, now=now)

    measure(booking=booking, by=therapist_user, now=now + MINUTE, readings=readings)

    booking.refresh_from_db()
    assert (booking.day_checked_at is not None) is checked


# --- a broken device --------------------------------------------------------------------------------------------------

BROKEN: dict[str, Any] = {
    "readings": Readings(pulse=72),
    "unmeasured": ["blood_pressure"],
    "why_unmeasured": "The cuff is torn",
}


@pytest.mark.parametrize("code", ["kati_basti", "basti", "vamana", "swedana", "snehapana"])
def test_heat_enema_purification_and_oil_by_mouth_are_not_given_unmeasured(
    session_of: MakeSession, therapist_user: User, vaidya_user: User, now: dt.datetime, code: str
) -> None:
    booking = session_of(code)
    entry = BROKEN | {"readings": Readings(pulse=72, temperature=Decimal(37), respiration=15, weight=Decimal(60))}
    measure(booking=booking, by=therapist_user, now=now, **entry)
    words = "This treatment is not given without measuring: blood pressure."

    assert begin(booking, therapist_user, now) == words
    with pytest.raises(PolicyRefused, match=words):
        decide_on_readings(booking=booking, allowed=True, reason="Looks well", by=vaidya_user, now=now)


def test_paste_may_go_on_unmeasured_with_the_vaidya_s_yes(
    session_of: MakeSession, therapist_user: User, vaidya_user: User, now: dt.datetime
) -> None:
    booking = session_of("lepa", vitals=["pulse", "blood_pressure"])
    measure(booking=booking, by=therapist_user, now=now, **BROKEN)
    assert "the Vaidya must agree first" in begin(booking, therapist_user, now)

    decide_on_readings(booking=booking, allowed=True, reason="Only the knee", by=vaidya_user, now=now)

    assert begin(booking, therapist_user, now) == ""
    assert Measurement.objects.get().why_unmeasured == "The cuff is torn"


def test_broken_device_needs_a_reason(session_of: MakeSession, therapist_user: User, now: dt.datetime) -> None:
    with pytest.raises(PolicyRefused, match="why it cannot be measured"):
        measure(booking=session_of(), by=therapist_user, now=now, **(BROKEN | {"why_unmeasured": " "}))


def test_nothing_measured_is_no_finding(session_of: MakeSession) -> None:
    assert vitals_of(session_of()).open_findings == ()
