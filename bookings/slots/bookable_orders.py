"""What a Vaidya ordered and may still be booked, and the wish that follows from some of it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from bookings.facts.orders import OrderProgress
from bookings.facts.patient import PatientFacts
from bookings.models import Occupancy
from bookings.models.booking import SESSIONS
from bookings.rules import visits as visit_rules
from bookings.rules.session_verdicts import VisitVerdict, visit_verdict
from bookings.slots.search import Day, nearest
from bookings.slots.search_space import GENDERED_ROLES, SlotRequest, is_child
from clinic.grid import CELL_MINUTES
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from therapies.models import BookingMode, Needs, Practitioner, Presence, Qualification, Step, Variant
from therapies.shape import shape

DAILY = 1
"""Days from one session of a course to the next, where Sundays and holidays must not break it."""
CREW = "crew:"
ALL = 10_000
"""More starts than a week and a half has."""


@dataclass(frozen=True)
class BookableOrder:
    """A prescribed therapy with sessions left: `variant` is what comes next, `minutes` how long it takes.

    `why_not` is why none of it can be booked now; empty where nothing speaks against it. `smaller` is the same with
    fewer people, who may need longer; None where there is no such way.
    """

    order: OrderProgress
    variant: Variant
    minutes: int
    why_not: str = ""
    smaller: Variant | None = None

    @property
    def number(self) -> int:
        """The number by which addresses name it."""
        return self.order.item.pk

    @property
    def booked(self) -> int:
        return self.order.taken

    @property
    def sessions(self) -> int:
        return self.order.item.sessions

    @property
    def valid_until(self) -> dt.date:
        return self.order.item.prescription.valid_until

    @property
    def asks_clinic(self) -> bool:
        """Whether the clinic answers each request for it."""
        return self.variant.therapy.booking_mode == BookingMode.REQUEST


# --- what is left -----------------------------------------------------------------------------------------------------


def orders_to_book(patient_facts: PatientFacts, *, desk: bool = False) -> list[BookableOrder]:
    """Everything ordered that takes time at a clinic, in the order of the prescription; also what is spent."""
    orders = [order for order in patient_facts.ordered if order.item.variant.therapy.is_given_here]
    variants = [next_variant(order) for order in orders]
    smaller = _smaller(variants)
    prefetch_related_objects([*variants, *smaller.values()], Prefetch("steps", Step.objects.prefetch_related("crews")))
    return [
        BookableOrder(
            order,
            variant,
            minutes_of(variant),
            _why_not(order, variant, patient_facts, desk=desk),
            smaller.get((variant.therapy_id, variant.code)),
        )
        for order, variant in zip(orders, variants, strict=True)
    ]


def minutes_of(variant: Variant) -> int:
    """How long it takes, with the oil or steam that prepares for it; reads the steps and crews."""
    taken = shape(variant)
    return (taken.prepared + taken.length) * CELL_MINUTES


def _smaller(variants: Sequence[Variant]) -> dict[tuple[int, str], Variant]:
    """By therapy and code, the variant that stands in for each of these with fewer people."""
    rows = Variant.objects.filter(therapy__in=[variant.therapy_id for variant in variants]).exclude(smaller_crew_of="")
    return {(row.therapy_id, row.smaller_crew_of): row for row in rows.select_related("therapy")} if variants else {}


def next_variant(order: OrderProgress) -> Variant:
    """The variant of the next session: of a course by a schedule each day has its own."""
    if not order.sequence:
        return order.item.variant
    therapy = order.item.variant.therapy_id
    return Variant.objects.select_related("therapy").get(therapy=therapy, code=order.next_code)


def _why_not(order: OrderProgress, variant: Variant, patient_facts: PatientFacts, *, desk: bool) -> str:
    if order.left and variant.therapy.booking_mode == BookingMode.DESK and not desk:
        return _("Please call the clinic to book this.")
    return visit_rules.why_spent(order) or visit_rules.why_suspended(variant.therapy, patient_facts)


# --- the wish ---------------------------------------------------------------------------------------------------------


def slot_request_for(
    clinic: Clinic, variants: Sequence[Variant], patient_facts: PatientFacts, *, practitioner_id: int | None = None
) -> SlotRequest:
    """What this patient wants at this clinic, each therapy with the order that covers it.

    A course that has begun and goes on daily is also given on the days that are kept for such courses.
    """
    patient, today = patient_facts.patient, clinic.today(patient_facts.now)
    orders = [None if _is_free(variant) else patient_facts.order_for(variant, today) for variant in variants]
    items = tuple(order.item if order else None for order in orders)
    daily = [order is not None and order.is_running and order.item.days_between == DAILY for order in orders]
    return SlotRequest(
        clinic=clinic,
        variants=tuple(variants),
        gender=patient.accepts_therapist,
        practitioner_id=practitioner_id,
        patient_id=patient.pk,
        running_course=all(daily),
        items=items if any(items) else (),
        for_child=is_child(patient, today),
    )


def _is_free(variant: Variant) -> bool:
    """Whether it needs no order."""
    return variant.therapy.needs == Needs.NOTHING


def verdict_on(slot_request: SlotRequest, patient_facts: PatientFacts, *, on: dt.date) -> VisitVerdict:
    """What the rules say of it on that day: the same that the action which books will ask."""
    return visit_verdict(slot_request.variants, patient_facts, on=on, zone=slot_request.clinic.zone)


def within_orders(days: Iterable[Day], slot_request: SlotRequest, patient_facts: PatientFacts) -> list[Day]:
    """The days with those closed that the orders do not cover: a gap, the order of a course, the last day."""
    return [
        _closed(day, verdict_on(slot_request, patient_facts, on=day.on).why_not) if day.starts else day for day in days
    ]


def _closed(day: Day, why: str) -> Day:
    return replace(day, starts=(), why=why) if why else day


def nearest_covered(
    slot_request: SlotRequest,
    patient_facts: PatientFacts,
    *,
    to: dt.datetime,
    now: dt.datetime,
    count: int = 3,
    desk: bool = False,
) -> list[dt.datetime]:
    """The free starts nearest to a moment on the days that the orders cover, earliest first."""
    zone = slot_request.clinic.zone
    nearest_starts = nearest(slot_request, to=to, now=now, count=ALL, desk=desk)
    closed = {
        on
        for on in {start.astimezone(zone).date() for start in nearest_starts}
        if verdict_on(slot_request, patient_facts, on=on).why_not
    }
    covered = [start for start in nearest_starts if start.astimezone(zone).date() not in closed]
    return sorted(sorted(covered, key=lambda start: (abs(start - to), start))[:count])


# --- who serves -------------------------------------------------------------------------------------------------------


def who_may_serve(variants: Iterable[Variant], patient: Patient, on: dt.date) -> QuerySet[Practitioner]:
    """Whoever may give one of these therapies with their hands, and whom the patient accepts where one asks.

    Reads the variants' steps and crews.
    """
    able: QuerySet[Practitioner] = Practitioner.objects.none()
    for variant in variants:
        roles = _roles(variant)
        qualified = Qualification.objects.in_force(on, on).filter(therapy=variant.therapy_id)
        people = Practitioner.objects.in_service(on).filter(
            roles__overlap=sorted(roles), pk__in=qualified.values("practitioner")
        )
        if variant.therapy.same_gender and roles <= GENDERED_ROLES and patient.accepts_therapist != "any":
            people = people.filter(gender=patient.accepts_therapist)
        able = able | people
    return able.distinct().order_by("name")


def _roles(variant: Variant) -> set[str]:
    """The roles whose time it takes: hands first, a Vaidya only where nobody else treats."""
    crews = [crew for step in variant.steps.all() for crew in step.crews.all() if crew.presence != Presence.ON_SITE]
    treating = {crew.role for crew in crews if crew.role == "therapist"}
    return treating or {crew.role for crew in crews if crew.presence == Presence.PERFORMS}


def served_last(numbers: Iterable[int]) -> dict[int, int]:
    """For each order, by number, who served its latest session: a therapist before anybody else."""
    rows = Occupancy.objects.filter(booking__item__in=[*numbers], booking__status__in=SESSIONS)
    rows = rows.filter(part__startswith=CREW, resource__isnull=False).order_by("-booking__starts_at", "pk")
    last_sessions: dict[int, tuple[dt.datetime, bool, int]] = {}
    for item, starts_at, part, person in rows.values_list("booking__item", "booking__starts_at", "part", "resource"):
        treats = part == f"{CREW}therapist"
        latest = last_sessions.get(item)
        if latest is None or (latest[0] == starts_at and treats and not latest[1]):
            last_sessions[item] = (starts_at, treats, person)
    return {item: person for item, (_at, _treats, person) in last_sessions.items()}
