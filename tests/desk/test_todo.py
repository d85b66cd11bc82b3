"""What waits for whom: worked out from the rows as they are, and cleared by nothing but what is done."""

import datetime as dt
import re
from itertools import pairwise

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.desk.todo.owners import (
    DOERS,
    ENDS,
    LIMIT,
    PERSONAL,
    VAIDYA,
    WAITS,
    WORDS,
    Asker,
    Task,
    TaskKind,
    Turn,
    falls_to,
    task_words,
    turn,
)
from bookings.desk.todo.rows import waiting
from bookings.models import (
    Assessment,
    Booking,
    Clearance,
    Prescription,
    PrescriptionItem,
    Screening,
    ScreeningState,
    SessionNote,
    Status,
    Suspension,
)
from clinic.people.models import Patient, Read, Role, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from tests.shipped import CATALOGUE
from therapies.models import Question, Rule, Therapy, Variant

TODO = "/desk/todo/"
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
NOW = factories.NOW


# --- whose turn: the pure rule ----------------------------------------------------------------------------------------


def task(
    kind: TaskKind = TaskKind.SUSPENDED,
    *,
    owner: int | None = 1,
    age: dt.timedelta = 0 * HOUR,
    ends: dt.timedelta = LIMIT,
) -> Task:
    """It has waited for `age` and is due `ends` after it came."""
    return Task(kind, patient=5, clinic=9, owner=owner, since=NOW - age, due=NOW - age + ends)


def asker(user: int, *roles: str, clinic: int = 9) -> Asker:
    return Asker(user, {clinic: set(roles)})


@pytest.mark.parametrize(
    ("age", "owner", "whose"),
    [
        (0 * HOUR, 1, Turn.OWNER),
        (LIMIT - MINUTE, 1, Turn.OWNER),
        (LIMIT, 1, Turn.COVERING),
        (2 * LIMIT - MINUTE, 1, Turn.COVERING),
        (2 * LIMIT, 1, Turn.MANAGER),
        (365 * 24 * HOUR, 1, Turn.MANAGER),
        (0 * HOUR, None, Turn.COVERING),
        (2 * LIMIT, None, Turn.MANAGER),
    ],
)
def test_turn_passes_on_with_time(age: dt.timedelta, owner: int | None, whose: Turn) -> None:
    assert turn(task(owner=owner, age=age), NOW) is whose


@pytest.mark.parametrize(
    ("who", "hours"),
    [
        (asker(1, Role.VAIDYA), [0, 24, 48]),
        (asker(2, Role.VAIDYA), [24, 48]),
        (asker(3, Role.MANAGER), [48]),
        (asker(4, Role.FRONT_DESK), []),
        (asker(5, Role.THERAPIST), []),
        (asker(1, Role.VAIDYA, clinic=8), []),
        (asker(3, Role.MANAGER, clinic=8), []),
    ],
)
def test_decision_falls_to_its_owner_then_to_every_vaidya_then_to_the_manager_too(who: Asker, hours: list[int]) -> None:
    ages = [0, 24, 48]

    assert [age for age in ages if falls_to(who, task(age=age * HOUR), NOW)] == hours


def test_nobody_is_ever_left_out_by_time() -> None:
    everybody = [asker(1, Role.VAIDYA), asker(2, Role.VAIDYA), asker(3, Role.MANAGER)]
    seeing = [{who.user for who in everybody if falls_to(who, task(age=days * 24 * HOUR), NOW)} for days in range(400)]

    assert all(earlier <= later for earlier, later in pairwise(seeing))
    assert seeing[-1] == {1, 2, 3}


@pytest.mark.parametrize("kind", list(TaskKind))
@pytest.mark.parametrize("owner", [1, None])
def test_every_kind_reaches_the_manager_before_it_is_of_no_use(kind: TaskKind, owner: int | None) -> None:
    manager, other = asker(3, Role.MANAGER), asker(2, *DOERS[kind])
    of_use = LIMIT if kind in ENDS else 365 * LIMIT

    late = task(kind, owner=owner, age=of_use - MINUTE)

    assert (falls_to(other, late, NOW), falls_to(manager, late, NOW)) == (True, True)
    assert falls_to(manager, task(kind, owner=owner), NOW) == (owner is None and Role.MANAGER in DOERS[kind])


