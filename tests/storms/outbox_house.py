"""What storms of letters need: many due rows, real senders in processes of their own, and how to kill them."""

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection, transaction

from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Booking, Channel, Message, MessageKind, State, Visit
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from tests.messages.sink import Sink
from tests.storms.nursery import Forked, Nursery
from therapies.models import Variant

PROJECT = Path(settings.BASE_DIR)
LOOP = ["loop"]
SLEEPING = ["sleeping"]
RECKLESS = ["reckless"]
CELERY = [sys.executable, "-m", "celery", "-A", "clinic"]
Sender = subprocess.Popen[bytes] | Forked
WORKER = [*CELERY, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]


def our_database() -> str:
    """The address of the test database for other processes."""
    there = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(there._replace(path=f"/{connection.settings_dict['NAME']}"))


@dataclass
class House:
    """Senders that run, and the environment they run in."""

    env: dict[str, str]
    log: Path
    nursery: Nursery
    senders: list[Sender] = field(default_factory=list)
    kills: int = 0

    def start(self, command: list[str]) -> Sender:
        """A sender of the nursery, or a program in a session of its own."""
        forked = command in (LOOP, SLEEPING, RECKLESS)
        process = self.nursery.fork(command, self.env) if forked else self._open(command)
        self.senders.append(process)
        return process

    def _open(self, command: list[str]) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as output:
            return subprocess.Popen(
                command, cwd=PROJECT, env=self.env, stdout=output, stderr=output, start_new_session=True
            )

    def kill_one(self, command: list[str]) -> None:
        """`kill -9` of one sender of this kind, and another in its place."""
        running = [one for one in self.senders if one.args == command and one.poll() is None]
        assert running, f"every sender ended by itself: {self.log.read_text()[-2000:]}"
        victim = random.choice(running)
        victim.kill()
        victim.wait()
        self.senders.remove(victim)
        self.kills += 1
        self.start(command)

    def retire(self, process: Sender) -> None:
        """End one for good, whole group and all."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.senders.remove(process)

    def until_sent(self, *, seconds: float, every: float = 0.05) -> bool:
        """Wait until nothing is due; a sender that ended by itself is a fault of its own."""
        return until(lambda: left() == 0 or self._check_alive(), seconds=seconds, every=every)

    def _check_alive(self) -> bool:
        ended = [one.args for one in self.senders if one.poll() is not None]
        assert not ended, f"{ended} ended by itself: {self.log.read_text()[-2000:]}"
        return False

    def cpu_seconds(self) -> float:
        """What the running senders have used of the processors; 0 where the system does not tell."""
        ticks = 0
        for process in self.senders:
            stat = Path(f"/proc/{process.pid}/stat")
            if stat.exists():
                ticks += sum(int(field) for field in stat.read_text().rsplit(")", 1)[1].split()[11:13])
        return ticks / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        for process in self.senders:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.senders.clear()


@contextmanager
def opened_nursery(log: Path, env: dict[str, str]) -> Iterator[Nursery]:
    """A nursery for one house or for several, one after the other; what its senders say is in `log`."""
    with log.open("ab") as output:
        nursery = Nursery(env, PROJECT, output)
        try:
            yield nursery
        finally:
            nursery.close()


@contextmanager
def house(sink: Sink, log: Path, *, redis_url: str = "", nursery: Nursery | None = None, **env: str) -> Iterator[House]:
    """Short leases and pauses, no grace; every sender that was started is gone afterwards."""
    said = {
        "MODE": "local",
        "DATABASE_URL": our_database(),
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "REDIS_URL": redis_url or os.environ["REDIS_URL"],
        "LETTERS_LEASE_SECONDS": "3",
        "LETTERS_DEADLINE_SECONDS": "1",
        "LETTERS_PAUSE_SECONDS": "0.5",
        "LETTERS_TICK_SECONDS": "1",
        "LETTERS_GRACE_SECONDS": "0.001",
        "LETTERS_PER_MINUTE_AND_DOMAIN": "0",
    }
    with ExitStack() as stack:
        around = dict(os.environ) | said | env
        open_house = House(around, log, nursery or stack.enter_context(opened_nursery(log, around)))
        stack.callback(open_house.stop)
        yield open_house


def fill(clinic: Clinic, variant: Variant, addresses: list[str], *, now: dt.datetime) -> list[Visit]:
    """For each address its patient, who has shown that it is theirs, a visit in two days, and a reminder due now."""
    start = (now + dt.timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    people = Patient.objects.bulk_create(
        Patient(
            given_name="Asha",
            birth_date=dt.date(1990, 1, 1),
            email=address,
            proved_email=address,
            email_proved_at=now,
            registered_at=now,
        )
        for address in addresses
    )
    visits = Visit.objects.bulk_create(
        Visit(
            patient=person,
            clinic=clinic,
            timezone=clinic.timezone,
            arrives_at=start,
            ics_uid=f"{uuid.uuid4()}@x",
            made_at=now,
        )
        for person in people
    )
    Booking.objects.bulk_create(
        Booking(
            visit=visit, variant=variant, starts_at=start, ends_at=start + dt.timedelta(minutes=45), status="booked"
        )
        for visit in visits
    )
    Message.objects.bulk_create(reminder(visit, now) for visit in visits)
    return visits


def reminder(visit: Visit, now: dt.datetime) -> Message:
    return Message(
        key=f"visit:{visit.public_id}:0:reminder:1440:email",
        kind=MessageKind.REMINDER,
        clinic_id=visit.clinic_id,
        visit=visit,
        sequence=0,
        recipient=visit.patient.email if visit.patient else "",
        due_at=now,
        made_at=now,
    )


def left() -> int:
    """How many mails are due and still to be sent."""
    due = Message.objects.filter(state=State.DUE, channel=Channel.EMAIL)
    return due.filter(due_at__lte=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).count()


def until(condition: object, *, seconds: float, every: float = 0.05) -> bool:
    """Ask until it is so, or the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def call_off(visit: Visit, *, move: bool, now: dt.datetime) -> float:
    """Cancel or move a visit in one transaction; returns the moment just after its commit."""
    with transaction.atomic():
        visit.sequence += 1
        visit.save(update_fields=["sequence"])
        if move:
            later = dt.timedelta(days=1)
            booking = visit.bookings.get()
            visit.bookings.update(starts_at=booking.starts_at + later, ends_at=booking.ends_at + later)
        else:
            visit.bookings.update(status="cancelled", ended_by="patient")
        event = VisitEvent.MOVED if move else VisitEvent.CANCELLED_BY_PATIENT
        plan_messages(visit=visit, event=event, by=None, now=now)
    return time.time()
