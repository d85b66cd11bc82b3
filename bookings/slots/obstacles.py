"""What stands against visits to come as they are booked: they were possible, and somebody changed something since.

Asked of what holds now, by the same supply and shapes as a search of free times. It does not matter who changed what,
or how: a form, an upgrade of the catalogue, a role that ended by its date.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from zlib import crc32
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.facts.watches import unwatched_visits
from bookings.models import Booking, Occupancy, SettledObstacle
from bookings.models.booking import STILL_TO_COME, day_not_over
from bookings.slots import changed_since
from bookings.slots.booked_plan import differs_from_plan
from bookings.slots.search_space import GENDERED_ROLES, accepts, is_child
from clinic.people.models.patient import Ages
from clinic.premises.models import Clinic
from therapies.models import Needs, Variant
from therapies.rota import QUALIFIED_ROLES, Calendar, Person, Place, Supply, calendar, supply
from therapies.shape import shape
from therapies.step_days import steps_on

WORDS: Mapping[str, str | Promise] = {
    "gone": _("%(name)s is no longer available here"),
    "unfit": _("%(name)s no longer has what the treatment needs"),
    "shut": _("The clinic is closed at that time"),
    "away": _("%(name)s is not available at that time"),
    "role": _("%(name)s no longer works in this role"),
    "unqualified": _("%(name)s may not give this treatment on that day"),
    "gender": _("The patient does not accept %(name)s: asked for another gender"),
    "overloaded": _("%(name)s would treat for longer than the limit of the day"),
    "zone": _("Booked in another time zone (%(name)s)"),
    "address": _("The address of the clinic has changed since the booking"),
    "inactive": _("The clinic takes no bookings"),
    "not_offered": _("%(name)s is no longer offered"),
    "plan": _("Steps, minutes or staff of %(name)s have changed since the booking"),
    "arrival": _("The arrival time of %(name)s has changed since the booking"),
    "window": _("%(name)s no longer starts at this time of day"),
    "age": _("%(name)s is not for patients of this age"),
    "order": _("%(name)s now needs a prescription"),
    "unwatched": _("Too few staff are on duty to watch the patient"),
}


@dataclass(frozen=True)
class Obstacle:
    """`mark` tells it from others of its code: whose, or which value it is now."""

    code: str
    mark: str = ""
    name: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        return f"{self.code}:{self.mark}"[:80]

    def __str__(self) -> str:
        return str(WORDS[self.code]) % {"name": self.name}


Obstacles = dict[int, list[Obstacle]]
"""By the number of the visit."""


def open_obstacles(clinic: Clinic, now: dt.datetime, *, among: Q | None = None) -> Obstacles:
    """Those of the visits to come (of these bookings) that nobody has settled."""
    every = obstacles(clinic, now, among=among)
    rows = SettledObstacle.objects.filter(visit__in=every).values_list("visit", "obstacle")
    settled = {(visit, key) for visit, key in rows}
    left = {pk: [each for each in listed if (pk, each.key) not in settled] for pk, listed in every.items()}
    return {pk: listed for pk, listed in left.items() if listed}


def obstacles(clinic: Clinic, now: dt.datetime, *, among: Q | None = None) -> Obstacles:
    """All of them, settled or not; `among`: only of these bookings, and of visits left without anybody to watch."""
    result: dict[int, dict[str, Obstacle]] = defaultdict(dict)
    if bookings := _bookings_to_come(clinic, now, among):
        ground = _Ground.read(clinic, bookings)
        for booking in bookings:
            for each in ground.against(booking):
                result[booking.visit_id].setdefault(each.key, each)
    for visit in unwatched_visits([clinic.pk], now).visits:
        result[visit].setdefault("unwatched:", Obstacle("unwatched"))
    return {visit: list(listed.values()) for visit, listed in result.items()}


def _bookings_to_come(clinic: Clinic, now: dt.datetime, among: Q | None) -> list[Booking]:
    rows = Booking.objects.filter(
        day_not_over(now), visit__clinic=clinic, visit__patient__isnull=False, status__in=STILL_TO_COME
    )
    rows = rows if among is None else rows.filter(among)
    rows = rows.select_related("visit__patient", "item").order_by("starts_at", "pk")
    return list(rows.prefetch_related(Prefetch("occupancies", Occupancy.objects.select_related("resource"))))


@dataclass
class _Ground:
    """What holds now on the days of these bookings."""

    clinic: Clinic
    days: Calendar
    supplies: dict[bool, Supply]
    variants: dict[int, Variant]
    since: changed_since.Changes
    minutes: dict[tuple[int, int], int]

    @classmethod
    def read(cls, clinic: Clinic, bookings: list[Booking]) -> "_Ground":
        dates = [moment.astimezone(clinic.zone).date() for row in bookings for moment in (row.starts_at, row.ends_at)]
        days = calendar(clinic.zone, min(dates), max(dates) + dt.timedelta(days=1))
        variants = Variant.objects.select_related("therapy").prefetch_related("steps__crews")
        shown = variants.in_bulk({booking.variant_id for booking in bookings})
        rows = [row for booking in bookings for row in booking.occupancies.all()]
        what = {
            "therapy_ids": {variant.therapy_id for variant in shown.values()},
            "kinds": sorted({row.part.partition(":")[2] for row in rows if row.part.startswith("equipment:")}),
        }
        courses = {booking.visit.running_course for booking in bookings}
        supplies = {course: supply(clinic, days, running_course=course, **what) for course in courses}  # type: ignore[arg-type]
        return cls(clinic, days, supplies, shown, changed_since.changes_at(clinic, shown), _hands_on(rows, days))

    def against(self, booking: Booking) -> Iterator[Obstacle]:
        variant = self.variants[booking.variant_id]
        yield from self._of_clinic(booking)
        yield from self._of_therapy(booking, variant)
        for row in booking.occupancies.all():
            if row.resource_id is not None:
                yield from self._of_resource(booking, variant, row)

    def _of_clinic(self, booking: Booking) -> Iterator[Obstacle]:
        visit = booking.visit
        if visit.timezone != self.clinic.timezone:
            yield Obstacle("zone", self.clinic.timezone, visit.timezone)
        if self.since.has_moved_house(visit):
            yield Obstacle("address", self.since.address_mark)
        if not self.clinic.is_active:
            yield Obstacle("inactive")

    def _of_therapy(self, booking: Booking, variant: Variant) -> Iterator[Obstacle]:
        therapy, patient = variant.therapy, booking.visit.patient
        named = {"mark": str(therapy.pk), "name": str(therapy)}
        if not therapy.is_active:
            yield Obstacle("not_offered", **named)
        if booking.item_id is None and not therapy.is_consultation and therapy.needs in ORDERED:
            yield Obstacle("order", **named)
        start = booking.starts_at.astimezone(self.clinic.zone)
        if _is_out_of_window(variant, start.hour * 60 + start.minute):
            yield Obstacle("window", f"{variant.pk}/{variant.window_from}-{variant.window_to}", str(therapy))
        if patient is not None and booking.item_id is None and _is_out_of_age(variant, patient.ages(start.date())):
            yield Obstacle("age", **named)
        yield from self._of_plan(booking, variant)

    def _of_plan(self, booking: Booking, variant: Variant) -> Iterator[Obstacle]:
        """Only what changed after the booking: the desk may have shortened this one visit."""
        name, made_at, arrives_at = str(variant.therapy), booking.visit.made_at, booking.visit.arrives_at
        changed_at = self.since.variant_at(variant)
        if changed_at and changed_at > made_at:
            patient = booking.visit.patient
            day = booking.starts_at.astimezone(self.clinic.zone).date()
            for_child = patient is not None and is_child(patient, day)
            made = shape(variant, unscheduled=self.clinic.unscheduled_roles, for_child=for_child, on=day)
            if differs_from_plan(booking, made):
                yield Obstacle("plan", f"{variant.pk}/{crc32(repr(made).encode())}", name)
        lead_at = self.since.arrival_at(variant)
        if (
            lead_at
            and lead_at > made_at
            and booking.position == 0
            and _arrival(booking, variant, self.clinic.zone) != arrives_at
        ):
            yield Obstacle("arrival", f"{variant.therapy_id}/{variant.therapy.arrival_lead_minutes}", name)

    def _of_resource(self, booking: Booking, variant: Variant, row: Occupancy) -> Iterator[Obstacle]:
        have, number = self.supplies[booking.visit.running_course], row.resource_id or 0
        named = {"mark": str(number), "name": str(row.resource)}
        kind, _colon, part = row.part.partition(":")
        item = _items(have).get(number)
        if item is None:  # of people, also whoever has no hours at all in these days, which may be few or many
            is_person = kind == "crew" and row.resource is not None and row.resource.is_active
            yield Obstacle("away" if is_person else "gone", **named)
            return
        mask = self.days.window.mask(row.during.lower, row.during.upper)
        if mask & ~have.open:
            yield Obstacle("shut", f"{row.during.lower:%Y%m%d}")
        elif mask & ~(item.free if isinstance(item, Place) else item.works):
            yield Obstacle("away", **named)
        if isinstance(item, Place):
            need = variant.room_feature if kind == "room" else part
            if need and need not in item.provides:
                yield Obstacle("unfit", **named)
        else:
            yield from self._of_person(booking, variant, row, item)

    def _of_person(self, booking: Booking, variant: Variant, row: Occupancy, person: Person) -> Iterator[Obstacle]:
        named, role = {"mark": str(person.id), "name": str(row.resource)}, row.part.partition(":")[2]
        first = self.days.window.floor(row.during.lower)
        if role not in person.roles:
            yield Obstacle("role", **named)
        elif role in QUALIFIED_ROLES and not person.qualified.get(variant.therapy_id, 0) >> first & 1:
            yield Obstacle("unqualified", **named)
        patient = booking.visit.patient
        wish = patient.accepts_therapist if patient else booking.therapist_gender
        if variant.therapy.same_gender and role in GENDERED_ROLES and not accepts(wish, person):
            yield Obstacle("gender", f"{person.id}/{wish}", str(row.resource))
        if row.hands_on and self.minutes[person.id, first // CELLS_OF_A_DAY] > person.limit:
            yield Obstacle("overloaded", **named)


ORDERED = {Needs.PRESCRIPTION, Needs.DAY_CHECK}
CELLS_OF_A_DAY = 288


def _hands_on(rows: Iterable[Occupancy], days: Calendar) -> dict[tuple[int, int], int]:
    """Minutes with patients of each person on each day."""
    minutes: dict[tuple[int, int], int] = defaultdict(int)
    for row in rows:
        if row.hands_on and row.resource_id is not None:
            minutes[row.resource_id, days.window.floor(row.during.lower) // CELLS_OF_A_DAY] += row.hands_on
    return minutes


def _items(have: Supply) -> dict[int, Place | Person]:
    everything: tuple[Place | Person, ...] = (*have.rooms, *have.equipment, *have.people)
    return {item.id: item for item in everything}


def _arrival(booking: Booking, variant: Variant, zone: ZoneInfo) -> dt.datetime:
    """When the patient would be asked to come now."""
    steps = steps_on(variant.steps.all(), booking.starts_at.astimezone(zone).date())
    present = [step.offset for step in steps if step.patient_present]
    return booking.starts_at + dt.timedelta(minutes=min([0, *present]) - variant.therapy.arrival_lead_minutes)


def _is_out_of_window(variant: Variant, minute: int) -> bool:
    if variant.window_from is None or variant.window_to is None:
        return False
    return not variant.window_from <= minute <= variant.window_to


def _is_out_of_age(variant: Variant, ages: Ages) -> bool:
    youngest, oldest = variant.youngest, variant.oldest
    return (youngest is not None and ages.least < youngest) or (oldest is not None and ages.greatest > oldest)
