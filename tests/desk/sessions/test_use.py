"""What is used in a session: defaults of order and catalogue, times, bouts, grade, and allergies before it begins."""

import datetime as dt
import re

import pytest

from bookings.actions.session_use import note_use
from bookings.errors import PolicyRefused
from bookings.facts import session_use as use_facts
from bookings.models import Clearance, Measurement, PrescriptionItem, SessionNote, SessionUse, Status
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, at
from tests.desk.sessions.conftest import MakeSession, page_of
from tests.desk.sessions.test_record import BEFORE
from tests.questions import make_question
from tests.triggers import triggers_off
from therapies.models import Rule, Therapy

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def sesame(patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime) -> None:
    """Told after the order was signed; the Vaidya allows the treatment with another oil."""
    alert = {"kind": "allergy", "en": "Allergy: sesame", "hi": "एलर्जी: तिल"}
    terms = ["allergy_sesame"]
    question = make_question("al_sesame", "medicines", 10, alert=alert, terms=terms, asked_when=["booking"])
    factories.tell(patient, clinic, al_sesame="yes", at=now - 2 * MINUTE)
    Clearance.objects.create(
        patient=patient,
        clinic=clinic,
        question=question,
        value="yes",
        therapies=["kati_basti"],
        allowed=True,
        reason="Coconut oil only",
        until=at(18, day=30),
        by=vaidya_user,
        at=now - MINUTE,
    )


def ask_to_count(*counts: str) -> None:
    Therapy.objects.filter(code="kati_basti").update(facts={"monitoring": {"counts": [*counts]}})


def test_session_begins_with_what_was_ordered_else_with_what_is_usual(session_at: MakeSession) -> None:
    booking = session_at()
    without = session_at(13, item=None)

    assert use_facts.materials_of(booking, None) == "Ksheerabala oil"
    assert use_facts.first_use(booking) == {
        "dose": None,
        "temperature": None,
    }  # the dose of another oil is not this one's
    assert use_facts.materials_of(without, None) == "Medicated oil"
    usual = {name: str(amount) for name, amount in use_facts.first_use(without).items()}
    assert usual == {"dose": "150–250 ml", "temperature": "40–45 °C"}


@pytest.mark.parametrize(
    ("materials", "reason", "begins"),
    [("Sesame oil", "", False), ("Coconut oil", "", True), ("Sesame oil", "Patch test today: nothing", True)],
)
def test_material_that_matches_an_allergy_does_not_begin_without_a_reason(
    enter: Enter,
    therapist_user: User,
    session_at: MakeSession,
    sesame: None,
    materials: str,
    reason: str,
    *,
    begins: bool,
) -> None:
    booking, client = session_at(), enter(therapist_user)
    client.post(page_of(booking, "session_use"), {"material_reason": reason})

    answer = client.post(
        page_of(booking, "session_before"), BEFORE | {"materials": materials, "act": "start"}, follow=True
    )

    booking.refresh_from_db()
    assert (booking.status == Status.IN_PROGRESS) == begins
    assert SessionNote.objects.get().materials == materials  # what was typed is kept
    assert ("Do not use this" in answer.content.decode()) != begins


def test_ordered_oil_that_matches_does_not_begin_from_the_day_page_either(
    enter: Enter, therapist_user: User, session_at: MakeSession, sesame: None
) -> None:
    booking = session_at()  # Ksheerabala is made with sesame oil

    enter(therapist_user).post(page_of(booking, "start"))

    booking.refresh_from_db()
    assert booking.status == Status.CHECKED_IN


def test_time_in_and_out_is_one_press_each(
    enter: Enter, therapist_user: User, session_at: MakeSession, now: dt.datetime
) -> None:
    ask_to_count("time_in", "time_out")
    booking, client = session_at(), enter(therapist_user)

    client.post(page_of(booking, "session_use"), {"dose_from": "160", "act": "in_now"})
    page = client.get(page_of(booking)).content.decode()
    client.post(page_of(booking, "session_use"), {"dose_from": "160", "in_at": "09:50", "act": "out_now"})

    use = SessionUse.objects.get()
    assert re.findall(r'name="act"\s+value="(\w+_now)"', page) == ["out_now"]
    assert (use.dose_words, use.in_at, use.out_at, use.by) == ("160 ml", at(9, 50), now, therapist_user)


@pytest.mark.parametrize(
    ("in_at", "out_at"), [(None, 0 * MINUTE), (0 * MINUTE, -5 * MINUTE), (5 * MINUTE, None)], ids=str
)
def test_times_in_no_order_or_to_come_are_refused(
    session_at: MakeSession,
    therapist_user: User,
    now: dt.datetime,
    in_at: dt.timedelta | None,
    out_at: dt.timedelta | None,
) -> None:
    times = {name: now + value for name, value in {"in_at": in_at, "out_at": out_at}.items() if value is not None}

    with pytest.raises(PolicyRefused):
        note_use(booking=session_at(), by=therapist_user, now=now, **times)


