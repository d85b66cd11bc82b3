"""Judges a timetable of a small clinic by its raw hours, and tries every timetable: written apart from the planner."""

from collections.abc import Iterator, Sequence

from bookings.slots.course_plan import MOST_REST_DAYS, PlannedSession

from .small_clinics import CLOSES, FIRST, OPENS, SmallClinic, Therapist, Thing

At = tuple[int, int]
"""Day and half-hour of a start."""


def at_of(session: PlannedSession) -> At:
    start = session.start
    return (start.date() - FIRST).days, start.hour * 2 + start.minute // 30


def faults(small: SmallClinic, sessions: Sequence[PlannedSession]) -> list[str]:
    """What is wrong with a timetable, in the words of this file; nothing where all is well."""
    starts = [at_of(session) for session in sessions]
    wrong = [] if len(starts) == len(small.sessions) else ["sessions are missing"]
    wrong += [f"{n}: {why}" for n, session in enumerate(sessions) for why in _of_session(small, n, session)]
    wrong += [] if rest_days(small, starts) is not None else ["order, gap or slip"]
    return wrong + ([] if keeps_rules(small, starts) else ["a rule"])


def _of_session(small: SmallClinic, number: int, session: PlannedSession) -> Iterator[str]:
    form, (day, time) = small.forms[small.sessions[number]], at_of(session)
    people = [each for each in small.people if each.number in session.people]
    rooms = [each for each in small.rooms if each.number in session.people]
    chambers = [each for each in small.chambers if each.number in session.people]
    if len(people) + len(rooms) + len(chambers) != len(session.people):
        yield "somebody unknown"
    if not form.least <= len(people) <= form.most:
        yield "crew"
    if not all(_can(small, number, each, day, time) for each in people):
        yield "a therapist"
    if len(rooms) != 1 or not all(_fits(small, number, room, day, time, form.feature) for room in rooms):
        yield "room"
    if len(chambers) != form.steam or not all(_fits(small, number, each, day, time, "steam") for each in chambers):
        yield "steam"
    if not _is_open(small, number, day, time):
        yield "hours, the patient, or an impossible day"


def _times(small: SmallClinic, number: int, day: int, time: int) -> set[At]:
    return {(day, time + n) for n in range(small.forms[small.sessions[number]].length)}


def _can(small: SmallClinic, number: int, who: Therapist, day: int, time: int) -> bool:
    form, times = small.forms[small.sessions[number]], _times(small, number, day, time)
    done = sum(on == day for on, _time in who.taken)
    return (
        times <= who.works
        and not times & who.taken
        and done + form.length <= who.most_half_hours
        and (not form.bound_to_gender or small.gender in ("any", who.gender))
    )


def _fits(small: SmallClinic, number: int, thing: Thing, day: int, time: int, feature: str) -> bool:
    return (not feature or thing.feature == feature) and not _times(small, number, day, time) & thing.taken


def _is_open(small: SmallClinic, number: int, day: int, time: int) -> bool:
    end = time + small.forms[small.sessions[number]].length
    is_closed = day not in small.open_days or day in small.not_on or time < OPENS or end > CLOSES
    return not is_closed and not _times(small, number, day, time) & small.busy


def can_start(small: SmallClinic, number: int, day: int, time: int) -> bool:
    """Whether enough people, a room and what else it needs are free."""
    form = small.forms[small.sessions[number]]
    return (
        _is_open(small, number, day, time)
        and sum(_can(small, number, each, day, time) for each in small.people) >= form.least
        and any(_fits(small, number, room, day, time, form.feature) for room in small.rooms)
        and (not form.steam or any(_fits(small, number, each, day, time, "steam") for each in small.chambers))
    )


def rest_days(small: SmallClinic, starts: Sequence[At]) -> int | None:
    """How many days of rest it has beyond the plan; None where it goes beyond what may slip."""
    if starts and not 0 <= starts[0][0] <= small.slip:
        return None
    slips = [(starts[n][0] - starts[n - 1][0]) - (small.days[n] - small.days[n - 1]) for n in range(1, len(starts))]
    return sum(slips) if all(0 <= slip <= small.slip for slip in slips) and sum(slips) <= MOST_REST_DAYS else None


def keeps_rules(small: SmallClinic, starts: Sequence[At]) -> bool:
    if small.cap:
        form, most, days = small.cap
        times = sorted(day * 48 + time for n, (day, time) in enumerate(starts) if small.sessions[n] == form)
        if any(times[n + most] - times[n] < days * 48 for n in range(len(times) - most)):
            return False
    if small.gap:
        one, other, days = small.gap
        ones = [(n, day) for n, (day, _time) in enumerate(starts) if small.sessions[n] == one]
        others = [(n, day) for n, (day, _time) in enumerate(starts) if small.sessions[n] == other]
        return not any(n != m and 0 <= then - day < days for n, day in ones for m, then in others)
    return True


def least_rest_days(small: SmallClinic) -> int | None:
    """By trying everything: the fewest rest days that a timetable can have; None where there is none."""
    hours = {
        (n, day): [time for time in range(OPENS, CLOSES) if can_start(small, n, day, time)]
        for n in range(len(small.sessions))
        for day in range(small.days[-1] + small.slip * len(small.sessions) + 1)
    }

    def whole(starts: list[At]) -> Iterator[int]:
        number = len(starts)
        rest = rest_days(small, starts)
        if rest is None or not keeps_rules(small, starts):
            return
        if number == len(small.sessions):
            yield rest
            return
        begin = starts[-1][0] + small.days[number] - small.days[number - 1] if starts else 0
        for day in range(begin, begin + small.slip + 1):
            times = hours[number, day]
            for time in times if small.cap else times[:1]:  # without a rule of hours one start is as good as another
                yield from whole([*starts, (day, time)])

    return min(whole([]), default=None)