@pytest.mark.parametrize(
    ("age", "whose"),
    [(0 * HOUR, Turn.OWNER), (2 * HOUR, Turn.COVERING), (4 * HOUR, Turn.MANAGER), (9 * HOUR, Turn.MANAGER)],
)
def test_what_ends_in_six_hours_passes_on_every_two(age: dt.timedelta, whose: Turn) -> None:
    assert turn(task(TaskKind.DECIDE, age=age, ends=6 * HOUR), NOW) is whose


@pytest.mark.parametrize("kind", list(TaskKind))
def test_words_of_what_a_vaidya_decides_are_for_vaidyas(kind: TaskKind) -> None:
    said = {role: task_words(asker(1, role), task(kind)) for role in (Role.VAIDYA, Role.FRONT_DESK, Role.MANAGER)}

    others = str(WAITS) if DOERS[kind] == VAIDYA and kind not in PERSONAL else str(WORDS[kind])
    assert said == {Role.VAIDYA: str(WORDS[kind]), Role.FRONT_DESK: others, Role.MANAGER: others}


# --- the rows ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def kati(db: None) -> Variant:
    return factories.make_variant(factories.make_therapy("kati_basti", name="Kati Basti", needs="prescription"))


@pytest.fixture
def item(patient: Patient, clinic: Clinic, kati: Variant, vaidya_user: User) -> PrescriptionItem:
    """Two sessions of Kati Basti, signed an hour ago."""
    return factories.make_order(patient, kati, clinic=clinic, by=vaidya_user, sessions=2)


def booking(kati: Variant, start: dt.datetime, **said: object) -> Booking:
    usual = {"clinic": Clinic.objects.get(slug="shanti"), "patient": Patient.objects.get(given_name="Meera")}
    return factories.make_visit(variant=kati, start=start, **(usual | said)).bookings.get()  # type: ignore[arg-type]


def listed(client: Client) -> dict[str, list[str]]:
    """The sections of the page with the names in them."""
    sections = client.get(TODO).context["sections"]
    return {section.what: [row.patient.given_name for row in section.rows] for section in sections}


def suspend(patient: Patient, clinic: Clinic, by: User, **said: object) -> Suspension:
    usual = {"therapies": ["all"], "sign": "st_rash", "by": by, "at": NOW}
    return Suspension.objects.create(patient=patient, clinic=clinic, **(usual | said))


def test_empty_list_says_so(enter: Enter, front_desk: User) -> None:
    assert "You have no open tasks" in enter(front_desk).get(TODO).content.decode()


def test_prescription_without_a_booking_waits_for_the_desk(
    enter: Enter, front_desk: User, item: PrescriptionItem
) -> None:
    assert listed(enter(front_desk)) == {"Prescribed but nothing booked yet": ["Meera"]}


def test_booked_session_takes_the_prescription_off_the_list(
    enter: Enter, front_desk: User, kati: Variant, item: PrescriptionItem
) -> None:
    booking(kati, at(11, day=4), item=item)

    assert listed(enter(front_desk)) == {}


def test_time_that_was_only_held_is_nothing_booked(
    enter: Enter, front_desk: User, kati: Variant, item: PrescriptionItem
) -> None:
    booking(kati, at(11, day=4), item=item, status=Status.HELD, expires_at=at(9, day=1))

    assert listed(enter(front_desk)) == {"Prescribed but nothing booked yet": ["Meera"]}


def test_sessions_left_after_one_was_given_wait_again(
    enter: Enter, front_desk: User, kati: Variant, item: PrescriptionItem
) -> None:
    booking(kati, at(9, day=1), item=item, status=Status.COMPLETED)

    assert listed(enter(front_desk)) == {"Prescribed but nothing booked yet": ["Meera"]}


