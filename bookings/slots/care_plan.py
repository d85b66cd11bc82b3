"""From a signed prescription to a timetable: the visits that are left, a proposal, what to relax where none fits."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.facts.orders import OrderProgress
from bookings.slots.course_plan import Course, CoursePlan, PlannedSession, improve, plan, rest_days
from bookings.slots.course_search import ClinicDiary
from bookings.slots.search_space import SlotRequest, is_child
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from clinic.wall import edge
from therapies.models import Variant

LATER_STARTS = 7
"""Days by which a start is put off in search of a way."""
MOST_SLIP = 3
"""Rest days between two visits that are tried at most."""
PARTS_OF_DAY: Mapping[str, tuple[dt.time, dt.time]] = {
    "morning": (dt.time(0), dt.time(12)),
    "afternoon": (dt.time(12), dt.time(23, 59)),
}
A_DAY = dt.timedelta(days=1)
Forms = Mapping[tuple[int, str], Variant]
"""The variants of the therapies, by therapy and code, with their steps and crews."""


@dataclass(frozen=True)
class CareVisit:
    """What is given in one visit of the plan, in the order of the prescription; `day` counts from the first, 0."""

    day: int
    parts: tuple[tuple[OrderProgress, Variant], ...]


@dataclass(frozen=True)
class CourseWish:
    """What the patient wishes: from when, how many rest days between two visits at most, which part of the day."""

    first: dt.date
    slip: int = 2
    part: str = ""
    around: dt.time | None = None
    not_on: frozenset[dt.date] = frozenset()


@dataclass(frozen=True)
class CourseVisit:
    """A visit of a plan: what, when, and by whom and where."""

    slot_request: SlotRequest
    start: dt.datetime
    resources: frozenset[int]


@dataclass(frozen=True)
class CourseProposal:
    """All visits of a plan in order; or none, in words why not, and what would do instead."""

    visits: tuple[CourseVisit, ...]
    rest_days: tuple[dt.date, ...] = ()
    why_not: str = ""
    ways: tuple[str, ...] = ()


def care_visits(orders: Iterable[OrderProgress], forms: Forms) -> list[CareVisit]:
    """What is left of these orders, a visit for each day of the plan."""
    days: dict[int, list[tuple[OrderProgress, Variant]]] = defaultdict(list)
    for order in orders:
        item = order.item
        for number in range(order.taken, item.sessions):
            code = order.sequence[number % len(order.sequence)] if order.sequence else item.variant.code
            days[item.first_day + number * item.days_between].append((order, forms[item.variant.therapy_id, code]))
    first = min(days, default=0)
    return [CareVisit(day - first, tuple(parts)) for day, parts in sorted(days.items())]


def course_of_visits(visits: Sequence[CareVisit], wish: CourseWish) -> Course:
    """The course as the planner sees it."""
    return Course(
        sessions=len(visits),
        first=wish.first,
        slip=wish.slip,
        around=wish.around,
        days=tuple(visit.day for visit in visits),
        kinds=tuple(tuple(variant.pk for _order, variant in visit.parts) for visit in visits),
        between=PARTS_OF_DAY.get(wish.part),
        not_on=wish.not_on,
    )


def slot_requests_of(visits: Sequence[CareVisit], clinic: Clinic, patient: Patient, on: dt.date) -> list[SlotRequest]:
    """What each visit asks for. Of a daily course that runs, Sundays and holidays must not break it."""
    return [
        SlotRequest(
            clinic=clinic,
            variants=tuple(variant for _order, variant in visit.parts),
            gender=patient.accepts_therapist,
            patient_id=patient.pk,
            running_course=all(order.is_running and order.item.days_between == 1 for order, _variant in visit.parts),
            items=tuple(order.item for order, _variant in visit.parts),
            for_child=is_child(patient, on),
        )
        for visit in visits
    ]


def propose(
    visits: Sequence[CareVisit], slot_requests: Sequence[SlotRequest], wish: CourseWish, *, now: dt.datetime, desk: bool
) -> CourseProposal:
    """The best timetable that a bounded search finds; where there is none, why, and the smallest thing to relax."""
    timetable, course = _search(visits, slot_requests, wish, now=now, desk=desk, better=True)
    if timetable.sittings:
        return _proposal(timetable, course, slot_requests)
    ways = () if not visits else tuple(_ways(visits, slot_requests, wish, now=now, desk=desk))
    words = timetable.why_not or _("Nothing is left to be booked.")
    if not timetable.proved:
        words = _("No timetable was found.") + " " + words
    return CourseProposal((), why_not=words, ways=ways)


def _search(
    visits: Sequence[CareVisit],
    slot_requests: Sequence[SlotRequest],
    wish: CourseWish,
    *,
    now: dt.datetime,
    desk: bool,
    better: bool = False,
) -> tuple[CoursePlan, Course]:
    course = course_of_visits(visits, wish)
    orders = {order.item.pk: order for visit in visits for order, _variant in visit.parts}
    diary = ClinicDiary(slot_requests, course, now, desk, orders=tuple(orders.values()))
    if not visits:
        return CoursePlan(()), course
    first = plan(course, diary)
    return (improve(course, diary, first) if better else first), course


def _proposal(found: CoursePlan, course: Course, slot_requests: Sequence[SlotRequest]) -> CourseProposal:
    visits = tuple(_visit(session, slot_requests) for session in found.sittings)
    return CourseProposal(visits, tuple(rest_days(course, found)))


def _visit(session: PlannedSession, slot_requests: Sequence[SlotRequest]) -> CourseVisit:
    slot_request = slot_requests[session.number]
    return CourseVisit(
        replace(slot_request, running_course=session.number > 0 or slot_request.running_course),
        session.start,
        session.people,
    )


def _ways(
    visits: Sequence[CareVisit], slot_requests: Sequence[SlotRequest], wish: CourseWish, *, now: dt.datetime, desk: bool
) -> Iterable[str]:
    """In words, the nearest later start, the fewest rest days, and any hour: each where it alone would do."""
    for days in range(1, LATER_STARTS + 1):
        later = replace(wish, first=wish.first + dt.timedelta(days=days))
        timetable = _search(visits, slot_requests, later, now=now, desk=desk)[0]
        if timetable.sittings:
            yield _("Begin on %(date)s.") % {"date": date_format(timetable.sittings[0].start.date(), "l j F")}
            break
    for slip in range(wish.slip + 1, MOST_SLIP + 1):
        if _does(visits, slot_requests, replace(wish, slip=slip), now=now, desk=desk):
            words = ngettext(
                "Allow %(count)s rest day between two visits.", "Allow %(count)s rest days between two visits.", slip
            )
            yield words % {"count": slip}
            break
    if wish.part and _does(visits, slot_requests, replace(wish, part=""), now=now, desk=desk):
        yield _("Take any hour of the day.")
    if wish.not_on and _does(visits, slot_requests, replace(wish, not_on=frozenset()), now=now, desk=desk):
        yield _("Come on the days that were left out, too.")


def _does(
    visits: Sequence[CareVisit], slot_requests: Sequence[SlotRequest], wish: CourseWish, *, now: dt.datetime, desk: bool
) -> bool:
    return bool(_search(visits, slot_requests, wish, now=now, desk=desk)[0].sittings)


# --- by hand ----------------------------------------------------------------------------------------------------------


def timetable_at(
    visits: Sequence[CareVisit],
    slot_requests: Sequence[SlotRequest],
    starts: Sequence[dt.datetime],
    *,
    now: dt.datetime,
    desk: bool,
) -> CourseProposal:
    """The visits at these starts, with who would serve; or the first that does not hold, and why."""
    zone = slot_requests[0].clinic.zone
    local = [start.astimezone(zone) for start in starts]
    if len(local) != len(visits) or sorted({start.date() for start in local}) != [start.date() for start in local]:
        return CourseProposal((), why_not=_("Each visit needs a day of its own, in the order of the plan."))
    course, diary = _by_hand(visits, slot_requests, local, now=now, desk=desk)
    sessions, why = _sessions_at(diary, local)
    return CourseProposal((), why_not=why) if why else _proposal(CoursePlan(tuple(sessions)), course, slot_requests)


def other_starts(
    visits: Sequence[CareVisit],
    slot_requests: Sequence[SlotRequest],
    starts: Sequence[dt.datetime],
    number: int,
    *,
    now: dt.datetime,
    desk: bool,
) -> list[dt.datetime]:
    """When the `number`-th visit could be instead, between those beside it, with all rules of the plan kept."""
    zone = slot_requests[0].clinic.zone
    local = [start.astimezone(zone) for start in starts]
    on, near = local[number].date(), dt.timedelta(days=MOST_SLIP)
    first = local[number - 1].date() + A_DAY if number else max(on - near, now.astimezone(zone).date())
    last = local[number + 1].date() - A_DAY if number + 1 < len(local) else on + near
    wide = [*local, edge(min(first, on), 0, zone).astimezone(zone)]
    _course, diary = _by_hand(visits, slot_requests, wide, now=now, desk=desk)
    dates = [first + dt.timedelta(days=days) for days in range((min(last, on + near) - first).days + 1)]
    others = (start for date in dates for start in diary.starts(number, date) if start != local[number])
    return [start for start in others if not _sessions_at(diary, [*local[:number], start, *local[number + 1 :]])[1]]


def _by_hand(
    visits: Sequence[CareVisit],
    slot_requests: Sequence[SlotRequest],
    starts: Sequence[dt.datetime],
    *,
    now: dt.datetime,
    desk: bool,
) -> tuple[Course, ClinicDiary]:
    """The diary of all days around these starts."""
    first = min(start.date() for start in starts)
    days = tuple((start.date() - first).days for start in starts[: len(visits)])
    orders = {order.item.pk: order for visit in visits for order, _variant in visit.parts}
    wide = Course(len(visits), first, slip=2 * MOST_SLIP + 1, days=days)
    course = Course(len(visits), first, days=tuple(visit.day for visit in visits))
    return course, ClinicDiary(slot_requests, wide, now, desk, orders=tuple(orders.values()))


def _sessions_at(diary: ClinicDiary, starts: Sequence[dt.datetime]) -> tuple[list[PlannedSession], str]:
    """The sessions at these starts, one after the other, as far as they hold; and why the next one does not."""
    planned: list[PlannedSession] = []
    before = frozenset[int]()
    for number, start in enumerate(starts):
        is_free = start in diary.starts(number, start.date())
        people = diary.people(number, start, before) if is_free and diary.allows(number, start, planned) else None
        if people is None:
            why = diary.why_not(number, start, planned) if is_free else ""
            words = {"date": date_format(start.date(), "l j F"), "reason": why or _("this time is no longer free.")}
            return planned, _("%(date)s: %(reason)s") % words
        planned.append(PlannedSession(number, start, people))
        before |= people
    return planned, ""
