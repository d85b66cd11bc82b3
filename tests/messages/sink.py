"""A real mail server on loopback that does what an address says: refused@, later+3@, hanging@; yes to all others."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.eventually import PATIENCE
from tests.ports import free_port


@dataclass(frozen=True)
class Taken:
    """A mail that the server said yes to."""

    to: str
    begun: float
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.content, _class=EmailMessage, policy=policy.default)


@dataclass
class Sink:
    """What the server took, and how it answers; it thinks about each recipient for `seconds`."""

    taken: list[Taken] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    port: int = 0
    later_times: int = 1_000_000
    hanging_times: int = 1_000_000
    seconds: float = 0.0
    begun: dict[int, float] = field(default_factory=dict)
    tries: Counter[str] = field(default_factory=Counter)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.begun[id(envelope)] = time.time()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked.append(address)
        self.tries[address] += 1
        if self.seconds:
            await asyncio.sleep(self.seconds)
        how = address.split("@", maxsplit=1)[0].split("+", maxsplit=1)[0]
        if how == "hanging" and self.tries[address] <= self.hanging_times:
            await asyncio.sleep(60)
        if how == "refused":
            return "550 5.1.1 No such mailbox"
        if how == "later" and self.tries[address] <= self.later_times:
            return "451 4.7.1 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        begun = self.begun.pop(id(envelope), time.time())
        self.taken.append(Taken(envelope.rcpt_tos[0], begun, content))
        return "250 Taken"

    def to(self, address: str) -> list[Taken]:
        return [taken for taken in self.taken if taken.to == address]


@contextmanager
def running_sink(**how: Any) -> Iterator[Sink]:
    """A sink that listens on loopback until the block ends; `how` are fields of Sink."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # a line for each word of each dialogue
    sink = Sink(port=free_port(), **how)
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, ready_timeout=PATIENCE)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