def test_cancelled_session_does_not_count(
    enter: Enter, front_desk: User, kati: Variant, item: PrescriptionItem
) -> None:
    booking(kati, at(11, day=4), item=item, status=Status.CANCELLED, ended_by="patient")

    assert listed(enter(front_desk)) == {"Prescribed but nothing booked yet": ["Meera"]}


def test_finished_prescription_waits_for_nobody(
    enter: Enter, front_desk: User, kati: Variant, item: PrescriptionItem
) -> None:
    for day in (1, 2):
        booking(kati, at(8, day=day), item=item, status=Status.COMPLETED)

    assert listed(enter(front_desk)) == {}


def test_expired_prescription_waits_for_nobody(
    enter: Enter, front_desk: User, patient: Patient, clinic: Clinic, kati: Variant
) -> None:
    factories.make_order(patient, kati, clinic=clinic, valid_until=dt.date(2026, 3, 1))

    assert listed(enter(front_desk)) == {}


def test_answer_waits_for_the_vaidya_who_prescribed(
    enter: Enter, front_desk: User, clinic: Clinic, vaidya_user: User, kati: Variant, item: PrescriptionItem
) -> None:
    booking(kati, at(11, day=4), item=item, screening=ScreeningState.WAITING)

    assert listed(enter(vaidya_user)) == {"Answer awaiting your decision": ["Meera"]}
    assert listed(enter(factories.make_member(clinic, "vaidya"))) == {}
    assert listed(enter(front_desk)) == {}


def test_answer_of_a_vaidya_who_left_waits_for_the_others_at_once(
    enter: Enter, clinic: Clinic, vaidya_user: User, kati: Variant, item: PrescriptionItem
) -> None:
    booking(kati, at(11, day=4), item=item, screening=ScreeningState.WAITING)
    vaidya_user.memberships.update(ends_on=dt.date(2026, 3, 1))

    assert listed(enter(factories.make_member(clinic, "vaidya"))) == {"Answer awaiting your decision": ["Meera"]}


def test_old_answer_shows_the_manager_only_that_the_vaidya_is_waited_for(
    enter: Enter, manager: User, clinic: Clinic, patient: Patient, kati: Variant, item: PrescriptionItem
) -> None:
    booking(kati, at(11, day=4), item=item, screening=ScreeningState.WAITING)
    told = {"stage": "booking", "questionnaire": "-", "findings": [{"question": "rf_canary", "kind": "stop"}]}
    Screening.objects.create(patient=patient, clinic=clinic, at=NOW - 2 * LIMIT, **told)

    page = enter(manager).get(TODO).content.decode()

    assert listed(enter(manager))["Waiting for the Vaidya"] == ["Meera"]
    assert [word for word in ("rf_canary", "Answer awaiting", "Kati") if word in page] == []


def test_answers_without_a_visit_wait_for_a_vaidya_until_somebody_decides(
    enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient
) -> None:
    finding = {"question": "rf_fever", "kind": "stop", "scope": "until_physician_clears"}
    told = {"stage": "booking", "questionnaire": "-", "findings": [finding]}
    Screening.objects.create(patient=patient, clinic=clinic, at=NOW - 30 * 24 * HOUR, **told)

    before = listed(enter(vaidya_user))
    factories.make_assessment(patient, clinic, by=vaidya_user)

    assert (before, listed(enter(vaidya_user))) == ({"Answers to review": ["Meera"]}, {})


def told(patient: Patient, clinic: Clinic, *signs: str, at: dt.datetime = NOW) -> Screening:
    """Answers that meant these lasting signs."""
    findings = [{"question": sign, "kind": "stop", "scope": "until_physician_clears"} for sign in signs]
    said = {"stage": "booking", "questionnaire": "-", "findings": findings}
    return Screening.objects.create(patient=patient, clinic=clinic, at=at, **said)


def decided(patient: Patient, by: User, sign: str) -> Clearance:
    said = {"value": "yes", "therapies": ["kati_basti"], "allowed": True, "reason": "seen", "until": NOW + LIMIT}
    return Clearance.objects.create(
        patient=patient, question=Question.objects.get(code=sign), by=by, at=NOW + MINUTE, **said
    )