TYPED = {"dose_from": "160", "materials": "Sesame oil", "batch": "B-7", "systolic": "120", "diastolic": "80"}


@pytest.mark.parametrize(
    ("status", "button", "act"),
    [
        (Status.CHECKED_IN, "session_before", "save"),
        (Status.CHECKED_IN, "session_before", "hand_over"),
        (Status.CHECKED_IN, "session_use", "as_shown"),
        (Status.CHECKED_IN, "session_use", "in_now"),
        (Status.IN_PROGRESS, "session_after", "save"),
        (Status.IN_PROGRESS, "session_use", "in_now"),
        (Status.IN_PROGRESS, "session_sign", ""),
        (Status.COMPLETED, "session_after", "save"),
    ],
)
def test_no_button_of_the_page_loses_what_was_typed_in_another_part_of_it(
    enter: Enter, therapist_user: User, session_at: MakeSession, status: Status, button: str, act: str
) -> None:
    """Two Save buttons stood on the page, and each lost what the other's form held."""
    ask_to_count("time_in")
    began = {} if status == Status.CHECKED_IN else {"started_at": at(9, 30)}
    booking = session_at(9, status=status, **began)

    enter(therapist_user).post(page_of(booking, button), TYPED | {"act": act, "sign": "st_burn"})

    use, note, measured = SessionUse.objects.get(), SessionNote.objects.get(), Measurement.objects.get()
    assert (use.dose_words, note.materials, note.batch) == ("160 ml", "Sesame oil", "B-7")
    assert (measured.systolic, measured.diastolic) == (120, 80)
    assert bool(use.in_at) == (act == "in_now")


@pytest.mark.parametrize("wrong", [{"dose_from": "5000"}, {"systolic": "500"}])
def test_slip_in_one_part_of_the_page_keeps_the_other_part_as_typed(
    enter: Enter, therapist_user: User, session_at: MakeSession, wrong: dict[str, str]
) -> None:
    typed = TYPED | wrong

    answer = enter(therapist_user).post(page_of(session_at(), "session_before"), typed | {"act": "start"})

    page = answer.content.decode()
    assert (answer.status_code, SessionUse.objects.exists(), Measurement.objects.exists()) == (422, False, False)
    shown = dict(re.findall(r'name="(dose_from|materials|batch|systolic|diastolic)" value="([^"]*)"', page))
    assert shown == typed


def test_amounts_that_nobody_changed_are_not_taken_for_what_was_used(
    enter: Enter, therapist_user: User, session_at: MakeSession
) -> None:
    booking, client = session_at(), enter(therapist_user)
    with triggers_off():
        PrescriptionItem.objects.update(dose="150–250 ml")
    page = client.get(page_of(booking)).content.decode()
    shown = dict(re.findall(r'name="(dose_\w+|celsius_\w+)" value="([^"]*)"', page))

    client.post(page_of(booking, "session_before"), shown | {"materials": "Sesame oil", "act": "save"})
    untouched = SessionUse.objects.exists()
    client.post(page_of(booking, "session_use"), shown | {"act": "as_shown"})

    assert (untouched, SessionUse.objects.get().dose_words) == (False, "150–250 ml")


def test_bouts_are_asked_of_a_purification_only(enter: Enter, therapist_user: User, session_at: MakeSession) -> None:
    booking, client = session_at(), enter(therapist_user)
    plain = client.get(page_of(booking)).content.decode()
    ask_to_count("bouts")

    asked = client.get(page_of(booking)).content.decode()
    client.post(page_of(booking, "session_use"), {"bouts": "14"})

    assert ['name="bouts"' in page for page in (plain, asked)] == [False, True]
    assert SessionUse.objects.get().bouts == 14


def test_bouts_that_nobody_has_are_asked_again(enter: Enter, therapist_user: User, session_at: MakeSession) -> None:
    ask_to_count("bouts")
    booking = session_at()

    answer = enter(therapist_user).post(page_of(booking, "session_use"), {"bouts": "99"})

    assert (answer.status_code, SessionUse.objects.exists()) == (422, False)


