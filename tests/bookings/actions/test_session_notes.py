"""The record of a session: until when it is written, how a sign ends it, and what is suspended then."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from bookings.actions.session_notes import (
    FACTS,
    NoSuchFact,
    check_for_today,
    note_session,
    report_sign,
    stop_session,
)
from bookings.errors import PolicyRefused
from bookings.facts import sessions as session_facts
from bookings.models import Booking, History, Message, SessionNote, Status, Suspension
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.conftest import at
from tests.shipped import CATALOGUE as SHIPPED
from therapies.models import Rule, Variant
from therapies.session_rules import Action, GivenTherapy, signs

KINDS = ("stop", "session", "vitals")
OF_A_SESSION = [rule for rule in SHIPPED.rules if rule.kind in KINDS]
SIGNS = [rule for rule in OF_A_SESSION if "sign" in rule.rule]
ENDING = [rule for rule in SIGNS if rule.rule["action"] == "stop_session"]
OTHERS = [rule for rule in SIGNS if rule.rule["action"] != "stop_session"]

MakeBooking = Callable[..., Booking]


@pytest.fixture(autouse=True)
def _rules(db: None) -> None:
    """The shipped rules of a session."""
    Rule.objects.bulk_create(
        Rule(code=rule.code, kind=rule.kind, is_hard=rule.hard, data=rule.rule, sources=rule.sources)
        for rule in OF_A_SESSION
    )


@pytest.fixture
def booking_of(clinic: Clinic, patient: Patient) -> MakeBooking:
    """A session today at 11:00 that goes on, unless said otherwise."""

    def make(
        therapy: str = "kati_basti",
        *,
        code: str = "default",
        groups: tuple[str, ...] = ("bahya_basti_family",),
        start: dt.datetime | None = None,
        **said: object,
    ) -> Booking:
        variant = Variant.objects.filter(therapy__code=therapy, code=code).first()
        if variant is None:
            facts = {"name": therapy, "groups": list(groups), "needs": said.pop("needs", "prescription")}
            variant = factories.make_variant(factories.make_therapy(therapy, **facts), code)
        usual = {"status": Status.IN_PROGRESS, "patient": patient}
        visit = factories.make_visit(clinic=clinic, variant=variant, start=start or at(11, day=2), **(usual | said))  # type: ignore[arg-type]
        return visit.bookings.get()

    return make


# --- writing ----------------------------------------------------------------------------------------------------------


def test_note_keeps_what_was_said(booking_of: MakeBooking, therapist_user: User, now: dt.datetime) -> None:
    booking = booking_of()

    note_session(booking=booking, by=therapist_user, now=now, pain_before=7, materials="Sesame oil", pressure="light")

    note = SessionNote.objects.get(booking=booking)
    assert (note.pain_before, note.pain_after, note.materials, note.pressure) == (7, None, "Sesame oil", "light")
    assert (note.by, note.at) == (therapist_user, now)


def test_note_is_completed_without_losing_what_was_said(
    booking_of: MakeBooking, therapist_user: User, vaidya_user: User, now: dt.datetime
) -> None:
    booking = booking_of()
    note_session(booking=booking, by=therapist_user, now=now, pain_before=7)

    note_session(booking=booking, by=vaidya_user, now=now + dt.timedelta(hours=1), pain_after=3)

    note = SessionNote.objects.get(booking=booking)
    assert (note.pain_before, note.pain_after, note.by) == (7, 3, vaidya_user)


def test_note_writes_one_act_with_codes_only(booking_of: MakeBooking, therapist_user: User, now: dt.datetime) -> None:
    booking = booking_of()

    note_session(booking=booking, by=therapist_user, now=now, observations="sleeps badly")

    act = History.objects.get(verb="note")
    assert (act.booking, act.was, act.became, act.by, act.detail) == (
        booking,
        "in_progress",
        "in_progress",
        therapist_user,
        {},
    )


@pytest.mark.parametrize("status", [Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED, Status.STOPPED])
def test_note_is_open_from_check_in(
    booking_of: MakeBooking, therapist_user: User, now: dt.datetime, status: str
) -> None:
    booking = booking_of(status=status)

    note_session(booking=booking, by=therapist_user, now=now, pain_after=1)

    assert SessionNote.objects.get(booking=booking).pain_after == 1


@pytest.mark.parametrize("status", [Status.BOOKED, Status.NO_SHOW])
def test_note_needs_somebody_who_came(
    booking_of: MakeBooking, therapist_user: User, now: dt.datetime, status: str
) -> None:
    with pytest.raises(PolicyRefused, match="not been checked in"):
        note_session(booking=booking_of(status=status), by=therapist_user, now=now, pain_after=1)


def test_note_is_open_until_the_clinic_s_midnight(booking_of: MakeBooking, therapist_user: User) -> None:
    booking = booking_of(status=Status.COMPLETED)

    note_session(booking=booking, by=therapist_user, now=at(23, 59, day=2), pain_after=2)
    with pytest.raises(PolicyRefused, match="closes at the end of the day"):
        note_session(booking=booking, by=therapist_user, now=at(0, 0, day=3), pain_after=9)

    assert SessionNote.objects.get(booking=booking).pain_after == 2


def test_note_of_an_unknown_fact_is_a_mistake_of_ours(
    booking_of: MakeBooking, therapist_user: User, now: dt.datetime
) -> None:
    with pytest.raises(NoSuchFact, match="mood, stop_sign"):
        note_session(booking=booking_of(), by=therapist_user, now=now, mood="good", stop_sign="st_burn")


def test_facts_are_the_fields_of_the_note_that_people_fill_in() -> None:
    assert {"pain_before", "batch", "event_code", "identifiers"} <= FACTS
    assert FACTS & {"id", "booking", "by", "at", "stop_sign"} == set()


@pytest.mark.parametrize("field", ["pain_before", "pain_after"])
def test_database_refuses_more_pain_than_ten(
    booking_of: MakeBooking, therapist_user: User, now: dt.datetime, field: str
) -> None:
    note = SessionNote(booking=booking_of(), by=therapist_user, at=now, **{field: 11})

    with pytest.raises(IntegrityError, match="session_note_pain_to_ten"), transaction.atomic():
        note.save()


# --- each stop sign of the data ---------------------------------------------------------------------------------------


def given_for(code: str) -> GivenTherapy:
    """The first shipped therapy and variant that the sign is meant for."""
    everything = (
        GivenTherapy(therapy.code, variant.code, frozenset(therapy.groups))
        for therapy in SHIPPED.therapies.values()
        for variant in therapy.variants
    )
    stops = [(rule.code, rule.rule) for rule in SIGNS]
    return next(given for given in everything if code in {sign.code for sign in signs(stops, given)})


@pytest.fixture
def going_on(booking_of: MakeBooking) -> Callable[[str], Booking]:
    """A session that goes on, of a treatment for which the sign is meant."""

    def make(code: str) -> Booking:
        given = given_for(code)
        return booking_of(given.therapy, code=given.variant, groups=tuple(sorted(given.groups)))

    return make


@pytest.mark.parametrize("rule", ENDING, ids=lambda rule: rule.code)
def test_stop_sign_ends_the_session_and_is_recorded(
    going_on: Callable[[str], Booking], therapist_user: User, now: dt.datetime, rule: object
) -> None:
    code, data = rule.code, rule.rule  # type: ignore[attr-defined]
    booking = going_on(code)

    stop_session(booking=booking, sign=code, by=therapist_user, now=now)

    booking.refresh_from_db()
    note = SessionNote.objects.get(booking=booking)
    assert (booking.status, booking.ended_at) == (Status.STOPPED, now)
    assert (note.stop_sign, note.event_code) == (code, data.get("incident_code", ""))
    assert booking.occupancies.exists()


@pytest.mark.parametrize("rule", ENDING, ids=lambda rule: rule.code)
def test_stop_sign_suspends_as_the_data_says(
    going_on: Callable[[str], Booking], therapist_user: User, patient: Patient, now: dt.datetime, rule: object
) -> None:
    code, data = rule.code, rule.rule  # type: ignore[attr-defined]
    booking = going_on(code)

    stop_session(booking=booking, sign=code, by=therapist_user, now=now)

    expected = ["all"] if data["blocks_next_session"] else None
    found = Suspension.objects.active().filter(patient=patient, booking=booking).first()
    assert (found.therapies if found else None) == expected
    assert found is None or (found.sign, found.by, found.at, found.clinic) == (
        code,
        therapist_user,
        now,
        booking.visit.clinic,
    )


@pytest.mark.parametrize("rule", OTHERS, ids=lambda rule: rule.code)
def test_sign_that_is_no_stop_does_not_end_the_session(
    going_on: Callable[[str], Booking], therapist_user: User, now: dt.datetime, rule: object
) -> None:
    booking = going_on(rule.code)  # type: ignore[attr-defined]

    with pytest.raises(PolicyRefused, match="does not stop"):
        stop_session(booking=booking, sign=rule.code, by=therapist_user, now=now)  # type: ignore[attr-defined]

    booking.refresh_from_db()
    assert booking.status == Status.IN_PROGRESS
    assert not Suspension.objects.exists()


@pytest.mark.parametrize("rule", OTHERS, ids=lambda rule: rule.code)
def test_sign_that_is_no_stop_is_written_down_while_the_session_goes_on(
    going_on: Callable[[str], Booking], therapist_user: User, now: dt.datetime, rule: object
) -> None:
    code, data = rule.code, rule.rule  # type: ignore[attr-defined]
    booking = going_on(code)

    sign = report_sign(booking=booking, sign=code, by=therapist_user, now=now)

    booking.refresh_from_db()
    note = SessionNote.objects.get(booking=booking)
    assert sign.action == Action(data["action"])
    assert booking.status == Status.IN_PROGRESS
    assert (note.stop_sign, note.observations.lower()) == ("", f"10:00 {data['sign']}".lower())
    assert Suspension.objects.filter(booking=booking).exists() is data["blocks_next_session"]


@pytest.mark.parametrize("rule", ENDING, ids=lambda rule: rule.code)
def test_stop_sign_is_never_only_written_down(
    going_on: Callable[[str], Booking], therapist_user: User, now: dt.datetime, rule: object
) -> None:
    with pytest.raises(PolicyRefused, match="stops the session"):
        report_sign(booking=going_on(rule.code), sign=rule.code, by=therapist_user, now=now)  # type: ignore[attr-defined]


# --- stopping ---------------------------------------------------------------------------------------------------------


def test_stop_writes_one_act_without_the_sign(booking_of: MakeBooking, therapist_user: User, now: dt.datetime) -> None:
    booking = booking_of()

    stop_session(booking=booking, sign="st_rash", by=therapist_user, now=now)

    act, suspension = History.objects.get(verb="stop"), Suspension.objects.get()
    assert (act.booking, act.was, act.became, act.by) == (booking, "in_progress", "stopped", therapist_user)
    assert act.detail == {"suspension": suspension.pk}


def test_stop_keeps_what_was_noted_before(booking_of: MakeBooking, therapist_user: User, now: dt.datetime) -> None:
    booking = booking_of()
    note_session(booking=booking, by=therapist_user, now=now, pain_before=4, observations="warm")

    stop_session(booking=booking, sign="st_burn", by=therapist_user, now=now)

    note = SessionNote.objects.get(booking=booking)
    assert (note.pain_before, note.observations, note.stop_sign) == (4, "warm", "st_burn")


@pytest.mark.parametrize("status", [Status.BOOKED, Status.CHECKED_IN, Status.COMPLETED, Status.STOPPED])
def test_only_what_goes_on_is_stopped(
    booking_of: MakeBooking, therapist_user: User, now: dt.datetime, status: str
) -> None:
    with pytest.raises(PolicyRefused, match="not in progress"):
        stop_session(booking=booking_of(status=status), sign="st_rash", by=therapist_user, now=now)


def test_second_tap_stops_and_suspends_nothing_more(
    booking_of: MakeBooking, therapist_user: User, now: dt.datetime
) -> None:
    booking = booking_of()
    stop_session(booking=booking, sign="st_rash", by=therapist_user, now=now)

    with pytest.raises(PolicyRefused):
        stop_session(booking=booking, sign="st_rash", by=therapist_user, now=now)

    assert Suspension.objects.count() == 1


@pytest.mark.parametrize("sign", ["st_blood", "st_nothing", ""])
def test_sign_of_another_treatment_is_refused(
    booking_of: MakeBooking, therapist_user: User, now: dt.datetime, sign: str
) -> None:
    booking = booking_of()

    with pytest.raises(PolicyRefused, match="does not apply to this treatment"):
        stop_session(booking=booking, sign=sign, by=therapist_user, now=now)

    booking.refresh_from_db()
    assert booking.status == Status.IN_PROGRESS


def test_stop_asks_for_no_letter_of_thanks(booking_of: MakeBooking, therapist_user: User, now: dt.datetime) -> None:
    stop_session(booking=booking_of(), sign="st_rash", by=therapist_user, now=now)

    assert not Message.objects.filter(kind__in=["aftercare", "follow_up"]).exists()


def test_future_sessions_keep_their_time(booking_of: MakeBooking, therapist_user: User, now: dt.datetime) -> None:
    today, next_one = booking_of(), booking_of(start=at(11, day=4), status=Status.BOOKED)

    stop_session(booking=today, sign="st_rash", by=therapist_user, now=now)

    next_one.refresh_from_db()
    assert (next_one.status, next_one.occupancies.count()) == (Status.BOOKED, 1)


def test_signs_written_down_add_up(booking_of: MakeBooking, therapist_user: User, now: dt.datetime) -> None:
    booking = booking_of()
    note_session(booking=booking, by=therapist_user, now=now, observations="calm")

    for minutes in (5, 15):
        later = now + dt.timedelta(minutes=minutes)
        report_sign(booking=booking, sign="st_oil_leak", by=therapist_user, now=later)

    assert SessionNote.objects.get().observations.splitlines() == [
        "calm",
        "10:05 The oil pool leaks",
        "10:15 The oil pool leaks",
    ]


# --- the check on the day ---------------------------------------------------------------------------------------------


def test_vaidya_checks_on_the_day(booking_of: MakeBooking, vaidya_user: User, now: dt.datetime) -> None:
    booking = booking_of("virechana", needs="day_check", status=Status.CHECKED_IN)

    check_for_today(booking=booking, by=vaidya_user, now=now)

    booking.refresh_from_db()
    assert (booking.day_checked_by, booking.day_checked_at) == (vaidya_user, now)
    assert History.objects.get(verb="day_check").booking == booking


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"needs": "prescription", "status": "checked_in"}, "does not need a same-day check"),
        ({"needs": "day_check", "status": "in_progress"}, "before the session"),
        ({"needs": "day_check", "status": "booked", "start": at(11, day=3)}, "another day"),
    ],
)
def test_check_that_makes_no_sense_is_refused(
    booking_of: MakeBooking, vaidya_user: User, now: dt.datetime, said: dict[str, object], reason: str
) -> None:
    booking = booking_of("virechana", **said)

    with pytest.raises(PolicyRefused, match=reason):
        check_for_today(booking=booking, by=vaidya_user, now=now)


def test_check_is_made_once(booking_of: MakeBooking, vaidya_user: User, manager: User, now: dt.datetime) -> None:
    booking = booking_of("virechana", needs="day_check", status=Status.BOOKED)
    check_for_today(booking=booking, by=vaidya_user, now=now)

    with pytest.raises(PolicyRefused, match="already"):
        check_for_today(booking=booking, by=manager, now=now)

    booking.refresh_from_db()
    assert booking.day_checked_by == vaidya_user


# --- what is filled in beforehand -------------------------------------------------------------------------------------


def test_first_session_begins_with_the_prescription(
    booking_of: MakeBooking, clinic: Clinic, patient: Patient, vaidya_user: User
) -> None:
    booking = booking_of(status=Status.CHECKED_IN)
    said: dict[str, Any] = {"pressure": "gentle", "materials": "Ksheerabala oil"}
    booking.item = factories.make_order(patient, booking.variant, clinic=clinic, by=vaidya_user, **said)

    assert session_facts.filled_in(booking) == said


def test_next_session_begins_with_the_last_one_of_the_same_therapy(
    booking_of: MakeBooking, therapist_user: User, now: dt.datetime
) -> None:
    for day, therapy, batch in ((1, "kati_basti", "K-1"), (2, "lepa", "L-9")):
        earlier = booking_of(therapy, start=at(9, day=day), status=Status.COMPLETED)
        moment = at(10, day=day)
        facts = {"materials": f"oil {batch}", "batch": batch, "pressure": "light", "pain_before": 5}
        note_session(booking=earlier, by=therapist_user, now=moment, **facts)

    filled = session_facts.filled_in(booking_of(status=Status.CHECKED_IN, start=at(15, day=2)))

    assert filled == {"materials": "oil K-1", "batch": "K-1", "pressure": "light"}


def test_materials_as_prescribed_go_before_those_of_the_last_session(
    booking_of: MakeBooking, clinic: Clinic, patient: Patient, therapist_user: User
) -> None:
    earlier = booking_of(start=at(9, day=1), status=Status.COMPLETED)
    note_session(booking=earlier, by=therapist_user, now=at(10, day=1), materials="old oil", batch="B-7")
    booking = booking_of(status=Status.CHECKED_IN)
    booking.item = factories.make_order(patient, booking.variant, clinic=clinic, materials="new oil")

    assert session_facts.filled_in(booking) == {"materials": "new oil", "batch": "B-7"}


def test_another_patient_s_session_fills_in_nothing(
    booking_of: MakeBooking, clinic: Clinic, therapist_user: User
) -> None:
    other = factories.make_patient("Zara", clinics=[clinic])
    earlier = booking_of(start=at(9, day=1), status=Status.COMPLETED, patient=other)
    note_session(booking=earlier, by=therapist_user, now=at(10, day=1), materials="oil", batch="B-7")

    assert session_facts.filled_in(booking_of(status=Status.CHECKED_IN)) == {
        "materials": "Medicated oil"
    }  # the usual one


# --- what the patient hears -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sign", "letters"), [("st_rash", 1), ("st_patient_asks", 0)])
def test_stop_that_pauses_treatments_is_followed_by_a_letter_that_the_clinic_calls(
    booking_of: MakeBooking, therapist_user: User, now: dt.datetime, sign: str, letters: int
) -> None:
    stop_session(booking=booking_of(), sign=sign, by=therapist_user, now=now)

    assert Message.objects.filter(kind="paused", state="due").count() == letters