def test_decision_on_one_answer_leaves_the_other_waiting(
    enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient
) -> None:
    for number, code in enumerate(("gh_heart", "gh_lungs")):
        Question.objects.create(code=code, group="general_health", answer_type="yes_no_unsure", position=number)
    told(patient, clinic, "gh_heart", "gh_lungs")

    seen = []
    for code in ("gh_heart", "gh_lungs"):
        decided(patient, vaidya_user, code)
        seen.append(listed(enter(vaidya_user)))

    assert seen == [{"Answers to review": ["Meera"]}, {}]


def test_answer_does_not_leave_the_list_with_the_day_of_its_visit(
    enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient, kati: Variant
) -> None:
    told(patient, clinic, "gh_heart", at=NOW - 72 * HOUR)
    booking(kati, NOW - 48 * HOUR, screening=ScreeningState.WAITING)

    assert listed(enter(vaidya_user)) == {"Answers to review": ["Meera"]}


def test_several_answers_of_one_patient_are_one_entry(
    enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient
) -> None:
    for age in (3, 1):
        told(patient, clinic, "gh_heart", at=NOW - age * HOUR)

    (section,) = enter(vaidya_user).get(TODO).context["sections"]

    assert [row.task.since for row in section.rows] == [NOW - 3 * HOUR]


def test_answers_about_one_day_wait_for_nobody(
    enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient
) -> None:
    finding = {"question": "td_meal", "kind": "stop", "scope": "this_session"}
    told = {"stage": "every_session", "questionnaire": "-", "findings": [finding]}
    Screening.objects.create(patient=patient, clinic=clinic, at=NOW, **told)

    assert listed(enter(vaidya_user)) == {}


def test_pause_waits_for_the_vaidya_however_old(
    enter: Enter, clinic: Clinic, vaidya_user: User, front_desk: User, patient: Patient, therapist_user: User
) -> None:
    suspend(patient, clinic, therapist_user, at=NOW - 400 * 24 * HOUR)

    words = "Treatments paused because of a sign: see the patient"
    assert listed(enter(vaidya_user)) == {words: ["Meera"]}
    assert listed(enter(front_desk)) == {}
    assert listed(enter(therapist_user)) == {}


def test_paused_patient_is_not_to_be_booked(
    enter: Enter, clinic: Clinic, front_desk: User, patient: Patient, therapist_user: User, item: PrescriptionItem
) -> None:
    suspend(patient, clinic, therapist_user)

    assert listed(enter(front_desk)) == {}


def test_lifted_pause_asks_the_desk_to_ring(
    enter: Enter, clinic: Clinic, vaidya_user: User, front_desk: User, patient: Patient
) -> None:
    lifted = {"lifted_at": NOW - HOUR, "lifted_by": vaidya_user, "lift_reason": "CANARY"}
    suspend(patient, clinic, vaidya_user, at=NOW - 5 * HOUR, **lifted)
    client = enter(front_desk)

    assert listed(client) == {"Treatments can resume: call the patient": ["Meera"]}
    assert "CANARY" not in client.get(TODO).content.decode()


def test_lifted_pause_leaves_the_list_when_somebody_has_rung_and_not_before(
    enter: Enter, clinic: Clinic, vaidya_user: User, front_desk: User, patient: Patient
) -> None:
    lifted = {"lifted_at": NOW - 400 * LIMIT, "lifted_by": vaidya_user, "lift_reason": "fine"}
    for sign in ("st_rash", "st_burn"):
        suspend(patient, clinic, vaidya_user, sign=sign, at=NOW - 401 * LIMIT, **lifted)
    client = enter(front_desk)

    before, page = listed(client), client.get(TODO).content.decode()
    client.post(f"{TODO}{patient.public_id}/rung/")

    assert f'action="{TODO}{patient.public_id}/rung/"' in page
    assert (before, listed(client)) == ({"Treatments can resume: call the patient": ["Meera"]}, {})
    assert set(Suspension.objects.values_list("rung_by", "rung_at")) == {(front_desk.pk, NOW)}


