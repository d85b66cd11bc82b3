"""The page of a course: what is left of a prescription, the days that are proposed, and what they cost."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from bookings.actions.course_bookings import CourseChanged
from bookings.actions.visits import arrival
from bookings.desk.payments.page import money_words
from bookings.errors import refuse_if
from bookings.facts.course_ledger import LedgerLine, coming_sessions, course_ledger
from bookings.facts.diet import DIET, schedules_of_diet
from bookings.facts.orders import OrderProgress
from bookings.facts.patient import PatientFacts
from bookings.facts.prices import prices_at
from bookings.models import Booking, Prescription
from bookings.rules.fees import amount_in
from bookings.rules.session_verdicts import visit_verdict
from bookings.slots.care_plan import (
    CareVisit,
    CourseProposal,
    CourseVisit,
    care_visits,
    other_starts,
    propose,
    slot_requests_of,
    timetable_at,
)
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient
from clinic.premises.models import Clinic

from .forms import WishForm, starts_in
from .lookups import forms_of
from .sheet import SheetDay, sheet_days

SLIP = 2
"""Rest days between two visits that are allowed at first: a Sunday and a holiday."""


@dataclass
class CoursePage:
    """`orders` are those of the prescription with their progress."""

    patient: Patient
    clinic: Clinic
    prescription: Prescription
    orders: Sequence[OrderProgress]
    patient_facts: PatientFacts
    query: QueryDict
    form: WishForm = field(init=False)

    def __post_init__(self) -> None:
        today = self.clinic.today(self.now)
        first = max([today + dt.timedelta(days=1), *self._after_what_is_booked])
        data = self.query if "from_on" in self.query else None
        self.form = WishForm(data or {"from_on": first.isoformat(), "slip": SLIP}, today=today)

    @property
    def _after_what_is_booked(self) -> list[dt.date]:
        """Where a course by a schedule has visits, what is left of it comes after them: they are booked in order."""
        in_order = [order for order in self.orders if order.left and order.sequence and order.days]
        return [order.days[-1] + dt.timedelta(days=order.item.days_between) for order in in_order]

    @property
    def now(self) -> dt.datetime:
        return self.patient_facts.now

    @cached_property
    def visits(self) -> list[CareVisit]:
        left = [order for order in self.orders if order.left]
        return care_visits(left, forms_of(left)) if left else []

    @cached_property
    def slot_requests(self) -> list[SlotRequest]:
        return slot_requests_of(self.visits, self.clinic, self.patient, self.clinic.today(self.now))

    @cached_property
    def why_never(self) -> str:
        """What speaks against the first visit on any day: a pause, an answer, an age."""
        if not self.visits:
            return ""
        variants = self.slot_requests[0].variants
        today = self.clinic.today(self.now)
        return visit_verdict(variants, self.patient_facts, on=today, zone=self.clinic.zone).why_never

    @cached_property
    def chosen(self) -> list[dt.datetime]:
        """The starts that the page carries; none where it asks for a proposal."""
        return starts_in(self.query.getlist("start"))

    @cached_property
    def proposal(self) -> CourseProposal:
        if not self.visits or self.why_never:
            return CourseProposal((), why_not=self.why_never)
        if self.chosen:
            return timetable_at(self.visits, self.slot_requests, self.chosen, now=self.now, desk=True)
        if not self.form.is_valid():
            return CourseProposal(())
        wish = self.form.wish(self.query.getlist("not_on"))
        return propose(self.visits, self.slot_requests, wish, now=self.now, desk=True)

    @property
    def left_out(self) -> list[str]:
        return self.query.getlist("not_on")

    @cached_property
    def moving(self) -> int | None:
        """Which visit is being moved by hand, counted from 1."""
        words = self.query.get("move", "")
        number = int(words) if words.isascii() and words.isdigit() and len(words) < 3 else 0
        return number if 1 <= number <= len(self.proposal.visits) else None

    @cached_property
    def rows(self) -> list["CourseRow"]:
        """The visits as the page shows them."""
        return [
            CourseRow(number + 1, visit.start.astimezone(self.clinic.zone), visit, is_moving=self.moving == number + 1)
            for number, visit in enumerate(self.proposal.visits)
        ]

    @cached_property
    def other_times(self) -> list[dt.datetime]:
        """When the visit that is moved could be instead, with all rules kept, on days on which the patient can come."""
        if self.moving is None:
            return []
        starts = [visit.start for visit in self.proposal.visits]
        slots = other_starts(self.visits, self.slot_requests, starts, self.moving - 1, now=self.now, desk=True)
        away = self.form.wish(self.left_out).not_on if self.form.is_valid() else frozenset()
        local = [start.astimezone(self.clinic.zone) for start in slots]
        return [start for start in local if start.date() not in away]

    def timetable(self) -> tuple[CourseVisit, ...]:
        """The visits at the starts that the page carries; raises what speaks against them."""
        if not self.visits:
            raise CourseChanged
        refuse_if(self.proposal.why_not)
        return self.proposal.visits

    @property
    def wish_words(self) -> list[tuple[str, str]]:
        """The wish as the forms and addresses of the page carry it on."""
        data = self.form.data
        named = [(name, str(data[name])) for name in self.form.fields if data.get(name)]
        return [*named, *(("not_on", date) for date in self.left_out)]

    def address_of(self, **other: str) -> str:
        """The same wish in an address, but for these words."""
        kept = [pair for pair in self.wish_words if pair[0] not in other]
        return urlencode([*kept, *other.items()])

    @property
    def address_again(self) -> str:
        """Asks for a new proposal where the starts no longer hold."""
        first = min(self.chosen).astimezone(self.clinic.zone).date()
        return self.address_of(from_on=max(first, self.clinic.today(self.now)).isoformat())

    @cached_property
    def ledger(self) -> list[LedgerLine]:
        return course_ledger(self.prescription, self.orders)

    @cached_property
    def coming(self) -> list[Booking]:
        """What is booked already."""
        return coming_sessions(self.prescription)

    @property
    def sheet_days(self) -> list[SheetDay]:
        return sheet_days(self.coming, self.clinic)

    @property
    def diet_follows(self) -> int:
        """For how many days at most a diet follows, where one of the treatments asks for it."""
        facts = (booking.variant.therapy.facts.get("sequencing", {}) for booking in self.coming)
        follows = any(DIET in each.get("usually_followed_by", []) for each in facts)
        return max((schedule.days for schedule in schedules_of_diet()), default=0) if follows else 0

    @property
    def alternatives(self) -> list[tuple[str, str]]:
        """Other proposals, each with its words and its address."""
        first = min(visit.start for visit in self.proposal.visits).astimezone(self.clinic.zone).date()
        later = first + dt.timedelta(days=7)
        from_on = first.isoformat()
        return [
            (_("In the morning"), self.address_of(from_on=from_on, part="morning")),
            (_("In the afternoon"), self.address_of(from_on=from_on, part="afternoon")),
            (_("A week later"), self.address_of(from_on=later.isoformat())),
        ]

    @cached_property
    def price(self) -> str:
        """The sum of the prices of all visits; empty where the clinic shows none that can be added."""
        prices = prices_at(self.clinic.pk)
        amounts = [amount_in(prices.get(therapy, "")) for therapy in _therapies(self.proposal.visits)]
        numbers = [amount for amount in amounts if amount is not None]
        return money_words(sum(numbers, Decimal(0)), self.clinic) if numbers and len(numbers) == len(amounts) else ""


@dataclass(frozen=True)
class CourseRow:
    """One visit of the timetable; `number` counts from 1."""

    number: int
    start: dt.datetime
    visit: CourseVisit
    is_moving: bool = False

    @property
    def value(self) -> str:
        return self.start.isoformat()

    @property
    def arrives(self) -> dt.datetime:
        return arrival(self.visit.slot_request.variants[0], self.start, self.visit.slot_request.clinic.zone)

    @property
    def names(self) -> list[str]:
        return [str(variant) for variant in self.visit.slot_request.variants]


def _therapies(visits: Iterable[CourseVisit]) -> Iterable[int]:
    return (variant.therapy_id for visit in visits for variant in visit.slot_request.variants)
