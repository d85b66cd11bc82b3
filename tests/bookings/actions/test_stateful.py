"""Any order of holding, booking, moving, cancelling, missing and taking back ends as a simple diary says."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bookings.actions import attendance, changes, confirmation, holds
from bookings.errors import ActionRefused, JustTaken, PolicyRefused
from bookings.models import HOLDS_TIME, Occupancy, Status, Visit
from bookings.slots.search import starts
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from tests import factories
from tests.bookings.conftest import at

pytestmark = pytest.mark.django_db

PLACES = 2
"""Vaidyas, and rooms for them: so many patients at a time."""
STARTS = [at(8) + dt.timedelta(minutes=30 * slot) for slot in range(6)]
BROWSERS = ["phone", "laptop", "tablet"]
LASTS = dt.timedelta(minutes=15)


@dataclass
class Page:
    """A line of the diary: one visit as somebody with a pencil would write it down."""

    visit: Visit
    start: dt.datetime
    browser: str
    expires: dt.datetime
    status: str = "held"
    patient: int | None = None
    extended: bool = False


@dataclass
class Diary:
    now: dt.datetime
    pages: list[Page] = field(default_factory=list)

    def takes_time(self, page: Page) -> bool:
        return page.status in ("booked", "checked_in") or (page.status == "held" and page.expires > self.now)

    def is_free(self, start: dt.datetime, *, but: Page | None = None) -> bool:
        taken = [page for page in self.pages if page is not but and page.start == start and self.takes_time(page)]
        return len(taken) < PLACES

    def has_patient(self, patient: int | None, start: dt.datetime, *, but: Page) -> bool:
        return any(
            page.patient == patient and page.start == start and self.takes_time(page) and page is not but
            for page in self.pages
        )

    def why_not_take(self, page: Page, patient: int | None, start: dt.datetime) -> type[ActionRefused] | None:
        if self.has_patient(patient, start, but=page):
            return PolicyRefused
        return None if self.is_free(start, but=page) else JustTaken


@dataclass(frozen=True)
class House:
    slot_request: SlotRequest
    patients: list[Patient]
    desk: User


class Diaries(RuleBasedStateMachine):
    """Does the same to the house and to the diary, and compares what each says."""

    house: House

    def __init__(self) -> None:
        super().__init__()
        self.before = transaction.savepoint()
        self.diary = Diary(at(7, 30))

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.before)

    def does(self, act: Callable[[], Visit], expected: type[ActionRefused] | None) -> Visit | None:
        """Lets the house act; it must refuse exactly as the diary does."""
        if expected is None:
            return act()
        with pytest.raises(ActionRefused) as refused:
            act()
        assert refused.type is expected, refused.value.reason
        return None

    def a_page(self, data: st.DataObject, *statuses: str) -> Page:
        return data.draw(st.sampled_from([page for page in self.diary.pages if page.status in statuses]))

    @rule(minutes=st.integers(1, 20))
    def time_passes(self, minutes: int) -> None:
        self.diary.now += dt.timedelta(minutes=minutes)

    @rule(browser=st.sampled_from(BROWSERS), start=st.sampled_from(STARTS))
    def hold(self, browser: str, start: dt.datetime) -> None:
        diary = self.diary
        mine = next((page for page in diary.pages if page.browser == browser and page.status == "held"), None)
        expected = JustTaken if not diary.is_free(start, but=mine) else None
        said = {"start": start, "holder": browser, "by": None, "now": diary.now, "key": uuid.uuid4()}
        visit = self.does(
            lambda: holds.hold(slot_request=self.house.slot_request, **said),
            PolicyRefused if start < diary.now else expected,
        )
        if visit:
            if mine:
                mine.status = "expired"
            diary.pages.append(Page(visit, start, browser, diary.now + LASTS))

    @precondition(lambda self: any(page.status == "held" for page in self.diary.pages))
    @rule(data=st.data())
    def extend(self, data: st.DataObject) -> None:
        page = self.a_page(data, "held")
        said = {"visit": page.visit, "holder": page.browser, "by": None, "now": self.diary.now}
        refused = page.extended or page.expires <= self.diary.now
        if self.does(lambda: holds.extend_hold(**said), PolicyRefused if refused else None):
            page.expires, page.extended = self.diary.now + LASTS, True

    @precondition(lambda self: any(page.status == "held" for page in self.diary.pages))
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        page = self.a_page(data, "held")
        holds.release_hold(visit=page.visit, holder=page.browser, by=None, now=self.diary.now)
        page.status = "expired"

    @precondition(lambda self: any(page.status in ("held", "expired") for page in self.diary.pages))
    @rule(data=st.data(), whose=st.integers(0, 2))
    def book(self, data: st.DataObject, whose: int) -> None:
        page, patient = self.a_page(data, "held", "expired"), self.house.patients[whose]
        over = page.start + dt.timedelta(minutes=5) <= self.diary.now
        expected = PolicyRefused if over else self.diary.why_not_take(page, patient.pk, page.start)
        said = {"holder": page.browser, "by": self.house.desk, "now": self.diary.now, "key": uuid.uuid4()}
        if self.does(lambda: confirmation.book(visit=page.visit, patient=patient, **said), expected):
            page.status, page.patient, page.browser = "booked", patient.pk, ""

    @precondition(lambda self: any(page.status in ("booked", "checked_in") for page in self.diary.pages))
    @rule(data=st.data(), start=st.sampled_from(STARTS))
    def move(self, data: st.DataObject, start: dt.datetime) -> None:
        page = self.a_page(data, "booked", "checked_in")
        begun = page.status != "booked" or page.start <= self.diary.now or start < self.diary.now
        expected = PolicyRefused if begun else self.diary.why_not_take(page, page.patient, start)
        said = {"start": start, "by": self.house.desk, "now": self.diary.now, "key": uuid.uuid4()}
        version = page.visit.bookings.get().version
        if self.does(lambda: changes.move(visit=page.visit, version=version, **said), expected):
            page.start = start

    @precondition(lambda self: any(page.status in ("booked", "no_show") for page in self.diary.pages))
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        page = self.a_page(data, "booked", "no_show")
        version = page.visit.bookings.get().version
        said = {"by": self.house.desk, "now": self.diary.now, "ended_by": "patient", "version": version}
        refused = page.status != "booked" or page.start <= self.diary.now
        if self.does(lambda: changes.cancel(visit=page.visit, **said), PolicyRefused if refused else None):
            page.status = "cancelled"

    @precondition(lambda self: any(page.status == "booked" for page in self.diary.pages))
    @rule(data=st.data())
    def miss(self, data: st.DataObject) -> None:
        page = self.a_page(data, "booked")
        act = lambda: attendance.mark_no_show(visit=page.visit, by=self.house.desk, now=self.diary.now)  # noqa: E731
        if self.does(act, PolicyRefused if page.start > self.diary.now else None):
            page.status = "no_show"

    @precondition(lambda self: any(page.status == "booked" for page in self.diary.pages))
    @rule(data=st.data())
    def check_in(self, data: st.DataObject) -> None:
        page = self.a_page(data, "booked")
        attendance.check_in(visit=page.visit, by=self.house.desk, now=self.diary.now)
        page.status = "checked_in"

    @precondition(lambda self: any(page.status in ("no_show", "checked_in", "booked") for page in self.diary.pages))
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        page = self.a_page(data, "no_show", "checked_in", "booked")
        expected: type[ActionRefused] | None = PolicyRefused if page.status == "booked" else None
        if page.status == "no_show":
            expected = self.diary.why_not_take(page, page.patient, page.start)
        act = lambda: attendance.undo(visit=page.visit, by=self.house.desk, now=self.diary.now)  # noqa: E731
        if self.does(act, expected):
            page.status = "booked"

    @invariant()
    def offers_what_the_diary_has_free(self) -> None:
        day = STARTS[0].date()
        (said,) = starts(self.house.slot_request, first=day, last=day, now=self.diary.now)
        free = [start for start in STARTS if start >= self.diary.now and self.diary.is_free(start)]
        assert list(said.starts) == free

    @invariant()
    def bookings_are_as_in_the_diary(self) -> None:
        for page in self.diary.pages:
            booking = page.visit.bookings.get()
            lapsed = page.status == "held" and page.expires <= self.diary.now
            assert booking.status == page.status or (lapsed and booking.status == Status.EXPIRED)
            held = 2 if booking.status == Status.HELD else 3  # Vaidya and room, and the patient once booked
            rows = Occupancy.objects.filter(booking=booking)
            assert [row.during.lower for row in rows] == [page.start] * (held if booking.status in HOLDS_TIME else 0)
            assert booking.visit.patient_id == page.patient


@pytest.fixture
def house(db: None, front_desk: User) -> House:
    """Two Vaidyas in two rooms, half an hour each, from 08:00 to 11:00."""
    variant = factories.make_consultation(minutes=30)
    clinic = factories.make_clinic("small", closes="11:00", slot_minutes=30, lead_minutes=0, **factories.UNLIMITED)
    for _ in range(PLACES):
        factories.make_room(clinic, features=["consultation_room"])
        factories.make_practitioner(clinic, qualified=[variant.therapy])
    patients = [
        factories.make_patient(name, phone=f"+91984700030{n}") for n, name in enumerate(["Sita", "Gita", "Rita"])
    ]
    return House(SlotRequest(clinic, (variant,)), patients, front_desk)


def run(house: House, *, examples: int, steps: int) -> None:
    machine = type("TheseDiaries", (Diaries,), {"house": house})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None, derandomize=examples < 100
        ),
    )


def test_verbs_in_any_order_end_as_the_diary_says(house: House) -> None:
    run(house, examples=8, steps=20)


@pytest.mark.storm
def test_verbs_in_many_orders_end_as_the_diary_says(house: House) -> None:
    run(house, examples=150, steps=40)