def test_patient_is_told_once(enter: Enter, front_desk: User, patient: Patient) -> None:
    answer = enter(front_desk).post(f"{TODO}{patient.public_id}/rung/", follow=True)

    assert "The patient has already been informed." in answer.content.decode()


def test_patient_who_booked_since_needs_no_ring(
    enter: Enter, clinic: Clinic, vaidya_user: User, front_desk: User, patient: Patient, kati: Variant
) -> None:
    lifted = {"lifted_at": NOW - HOUR, "lifted_by": vaidya_user, "lift_reason": "fine"}
    suspend(patient, clinic, vaidya_user, at=NOW - 5 * HOUR, **lifted)
    booking(kati, at(11, day=4))

    assert listed(enter(front_desk)) == {}


@pytest.mark.parametrize(
    ("review_on", "shown"), [(dt.date(2026, 3, 2), True), (dt.date(2026, 3, 3), False), (None, False)]
)
def test_review_is_due_on_its_day(
    enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient, review_on: dt.date | None, shown: bool
) -> None:
    factories.sign(factories.make_prescription(patient, clinic, by=vaidya_user, review_on=review_on))

    assert listed(enter(vaidya_user)) == ({"Review is due": ["Meera"]} if shown else {})


def test_examination_since_then_was_the_review(
    enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient
) -> None:
    signed = {"review_on": dt.date(2026, 3, 2)}
    factories.sign(factories.make_prescription(patient, clinic, by=vaidya_user, **signed))
    factories.make_assessment(patient, clinic, by=vaidya_user, signed_at=NOW + MINUTE)

    assert listed(enter(vaidya_user)) == {}


@pytest.mark.parametrize(("given", "shown"), [(6, False), (7, True), (8, True)])
def test_review_is_due_after_as_many_sessions_as_the_catalogue_says(
    enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient, kati: Variant, given: int, shown: bool
) -> None:
    Rule.objects.create(code="fr_review_course", kind="frequency", data={"review_after_sessions": 7})
    item = factories.make_order(patient, kati, clinic=clinic, by=vaidya_user, sessions=given)
    for number in range(given):
        end = NOW + (number + 1) * MINUTE
        start = at(8, day=10) + number * dt.timedelta(days=1)
        booking(kati, start, item=item, status=Status.COMPLETED, ended_at=end)

    assert ("Review is due" in listed(enter(vaidya_user))) is shown


def test_review_by_number_is_not_asked_where_the_catalogue_does_not_say(
    enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient, kati: Variant
) -> None:
    item = factories.make_order(patient, kati, clinic=clinic, by=vaidya_user, sessions=1)
    booking(kati, at(8), item=item, status=Status.COMPLETED, ended_at=NOW + MINUTE)

    assert listed(enter(vaidya_user)) == {}


MASSAGE = {"applies_to": ["massage_family"], "review_after_days": 28}
NO_BETTER = {"after_sessions": 6, "after_days": 14}
DAY = dt.timedelta(days=1)


def given(variant: Variant, item: PrescriptionItem, *, after: dt.timedelta, number: int = 0, **felt: int) -> Booking:
    """A session that ended so long after the examination, with the pain before and after it."""
    start = at(8, day=3) + number * dt.timedelta(hours=2)
    row = booking(variant, start, item=item, status=Status.COMPLETED, ended_at=NOW + after)
    if felt:
        SessionNote.objects.create(booking=row, by=User.objects.earliest("pk"), at=NOW, **felt)
    return row


def ordered_on(examined: Assessment, variant: Variant, *, sessions: int) -> PrescriptionItem:
    """A signed order that rests on this examination."""
    who = {"patient": examined.patient, "clinic": examined.clinic, "by": examined.by}
    order = Prescription.objects.create(assessment=examined, made_at=NOW, valid_until=dt.date(2026, 5, 31), **who)
    item = PrescriptionItem.objects.create(prescription=order, variant=variant, sessions=sessions)
    factories.sign(order)
    return item


