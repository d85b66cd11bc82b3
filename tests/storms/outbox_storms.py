"""The storms themselves, at any size; each returns what the checker found in the sink and in the database."""

import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connection

from bookings.models import Channel, Message, MessageKind, State, Visit
from clinic.premises.models import Clinic
from tests.messages.sink import Sink, Taken
from tests.storms.outbox_house import House, call_off, fill, until
from therapies.models import Variant

DISTANT_SECONDS = 0.3


@dataclass(frozen=True)
class Loss:
    """`lost` addresses were neither written to nor put on the list; `repeated` counts mails beyond the first."""

    lost: list[str]
    unlisted: list[str]
    repeated: int
    message_ids_per_letter: int
    kills: int
    seconds: float


def addresses(count: int) -> list[str]:
    """Of each hundred: four refused, four that say later, four that hang, and the rest are fine."""
    kinds = ["refused", "later", "hanging"]
    return [f"{kinds[n % 100 // 4]}+{n}@example.org" if n % 100 < 12 else f"fine+{n}@example.org" for n in range(count)]


def kill_senders(
    house: House,
    sink: Sink,
    clinic: Clinic,
    variant: Variant,
    command: list[str],
    *,
    letters: int,
    kills: int,
    senders: int,
    meanwhile: Callable[[int], None] = lambda _kill: None,
) -> Loss:
    """Kill a sender after every few mails, until the kills are used up; then let the rest go out.

    `meanwhile` is called with the number of each kill, for the faults of others. While it lasts the mail server is as
    slow as a distant one, so that the faults of others last for seconds and the letters outlast the kills.
    """
    sink.seconds = DISTANT_SECONDS
    begun, to = time.monotonic(), addresses(letters)
    fill(clinic, variant, to, now=dt.datetime.now(dt.UTC))
    for _number in range(senders):
        house.start(command)
    for kill in range(kills):
        meanwhile(kill)
        seen = len(sink.taken)
        until(lambda seen=seen: len(sink.taken) >= seen + random.randint(1, 4), seconds=3)
        house.kill_one(command)
    sink.seconds = 0.0
    house.until_sent(seconds=120)
    return loss(sink, to, kills=house.kills, seconds=time.monotonic() - begun)


def loss(sink: Sink, to: list[str], *, kills: int, seconds: float) -> Loss:
    """Reads the sink and the database; nothing is asked of the program."""
    reminders = [taken for taken in sink.taken if b"reminder" in taken.content]
    got = Counter(taken.to for taken in reminders)
    listed = set(Message.objects.filter(state=State.FAILED, channel=Channel.EMAIL).values_list("recipient", flat=True))
    ids: dict[str, set[str]] = {}
    for taken in reminders:
        ids.setdefault(taken.to, set()).add(taken.mail["Message-ID"])
    return Loss(
        lost=[address for address in to if not address.startswith("refused") and not got[address]],
        unlisted=[address for address in to if address.startswith("refused") and address not in listed],
        repeated=sum(count - 1 for count in got.values()),
        message_ids_per_letter=max((len(found) for found in ids.values()), default=0),
        kills=kills,
        seconds=seconds,
    )


def send_beside_each_other(
    house: House, sink: Sink, clinic: Clinic, variant: Variant, commands: list[list[str]], *, letters: int
) -> Loss:
    """Several senders, no faults."""
    begun, to = time.monotonic(), [f"fine+{n}@example.org" for n in range(letters)]
    fill(clinic, variant, to, now=dt.datetime.now(dt.UTC))
    for command in commands:
        house.start(command)
    house.until_sent(seconds=120)
    time.sleep(1)  # whoever still holds a row may hand it over now
    return loss(sink, to, kills=0, seconds=time.monotonic() - begun)


@dataclass(frozen=True)
class Ghosts:
    """`late` letters began after the commit that made them wrong; `untold` patients never heard of the change."""

    late: int
    untold: int
    called_off: int
    reminded_before: int


def call_off_while_sending(
    house: House, sink: Sink, clinic: Clinic, variant: Variant, commands: list[list[str]], *, letters: int
) -> Ghosts:
    """Cancel and move visits while their reminders go out."""
    visits = fill(clinic, variant, [f"fine+{n}@example.org" for n in range(letters)], now=dt.datetime.now(dt.UTC))
    for command in commands:
        house.start(command)
    until(lambda: len(sink.taken) > 3, seconds=30)
    chosen = random.sample(visits, letters * 2 // 3)
    with ThreadPoolExecutor(4) as pool:
        committed = dict(pool.map(_call_off_one, enumerate(chosen)))
    house.until_sent(seconds=120)
    return ghosts(sink, chosen, committed)


def _call_off_one(numbered: tuple[int, Visit]) -> tuple[int, float]:
    number, visit = numbered
    try:
        return visit.pk, call_off(visit, move=number % 3 == 0, now=dt.datetime.now(dt.UTC))
    finally:
        connection.close()


def ghosts(sink: Sink, visits: list[Visit], committed: dict[int, float]) -> Ghosts:
    """Compares the sink's clock with that of whoever called off; both are this machine's."""
    old: dict[str, list[Taken]] = {}
    told = {taken.to for taken in sink.taken if _is_change(taken)}
    for taken in sink.taken:
        if not _is_change(taken) and _is_old_time(taken):
            old.setdefault(taken.to, []).append(taken)
    late = untold = reminded = 0
    for visit in visits:
        address = visit.patient.email if visit.patient else ""
        before = old.get(address, [])
        reminded += bool(before)
        late += sum(taken.begun > committed[visit.pk] for taken in before)
        untold += bool(before) and address not in told
    return Ghosts(late=late, untold=untold, called_off=len(visits), reminded_before=reminded)


def _is_change(taken: Taken) -> bool:
    return any(word in str(taken.mail["Subject"]) for word in ("cancelled", "moved"))


def _is_old_time(taken: Taken) -> bool:
    """A reminder: the one for the new time of a moved visit is not due before tomorrow."""
    return "reminder" in str(taken.mail["Subject"])


def figures(kind: MessageKind = MessageKind.REMINDER) -> dict[str, int]:
    """How the rows to be mailed ended."""
    return dict(Counter(Message.objects.filter(kind=kind, channel=Channel.EMAIL).values_list("state", flat=True)))
