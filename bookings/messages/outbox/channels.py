"""Ways by which a letter leaves by itself: a table from channel to what hands it over.

Mail is the only one today. A provider of text messages becomes the second by a channel of its own in `models.Channel`
(and in the condition of the index that the lease walks), a class like `ByMail`, and a row in `WAYS`; `plan.TABLE` says
which letters go by it. docs/letters.md tells the steps.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from bookings.messages.content.composition import compose
from bookings.messages.schedule.batch import Batch
from bookings.models import Channel, Message
from clinic.people.models import Patient

from .smtp import Carrier, ServerUnreachable


class Hand(Protocol):
    """Hands letters of one channel over, keeping its connection for several."""

    def reach(self) -> None:
        """Connect, or make sure that the connection lives. Raises ServerUnreachable."""

    def hand(self, message: Message, batch: Batch, *, now: dt.datetime, still_wanted: Callable[[], bool]) -> str:
        """Make the letter and hand it over; returns the id under which the other side knows it.

        Asks `still_wanted` as late as can be, and within the deadline says how it went: NoLongerWanted, Refused (for
        good), Later, PostOfficeShut or CannotCompose.
        """

    def drop(self) -> None:
        """Let go of the connection."""


class ByMail:
    def __init__(self, deadline_seconds: float) -> None:
        self.carrier = Carrier(deadline_seconds=deadline_seconds)

    def reach(self) -> None:
        self.carrier.reach()

    def hand(self, message: Message, batch: Batch, *, now: dt.datetime, still_wanted: Callable[[], bool]) -> str:
        mail = compose(message, now=now, others=batch.others(message), sender=batch.sender(message))
        self.carrier.hand(mail, still_wanted=still_wanted)
        return str(mail.extra_headers["Message-ID"])

    def drop(self) -> None:
        self.carrier.close()


@dataclass(frozen=True)
class Way:
    """`opens` takes the seconds that one letter may take; `address` is where the patient is reached, or ""."""

    opens: Callable[[float], Hand]
    address: Callable[[Patient], str]


WAYS: dict[str, Way] = {Channel.EMAIL: Way(ByMail, lambda patient: patient.email)}


class Hands:
    """The hands of one run, opened when the first letter of their channel comes; use it as a context.

    `shut` are the channels whose other side cannot be reached: their letters wait for the next run.
    """

    def __init__(self, *, deadline_seconds: float) -> None:
        self.deadline = deadline_seconds
        self.opened: dict[str, Hand] = {}
        self.shut: dict[str, ServerUnreachable] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for hand in self.opened.values():
            hand.drop()

    def open_ways(self) -> list[str]:
        """Channels whose letters are worth leasing in this run."""
        return [channel for channel in WAYS if channel not in self.shut]

    def reach(self, channel: str) -> Hand | None:
        """The hand of that channel, reached; None when its other side is away."""
        if channel in self.shut:
            return None
        hand = self.opened.setdefault(channel, WAYS[channel].opens(self.deadline))
        try:
            hand.reach()
        except ServerUnreachable as fault:
            self.shut[channel] = fault
            return None
        return hand