@pytest.mark.parametrize(
    ("days", "groups", "shown"),
    [
        (28, ["massage_family"], True),
        (27, ["massage_family"], False),
        (28, ["swedana_family"], False),
    ],
)
def test_review_of_a_massage_series_is_due_after_its_days(
    enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient, days: int, groups: list[str], shown: bool
) -> None:
    Rule.objects.create(code="fr_review_massage", kind="frequency", data=MASSAGE)
    rub = factories.make_variant(factories.make_therapy("back_massage", needs="assessment", groups=groups))
    item = factories.make_order(patient, rub, clinic=clinic, by=vaidya_user, sessions=2)
    for number in range(2):
        given(rub, item, after=HOUR + number * 3 * DAY, number=number)

    with time_machine.travel(NOW + HOUR + days * DAY, tick=False):
        assert listed(enter(vaidya_user)) == ({"Review is due": ["Meera"]} if shown else {})


@pytest.mark.parametrize(
    ("found", "pains", "every", "shown"),
    [
        (6, [6, 6, 5, 6, 6, 6], DAY, True),  # six sessions, as it was
        (6, [6, 6, 5, 6, 6, 5], DAY, False),  # better
        (6, [6, 6, 5, 6, 6], DAY, False),  # five sessions only
        (6, [6, 7], 14 * DAY, True),  # two sessions in two weeks, and worse
        (6, [6, 7], 13 * DAY, False),
        (None, [4, 4, 4, 4, 4, 4], DAY, True),  # nothing was written down at the examination
        (None, [5, 4, 4, 4, 4, 4], DAY, False),
        (0, [0, 0, 0, 0, 0, 0], DAY, False),  # nothing hurts
    ],
)
def test_no_better_after_several_sessions_is_for_the_vaidya_to_look_at(
    enter: Enter,
    clinic: Clinic,
    vaidya_user: User,
    patient: Patient,
    kati: Variant,
    found: int | None,
    pains: list[int],
    every: dt.timedelta,
    shown: bool,
) -> None:
    Rule.objects.create(code="fr_no_improvement", kind="frequency", data=NO_BETTER)
    examined = factories.make_assessment(patient, clinic, by=vaidya_user, pain=found)
    item = ordered_on(examined, kati, sessions=len(pains))
    for number, pain in enumerate(pains):
        given(kati, item, after=HOUR + number * every, number=number, pain_before=pain, pain_after=0)

    with time_machine.travel(NOW + 30 * DAY, tick=False):
        words = "No improvement after several sessions: see the patient"
        assert listed(enter(vaidya_user)) == ({words: ["Meera"]} if shown else {})


def test_no_better_is_not_asked_where_nobody_wrote_the_pain_down(
    enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient, kati: Variant
) -> None:
    Rule.objects.create(code="fr_no_improvement", kind="frequency", data=NO_BETTER)
    item = factories.make_order(patient, kati, clinic=clinic, by=vaidya_user, sessions=6)
    for number in range(6):
        given(kati, item, after=(number + 1) * MINUTE, number=number)

    assert listed(enter(vaidya_user)) == {}


def test_shipped_rules_say_when_a_vaidya_looks_again() -> None:
    said = {rule.code: rule.rule for rule in CATALOGUE.rules}

    assert {name: said["fr_no_improvement"][name] for name in NO_BETTER} == NO_BETTER
    assert {name: said["fr_review_massage"][name] for name in MASSAGE} == MASSAGE


def test_draft_waits_for_its_author(enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient) -> None:
    Assessment.objects.create(patient=patient, clinic=clinic, by=vaidya_user, made_at=NOW)

    assert listed(enter(vaidya_user)) == {"Not signed yet": ["Meera"]}
    assert listed(enter(factories.make_member(clinic, "vaidya"))) == {}


