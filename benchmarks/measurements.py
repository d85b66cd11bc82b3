"""The measurements, in a process of their own on a copy of a world: CPU of this Python process, medians."""

import datetime as dt
import statistics
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import django
from django.db import connection

django.setup()

from bookings.actions import confirmation, holds  # noqa: E402  Django's models need the set-up before
from bookings.errors import Busy, JustTaken  # noqa: E402
from bookings.models import Visit  # noqa: E402
from bookings.slots.search import starts  # noqa: E402
from bookings.slots.search_space import SlotRequest  # noqa: E402
from clinic.people.models import Patient, User  # noqa: E402
from clinic.premises.models import Clinic  # noqa: E402
from therapies.models import Variant  # noqa: E402

ROUNDS = 15
# The rows of the search's own query, with nothing made of them.
BARE = """
SELECT o.resource_id, o.patient_id, date_part('epoch', lower(o.during))::bigint / 300,
       date_part('epoch', upper(o.during))::bigint / 300, o.hands_on
FROM bookings_occupancy o
WHERE o.resource_id = ANY(%s::bigint[]) AND lower(o.during) >= %s AND lower(o.during) < %s
"""


@dataclass(frozen=True)
class Figure:
    cpu_ms: float
    wall_ms: float

    def __str__(self) -> str:
        return f"{self.wall_ms:.1f} ms wall, {self.cpu_ms:.1f} ms CPU"


def timed(act: Callable[[], object], rounds: int = ROUNDS) -> Figure:
    """The median of several runs after a warm-up."""
    act()
    cpu, wall = [], []
    for _ in range(rounds):
        begun, used = time.perf_counter(), time.process_time()
        act()
        cpu.append((time.process_time() - used) * 1000)
        wall.append((time.perf_counter() - begun) * 1000)
    return Figure(statistics.median(cpu), statistics.median(wall))


def row(what: str, figure: object) -> None:
    sys.stdout.write(f"| {what} | {figure} |\n")
    sys.stdout.flush()


