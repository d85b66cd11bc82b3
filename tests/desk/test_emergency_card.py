"""The emergency card: one press for anybody on duty, front desk too; opening it is recorded and asks for the reason."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from bookings.actions.emergency_cards import explain_opening, open_card
from bookings.desk.todo.owners import TaskKind
from bookings.desk.todo.page import tasks_of
from bookings.errors import PolicyRefused
from bookings.models import EmergencyOpening
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from tests.questions import make_question


@pytest.fixture
def told(patient: Patient, clinic: Clinic) -> Patient:
    """Somebody with an allergy, a medicine, an implant and a condition, and a daughter to call."""
    kinds = {"allergy": "Sesame", "medicine": "Warfarin", "implant": "Pacemaker", "condition": "Epilepsy"}
    for position, (kind, name) in enumerate(kinds.items()):
        make_question(f"al_{kind}", "general", position, alert={"kind": kind, "en": name, "hi": name})
    factories.tell(patient, clinic, **{f"al_{kind}": "yes" for kind in kinds})
    patient.emergency_contact = "Lakshmi (daughter), 98470 00009"
    patient.save()
    return patient


def card_of(patient: Patient) -> str:
    return reverse("desk:emergency_card", args=[patient.public_id])


def reason_of(opening: EmergencyOpening) -> str:
    return reverse("desk:emergency_reason", args=[opening.patient.public_id, opening.public_id])


def opened(client: Client, patient: Patient) -> str:
    return client.post(card_of(patient), follow=True).content.decode()


@pytest.mark.parametrize("who", ["front_desk", "manager", "therapist_user", "vaidya_user"])
def test_one_press_shows_the_card_to_anybody_on_duty(
    enter: Enter, request: pytest.FixtureRequest, told: Patient, who: str
) -> None:
    page = opened(enter(request.getfixturevalue(who)), told)

    words = ("Sesame", "Warfarin", "Pacemaker", "Epilepsy", "Lakshmi (daughter), 98470 00009", "age 37")
    assert [word for word in words if word not in page] == []


def test_card_shows_what_was_measured_today_and_no_decision_that_reads_as_if_the_condition_were_gone(
    enter: Enter, front_desk: User, told: Patient, visit_at: MakeVisit, now: dt.datetime
) -> None:
    """185/115 of this morning; not that of two days ago."""
    booking = visit_at(at(11)).bookings.get()
    for days, systolic in ((0, 185), (2, 199)):
        moment = now - dt.timedelta(days=days)
        factories.make_measurement(booking, by=front_desk, at=moment, systolic=systolic, diastolic=115)

    page = opened(enter(front_desk), told)

    assert ("185/115 mmHg" in page, "199/115" in page, "Decided by the Vaidya" in page) == (True, False, False)


@pytest.mark.parametrize("page", ["patient", "visit"])
def test_press_stands_on_the_pages_of_patient_and_visit(
    enter: Enter, front_desk: User, told: Patient, visit_at: MakeVisit, page: str
) -> None:
    row = {"patient": told, "visit": visit_at(at(11))}[page]

    content = enter(front_desk).get(reverse(f"desk:{page}", args=[row.public_id])).content.decode()

    assert f'action="{card_of(told)}"' in content


def test_nothing_is_shown_without_a_press_or_an_hour_after_it(
    enter: Enter, front_desk: User, told: Patient, now: dt.datetime
) -> None:
    client = enter(front_desk)

    before = client.get(card_of(told)).content.decode()
    opened(client, told)
    with time_machine.travel(now + dt.timedelta(hours=1), tick=False):
        later = client.get(card_of(told)).content.decode()

    assert ["Warfarin" in page for page in (before, later)] == [False, False]


def test_press_of_one_person_shows_nothing_to_another(
    enter: Enter, front_desk: User, manager: User, told: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    open_card(patient=told, clinic=clinic, by=manager, now=now)

    assert "Warfarin" not in enter(front_desk).get(card_of(told)).content.decode()


def test_somebody_of_another_clinic_finds_nothing(enter: Enter, other_front_desk: User, told: Patient) -> None:
    assert enter(other_front_desk).post(card_of(told)).status_code == 404
    assert not EmergencyOpening.objects.exists()


def test_opening_is_recorded_and_pressed_twice_written_once(enter: Enter, front_desk: User, told: Patient) -> None:
    client = enter(front_desk)

    opened(client, told)
    opened(client, told)

    assert EmergencyOpening.objects.get().user == front_desk
    reads = Read.objects.filter(user=front_desk, door="desk:emergency_card", patients__contains=[told.pk])
    assert reads.count() == 4


def test_reason_is_a_task_of_who_opened_it_and_after_a_day_of_every_vaidya(
    front_desk: User, vaidya_user: User, manager: User, told: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    open_card(patient=told, clinic=clinic, by=front_desk, now=now)

    lists = {
        hours: [
            any(task.kind is TaskKind.EXPLAIN for task in tasks_of(user, now + dt.timedelta(hours=hours)))
            for user in (front_desk, vaidya_user, manager)
        ]
        for hours in (1, 24, 48)
    }

    assert lists == {1: [True, False, False], 24: [True, True, False], 48: [True, True, True]}


def test_reason_is_given_once_and_ends_the_task(
    enter: Enter, front_desk: User, told: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    opening = open_card(patient=told, clinic=clinic, by=front_desk, now=now)
    client = enter(front_desk)

    todo = client.get("/desk/todo/").content.decode()
    client.post(reason_of(opening), {"reason": "unwell"})
    client.post(reason_of(opening), {"reason": "other"})

    opening.refresh_from_db()
    assert reason_of(opening) in todo
    assert (opening.reason, opening.explained_at) == ("unwell", now)
    assert [task for task in tasks_of(front_desk, now) if task.kind is TaskKind.EXPLAIN] == []


def test_nobody_gives_the_reason_of_another(
    enter: Enter, front_desk: User, manager: User, told: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    opening = open_card(patient=told, clinic=clinic, by=manager, now=now)

    assert enter(front_desk).post(reason_of(opening), {"reason": "unwell"}).status_code == 404
    with pytest.raises(PolicyRefused):
        explain_opening(opening=opening, reason="unwell", by=front_desk, now=now)


def test_managers_read_who_opened_which_card(
    enter: Enter, front_desk: User, manager: User, told: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    open_card(patient=told, clinic=clinic, by=front_desk, now=now)

    page = enter(manager).get(reverse("desk:openings")).content.decode()

    assert ("no reason yet" in page, "Warfarin" in page) == (True, False)


def test_reason_without_its_moment_is_refused_by_the_database(
    front_desk: User, told: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    opening = open_card(patient=told, clinic=clinic, by=front_desk, now=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        EmergencyOpening.objects.filter(pk=opening.pk).update(reason="unwell")