def test_prescription_on_a_signed_examination_waits_for_its_signature(
    enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient
) -> None:
    draft: Prescription = factories.make_prescription(patient, clinic, by=vaidya_user)

    before = listed(enter(vaidya_user))
    factories.sign(draft)

    assert (before, listed(enter(vaidya_user))) == ({"Not signed yet": ["Meera"]}, {})


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({"expires_at": NOW + HOUR}, True),
        ({"expires_at": NOW - MINUTE}, True),  # its limit has passed, and nothing has ended it yet
        ({"expires_at": NOW + HOUR, "screening": "waiting"}, False),
    ],
)
def test_request_waits_for_the_desk_until_something_ends_it(
    enter: Enter, front_desk: User, kati: Variant, said: dict[str, object], shown: bool
) -> None:
    patient, clinic = Patient.objects.first() or factories.make_patient(), Clinic.objects.get()
    patient.clinics.add(clinic)
    booking(kati, at(11, day=4), status=Status.REQUESTED, patient=patient, **said)

    assert listed(enter(front_desk)) == ({"Request awaiting reply": ["Meera"]} if shown else {})


def test_two_requests_of_one_patient_are_told_apart_by_therapy_and_time(
    enter: Enter, front_desk: User, clinic: Clinic, kati: Variant
) -> None:
    patient = factories.make_patient(clinics=[clinic])
    for day, hour in ((4, 11), (5, 15)):
        wanted = at(hour, day=day)
        booking(kati, wanted, status=Status.REQUESTED, patient=patient, expires_at=wanted)

    rows = enter(front_desk).get(TODO).context["sections"][0].rows

    assert [row.about for row in rows] == [f"{kati.therapy}, Wed 4 Mar, 11:00", f"{kati.therapy}, Thu 5 Mar, 15:00"]


@pytest.mark.parametrize(
    ("start", "status", "shown"),
    [
        (at(15), Status.BOOKED, True),
        (at(15), Status.CHECKED_IN, True),
        (at(15), Status.COMPLETED, False),
        (at(15, day=3), Status.BOOKED, False),
    ],
)
def test_questions_of_today_wait_for_whoever_treats(
    enter: Enter, therapist_user: User, patient: Patient, kati: Variant, start: dt.datetime, status: str, shown: bool
) -> None:
    booking(kati, start, status=status, screening=ScreeningState.DUE)

    assert listed(enter(therapist_user)) == ({"Health questions for today are due": ["Meera"]} if shown else {})


def test_check_on_the_day_waits_for_every_vaidya(
    enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient, kati: Variant
) -> None:
    Therapy.objects.filter(code="kati_basti").update(needs="day_check")
    today = booking(kati, at(15))
    covering = factories.make_member(clinic, "vaidya")

    before = [listed(enter(who)) for who in (vaidya_user, covering)]
    Booking.objects.filter(pk=today.pk).update(day_checked_by=covering, day_checked_at=NOW)

    assert before == [{"Same-day check": ["Meera"]}] * 2
    assert listed(enter(vaidya_user)) == {}


# --- the page ---------------------------------------------------------------------------------------------------------


def test_other_clinic_sees_nothing_of_ours(
    enter: Enter, clinic: Clinic, other_front_desk: User, item: PrescriptionItem
) -> None:
    assert listed(enter(other_front_desk)) == {}


def test_list_shows_whose_turn_since_when_and_until_when(
    enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient
) -> None:
    vaidya_user.name = "Dr Asha Menon"
    vaidya_user.save()
    Assessment.objects.create(patient=patient, clinic=clinic, by=vaidya_user, made_at=NOW - 25 * HOUR)

    (section,) = enter(vaidya_user).get(TODO).context["sections"]
    (row,) = section.rows

    assert (row.whose, row.task.since, row.task.due, row.is_late) == (
        "Dr Asha Menon, all Vaidyas of the clinic",
        NOW - 25 * HOUR,
        NOW - HOUR,
        True,
    )


def links(client: Client) -> list[str]:
    return [row.url for section in client.get(TODO).context["sections"] for row in section.rows]