def row_as_it_is(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def the_clinic() -> Clinic:
    return Clinic.objects.order_by("pk").get(slug="bench-0")


def the_slot_request(practitioner: int | None = None) -> SlotRequest:
    variant = (
        Variant.objects.select_related("therapy")
        .prefetch_related("steps__crews")
        .get(therapy__code="bench_consultation")
    )
    return SlotRequest(the_clinic(), (variant,), practitioner_id=practitioner)


def people() -> list[int]:
    ids = the_clinic().working_hours.order_by("practitioner").values_list("practitioner", flat=True)
    return list(ids.distinct())


def resources() -> list[int]:
    return [*people(), *the_clinic().rooms.values_list("pk", flat=True)]


def bare_read(ids: list[int], days: int, now: dt.datetime) -> int:
    """The rows a search needs, by psycopg alone."""
    begin = now.replace(hour=0, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(BARE, [ids, begin, begin + dt.timedelta(days=days)])
        return len(cursor.fetchall())


def search(slot_request: SlotRequest, days: int, now: dt.datetime) -> int:
    first = slot_request.clinic.today(now)
    last = first + dt.timedelta(days=days - 1)
    return sum(len(day.starts) for day in starts(slot_request, first=first, last=last, now=now))


def searches(now: dt.datetime, size: int, cases: list[tuple[str, int | None, int]]) -> None:
    """Each search beside a bare read of the same rows, in the same run."""
    for name, who, days in cases:
        slot_request = the_slot_request(who)
        ids = resources()
        rows = bare_read(ids, days, now)
        bare = timed(lambda ids=ids, days=days: bare_read(ids, days, now))
        ours = timed(lambda slot_request=slot_request, days=days: search(slot_request, days, now))
        bound = max(2 * bare.wall_ms, bare.wall_ms + 8)
        verdict = "within" if ours.wall_ms <= bound else "OVER"
        row(
            f"search {name}, {size:,} bookings ({rows:,} rows)",
            f"{ours}; bare read {bare}; ratio {ours.wall_ms / bare.wall_ms:.2f}; bound {bound:.1f} ms: {verdict}",
        )


def free_starts(now: dt.datetime, count: int) -> list[dt.datetime]:
    """Starts that are free for somebody, spread over the days."""
    slot_request = the_slot_request()
    first = slot_request.clinic.today(now)
    days = starts(slot_request, first=first, last=first + dt.timedelta(days=29), now=now)
    every = [start for day in days for start in day.starts]
    step = max(len(every) // count, 1)
    return every[::step][:count]


def new_patients(count: int, now: dt.datetime) -> list[Patient]:
    """Patients without any appointment; the address is theirs, so that a booking plans all its letters."""
    birth, email = dt.date(1980, 1, 1), "new@example.org"
    return Patient.objects.bulk_create(
        Patient(
            given_name="New",
            birth_date=birth,
            email=email,
            proved_email=email,
            email_proved_at=now,
            registered_at=now,
        )
        for _ in range(count)
    )


def book_once(start: dt.datetime, patient: Patient, user: User, now: dt.datetime) -> Visit:
    """As the portal does it: hold, then book."""
    holder = uuid.uuid4().hex
    held = holds.hold(slot_request=the_slot_request(), start=start, holder=holder, by=None, now=now, key=uuid.uuid4())
    return confirmation.book(visit=held, patient=patient, holder=holder, by=user, now=now, key=uuid.uuid4())


def new_accounts(count: int) -> list[User]:
    """Accounts with nothing booked: each books once, below what a clinic allows a new account."""
    return User.objects.bulk_create(User(email=f"{uuid.uuid4().hex}@example.org") for _ in range(count))


def booking_cpu(now: dt.datetime) -> None:
    """CPU of the Python process for one booking, hold and book apart."""
    slot_request = the_slot_request()
    patients, accounts = iter(new_patients(60, now)), iter(new_accounts(60))
    held_cpu, book_cpu, wall = [], [], []
    for start in free_starts(now, 60):
        patient, user, holder = next(patients), next(accounts), uuid.uuid4().hex
        begun, used = time.perf_counter(), time.process_time()
        try:
            held = holds.hold(slot_request=slot_request, start=start, holder=holder, by=user, now=now, key=uuid.uuid4())
            between = time.process_time()
            confirmation.book(visit=held, patient=patient, holder=holder, by=user, now=now, key=uuid.uuid4())
        except JustTaken:
            continue
        done = time.process_time()
        held_cpu.append((between - used) * 1000)
        book_cpu.append((done - between) * 1000)
        wall.append((time.perf_counter() - begun) * 1000)
    held, booked = statistics.median(held_cpu), statistics.median(book_cpu)
    row("one booking: verb book (policies, history, letters)", f"{booked:.1f} ms CPU (bound 12 ms)")
    row("one booking: verb hold before it", f"{held:.1f} ms CPU")
    row("one booking: hold and book", f"{held + booked:.1f} ms CPU, {statistics.median(wall):.1f} ms wall")


def rates(now: dt.datetime, clients: int) -> None:
    """Bookings per second of so many clients, each at its own free time."""
    work = list(zip(free_starts(now, 96), new_patients(96, now), new_accounts(96), strict=False))
    done: Counter[str] = Counter()

    def one(job: tuple[dt.datetime, Patient, User]) -> None:
        start, patient, user = job
        done[outcome(lambda: book_once(start, patient, user, now))] += 1

    begun = time.perf_counter()
    with ThreadPoolExecutor(clients, initializer=fresh_connection) as pool:
        list(pool.map(one, work))
    seconds = time.perf_counter() - begun
    row(f"bookings by {clients} client(s)", f"{done['won'] / seconds:.0f} per second ({dict(done)})")


def race(now: dt.datetime, clients: int = 50, slots: int = 20) -> None:
    """So many clients for one and the same start, again and again; as many win as people and rooms are free."""
    vaidya = people()[0]
    slot_request = the_slot_request(vaidya)
    first = slot_request.clinic.today(now)
    days = starts(slot_request, first=first, last=first + dt.timedelta(days=29), now=now)
    aims = [day.starts[0] for day in days if day.starts][:slots]
    won: list[int] = []
    outcomes: Counter[str] = Counter()
    begun = time.perf_counter()
    with ThreadPoolExecutor(clients, initializer=fresh_connection) as pool:
        for start in aims:
            barrier = threading.Barrier(clients)

            def one(_number: int, start: dt.datetime = start, barrier: threading.Barrier = barrier) -> str:
                barrier.wait(timeout=30)
                key = uuid.uuid4()
                return outcome(
                    lambda: holds.hold(
                        slot_request=slot_request, start=start, holder=key.hex, by=None, now=now, key=key
                    )
                )

            results = Counter(pool.map(one, range(clients)))
            outcomes += results
            won.append(results["won"])
    seconds = time.perf_counter() - begun
    row(
        f"{clients} clients racing for each of {len(aims)} slots",
        f"{sum(won)} winners ({min(won)} to {max(won)} a slot), {dict(outcomes)}, {seconds:.1f} s",
    )


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except JustTaken:
        return "just taken"
    except Busy:
        return "busy"
    return "won"


def fresh_connection() -> None:
    connection.ensure_connection()


def cases() -> Iterator[tuple[str, int | None, int]]:
    yield "1 practitioner × 1 day", people()[0], 1
    yield "20 × 7", None, 7
    yield "20 × 30", None, 30


def main() -> None:
    what, size = sys.argv[1], int(sys.argv[2])
    now = dt.datetime.now(dt.UTC)
    if what == "growth":
        searches(now, size, [("20 × 30", None, 30)])
    elif what == "all":
        searches(now, size, list(cases()))
        booking_cpu(now)
        for clients in (1, 8, 32):
            rates(now, clients)
        race(now)
    elif what == "pages":
        from benchmarks import pages  # it measures the same world in its own way

        pages.measure(now, f"{size:,} bookings", row_as_it_is)
    elif what == "scale":
        from benchmarks import scale  # as above

        scale.measure(now)
    else:
        from benchmarks.over_http import measure  # only this part needs a web server

        measure(now)


if __name__ == "__main__":
    main()