# --- dose and temperature are numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"celsius_from": "95"}, "Possible for this treatment: 15–50 °C."),
        ({"celsius_from": "95 °C"}, "Enter a number without its unit."),
        ({"dose_from": "5 litres"}, "Enter a number without its unit."),
        ({"dose_from": "5000"}, "Possible for this treatment: 50–600 ml."),
        ({"dose_from": "300"}, "Usual for this treatment: 150–250 ml. Please give a reason for another value."),
        ({"dose_from": "300", "amount_reason": "x"}, "Please give the reason in words"),
    ],
)
def test_95_degrees_and_5_litres_do_not_pass_in_a_session(
    enter: Enter, therapist_user: User, session_at: MakeSession, typed: dict[str, str], words: str
) -> None:
    answer = enter(therapist_user).post(page_of(session_at(), "session_use"), typed)

    assert (answer.status_code, SessionUse.objects.exists()) == (422, False)
    assert words in answer.content.decode()


def test_unusual_dose_is_kept_with_its_reason(enter: Enter, therapist_user: User, session_at: MakeSession) -> None:
    typed = {"dose_from": "300", "celsius_from": "42", "amount_reason": "Broad back, asked the Vaidya"}

    enter(therapist_user).post(page_of(session_at(), "session_use"), typed)

    use = SessionUse.objects.get()
    assert (use.dose_words, use.temperature_words, use.amount_reason) == ("300 ml", "42 °C", typed["amount_reason"])


def test_action_refuses_what_is_impossible_whoever_asks(
    session_at: MakeSession, therapist_user: User, now: dt.datetime
) -> None:
    with pytest.raises(PolicyRefused, match="Possible for this treatment"):
        note_use(booking=session_at(), by=therapist_user, now=now, celsius_from=95, celsius_to=95)


@pytest.mark.parametrize(
    ("once", "shown", "offered"),
    [("160 ml", "160 ml", "160"), ("150–250 ml", "150–250 ml", "150"), ("two ladles", "two ladles", "")],
)
def test_dose_that_was_signed_in_words_is_shown_and_offered_as_a_number_where_it_is_one(
    enter: Enter, therapist_user: User, session_at: MakeSession, once: str, shown: str, offered: str
) -> None:
    """Signed orders are never rewritten: the database had taken the words."""
    booking = session_at()
    with triggers_off():
        PrescriptionItem.objects.update(dose=once)

    page = enter(therapist_user).get(page_of(booking)).content.decode()

    assert shown in page
    assert re.findall(r'name="dose_from"(?: value="(\d*)[^"]*")?', page) == [offered]


def grades(therapy: str) -> None:
    """The figures of the catalogue, for the therapy of these tests."""
    Therapy.objects.filter(code="kati_basti").update(code=therapy)
    for number, grade in enumerate(["avara", "madhyama", "pravara"], 1):
        figures = {"vamana_bouts": 2 + 2 * number, "virechana_bouts": 10 * number}
        data = {"grade": grade, "days": 1 + 2 * number, "annakala_per_step": number, **figures}
        Rule.objects.create(code=f"samsarjana_{grade}", kind="schedule", data=data)


def test_bouts_are_counted_one_by_one_and_their_grade_is_shown_while_counting(
    enter: Enter, therapist_user: User, session_at: MakeSession
) -> None:
    ask_to_count("bouts")
    grades("vamana")
    booking, client = session_at(status=Status.IN_PROGRESS), enter(therapist_user)

    client.post(page_of(booking, "session_use"), {"bouts": "5", "act": "bout"})
    client.post(page_of(booking, "session_use"), {"bouts": "5", "act": "bout"})  # pressed twice on the same page
    page = client.get(page_of(booking))

    assert SessionUse.objects.get().bouts == 6
    assert (
        page.context["bouts"].text
        == "6 bouts so far. Grade by the bouts: Medium (madhyama). Most (pravara) begins at 8 bouts."
    )
    assert 'value="bout"' in page.content.decode()


def test_more_bouts_than_the_highest_grade_call_the_vaidya(
    enter: Enter, therapist_user: User, session_at: MakeSession
) -> None:
    """Too many or no bouts had no button, and the count meant nothing."""
    ask_to_count("bouts")
    grades("vamana")
    booking, client = session_at(status=Status.IN_PROGRESS), enter(therapist_user)

    client.post(page_of(booking, "session_use"), {"bouts": "9"})
    page = client.get(page_of(booking))

    assert page.context["bouts"].calls
    assert "Call the Vaidya now." in page.context["bouts"].text


def test_grade_that_the_vaidya_confirms_is_the_one_of_the_bouts(
    enter: Enter, vaidya_user: User, session_at: MakeSession
) -> None:
    grades("virechana")
    facts = {"monitoring": {"counts": ["bouts"]}, "sequencing": {"usually_followed_by": ["samsarjana_krama"]}}
    Therapy.objects.filter(code="virechana").update(facts=facts)
    booking = session_at(status=Status.IN_PROGRESS)
    note_use(booking=booking, by=vaidya_user, now=booking.starts_at, bouts=21)

    page = enter(vaidya_user).get(page_of(booking))

    assert page.context["grade_form"].initial == {"grade": "madhyama"}