def test_vaidya_is_led_to_where_it_is_decided(
    enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient, kati: Variant, item: PrescriptionItem
) -> None:
    waiting = booking(kati, at(11, day=4), item=item, screening=ScreeningState.WAITING)
    suspend(patient, clinic, vaidya_user)

    assert links(enter(vaidya_user)) == [
        reverse("desk:sessions", args=[patient.public_id]),
        reverse("desk:visit_decisions", args=[waiting.visit.public_id]),
    ]


def test_manager_is_led_to_pages_that_open(
    enter: Enter, clinic: Clinic, manager: User, vaidya_user: User, patient: Patient, kati: Variant
) -> None:
    told = {"stage": "booking", "questionnaire": "-"}
    Screening.objects.create(patient=patient, clinic=clinic, at=NOW - 2 * LIMIT, **told)
    booking(kati, at(11, day=4), screening=ScreeningState.WAITING)
    suspend(patient, clinic, vaidya_user, at=NOW - 2 * LIMIT)
    client = enter(manager)

    assert [client.get(link).status_code for link in links(client)] == [200, 200]


def test_list_is_a_read_of_those_it_names(
    enter: Enter, front_desk: User, patient: Patient, item: PrescriptionItem
) -> None:
    enter(front_desk).get(TODO)

    assert list(Read.objects.values_list("door", "patients")) == [("desk:todo", [patient.pk])]


COUNT = "/desk/todo/count/"


def test_navigation_counts_what_waits(
    enter: Enter, front_desk: User, vaidya_user: User, item: PrescriptionItem
) -> None:
    def count(who: User) -> list[str]:
        answer = enter(who).get(COUNT, headers={"HX-Request": "true"})
        return re.findall(r'<span class="count">(\d+)</span>', answer.content.decode())

    assert (count(front_desk), count(vaidya_user)) == (["1"], [])


def test_count_is_loaded_after_the_page_and_not_on_the_list_itself(
    enter: Enter, front_desk: User, item: PrescriptionItem
) -> None:
    client = enter(front_desk)

    day, todo = (client.get(page).content.decode() for page in ("/desk/", TODO))

    assert [f'hx-get="{COUNT}?auto=1"' in page for page in (day, todo)] == [True, False]
    assert 'To do <span class="count">1</span>' in todo


def test_address_of_the_count_leads_a_browser_to_the_list(enter: Enter, front_desk: User) -> None:
    assert enter(front_desk).get(COUNT).headers["Location"] == TODO


@pytest.mark.parametrize("kind", TaskKind)
def test_each_kind_is_asked_for_alone(clinic: Clinic, kind: TaskKind) -> None:
    assert waiting([kind], [clinic.pk], now=NOW) == []


def test_nothing_is_asked_without_a_kind_or_a_clinic() -> None:
    assert (waiting([], [1], now=NOW), waiting(TaskKind, [], now=NOW)) == ([], [])


def test_three_of_a_kind_ask_no_more_than_one(
    enter: Enter, clinic: Clinic, vaidya_user: User, patient: Patient, visit_at: MakeVisit
) -> None:
    factories.make_member(clinic, "front_desk", user=vaidya_user)
    client = enter(vaidya_user)

    def make(who: Patient, hour: int) -> None:
        Assessment.objects.create(patient=who, clinic=clinic, by=vaidya_user, made_at=NOW - 30 * HOUR)
        suspend(who, clinic, vaidya_user)
        visit_at(at(hour), patient=who, status=Status.BOOKED, screening=ScreeningState.WAITING)

    def queries(address: str = TODO) -> int:
        headers = {"HX-Request": "true"}
        client.get(address, headers=headers)
        with CaptureQueriesContext(connection) as asked:
            client.get(address, headers=headers)
        return len(asked)

    make(patient, 11)
    few = queries()
    for number in range(2):
        make(factories.make_patient(f"P{number}", phone=f"+9198470002{number:02}", clinics=[clinic]), 12 + number)

    assert len([name for names in listed(client).values() for name in names]) == 9
    assert queries() == few
    assert few <= 19
    assert queries(f"{TODO}count/?auto=1") <= 7
