"""No path begins a session with an open finding, a missing vital, an unanswered question or a pause.

Invented patients take invented paths: checked in, taken back, moved, given to somebody else, and started at every door.
The twin with the gate off does begin, so that the test can fail.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from bookings.actions import attendance
from bookings.errors import ActionRefused
from bookings.models import Status, Suspension
from tests import factories
from tests.kept import kept

from .acts import COMING, HERE, HOUR, ILL, MINUTE, Case, House, booked, make_house

pytestmark = pytest.mark.django_db

FAULTS = ("finding", "vital", "question", "pause")
Path = Callable[[Case, Client], object]
MOVES: dict[str, Path] = {
    "check in": lambda case, _client: COMING["check in"](case, case.booking()),
    "move": lambda case, _client: COMING["move"](case, case.booking()),
    "reassign": lambda case, _client: COMING["reassign"](case, case.booking()),
    "undo": lambda case, _client: HERE["undo"](case, case.booking()),
}


def _start(case: Case, _client: Client) -> object:
    return attendance.start(booking=case.booking(), by=case.house.vaidya, now=case.near + MINUTE)


def _press(name: str, who: str) -> Path:
    """A press on a page, by somebody of the clinic."""

    def act(case: Case, client: Client) -> object:
        client.force_login(getattr(case.house, who))
        with time_machine.travel(case.near + MINUTE, tick=False):
            said = {"identifiers": ["name", "birth_date"], "act": "start"}
            return client.post(reverse(f"desk:{name}", args=[case.visit.public_id, 0]), said)

    return act


DOORS: dict[str, Path] = {"action": _start, "tablet": _press("session_before", "vaidya")}
CLOSED: dict[str, Path] = {"desk": _press("start", "desk"), "button of the board": _press("start", "vaidya")}
"""A treatment begins in its record, where identity is checked: never with a button beside it."""
PATHS = MOVES | DOORS | CLOSED


@pytest.fixture(scope="module")
def kept_house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with kept(django_db_blocker):
        yield make_house()


@pytest.fixture
def house(db: None, kept_house: House) -> House:
    """As it was made: its days are counted anew."""
    return replace(kept_house, days=0)


def patient_with(faults: set[str], house: House) -> Case:
    """A session booked for later today, of somebody of whom this is so."""
    case = booked(house)
    if "pause" in faults:
        pause = {"therapies": ["all"], "sign": "st_burn", "by": house.vaidya, "at": case.early}
        Suspension.objects.create(patient=case.patient, clinic=house.clinic, **pause)
    told = case.start - 21 * HOUR if "question" in faults else case.near - MINUTE
    factories.tell_all_is_well(case.patient, house.clinic, at=told)
    if "finding" in faults:
        ILL(case, case.booking())
    if "vital" not in faults:
        factories.make_measurement(case.booking(), by=house.vaidya, at=case.near)
    return case


def walk(case: Case, client: Client, path: list[str]) -> bool:
    """Whether the session has begun anywhere on this path."""
    began = False
    for name in path:
        try:
            PATHS[name](case, client)
        except ActionRefused:
            continue
        began = began or case.booking().status == Status.IN_PROGRESS
    return began


EXPECTED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
few = settings(max_examples=6, suppress_health_check=EXPECTED)
many = settings(max_examples=400, suppress_health_check=EXPECTED, derandomize=False)
faults_of = st.sets(st.sampled_from(FAULTS), min_size=1)
paths = st.lists(st.sampled_from([*PATHS]), max_size=6)


@few
@given(faults=faults_of, path=paths)
def test_no_path_begins_a_session_with_a_fault(house: House, client: Client, faults: set[str], path: list[str]) -> None:
    assert not walk(patient_with(faults, house), client, ["check in", *path, *DOORS, *CLOSED])


@pytest.mark.storm
@many
@given(faults=faults_of, path=paths)
def test_no_path_of_many_begins_a_session_with_a_fault(
    house: House, client: Client, faults: set[str], path: list[str]
) -> None:
    assert not walk(patient_with(faults, house), client, [*path, "check in", *DOORS, *CLOSED])


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("door", DOORS)
def test_each_fault_alone_closes_each_door_and_with_the_gate_off_it_begins(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch, fault: str, door: str
) -> None:
    guarded, open_ = patient_with({fault}, house), patient_with({fault}, house)

    closed = walk(guarded, client, ["check in", door])
    monkeypatch.setattr(attendance, "refuse_if", lambda _reason: None)
    begun = walk(open_, client, ["check in", door])

    assert (closed, begun) == (False, True)


@pytest.mark.parametrize("door", DOORS)
def test_session_without_a_fault_begins_at_each_door(house: House, client: Client, door: str) -> None:
    assert walk(patient_with(set(), house), client, ["check in", door])


@pytest.mark.parametrize("door", CLOSED)
def test_session_without_a_fault_does_not_begin_with_a_button(house: House, client: Client, door: str) -> None:
    assert not walk(patient_with(set(), house), client, ["check in", door])
