"""Hands one mail to the mail server, within a deadline of the wall's clock, and says how it went.

A socket's own time-out is not enough: a server that sends a byte every nine seconds never meets it.
"""

import smtplib
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.core.mail.message import sanitize_address

FRESH_SECONDS = 2.0  # a connection that spoke a moment ago is not asked whether it lives


class DeliveryFailed(Exception):
    """The mail was not taken. `str()` says why, in words that staff may read."""


class PermanentFailure(DeliveryFailed):
    """For good: trying again would not help."""


class TemporaryFailure(DeliveryFailed):
    """For now: the same mail may be taken later."""


class ServerUnreachable(DeliveryFailed):
    """The mail server cannot be reached at all: nothing about this mail is wrong."""


class NoLongerWanted(Exception):
    """The visit changed while the dialogue had begun; nothing was handed over."""


class Carrier:
    """One connection, kept for several mails; use it as a context."""

    def __init__(self, *, deadline_seconds: float) -> None:
        self.deadline = deadline_seconds
        self.backend = get_connection(fail_silently=False)
        self.spoke_at = 0.0
        self.watch = Watch(deadline_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """No more mails: let go of the connection and of the watch."""
        self.drop()
        self.watch.stop()

    def reach(self) -> None:
        """Connect, or make sure that the kept connection still lives. Raises ServerUnreachable."""
        if not isinstance(self.backend, SmtpBackend) or self._still_there():
            return
        self.drop()
        backend = get_connection(fail_silently=False)
        within(self.deadline, backend.open)
        self.backend = backend

    def hand(self, mail: EmailMessage, *, still_wanted: Callable[[], bool]) -> None:
        """Hand the mail over. `still_wanted` is asked as late as can be: with SMTP, between envelope and text."""
        if isinstance(self.backend, SmtpBackend):
            self._speak_smtp(mail, still_wanted)
        elif still_wanted():
            self._send(mail)
        else:
            raise NoLongerWanted

    def drop(self) -> None:
        """Let go of the connection without a word: the other side may not answer one."""
        smtp = getattr(self.backend, "connection", None)
        if isinstance(smtp, smtplib.SMTP):
            self.backend.connection = None  # type: ignore[attr-defined]
            smtp.close()

    def _still_there(self) -> bool:
        smtp = getattr(self.backend, "connection", None)
        if not isinstance(smtp, smtplib.SMTP):
            return False
        if time.monotonic() - self.spoke_at < FRESH_SECONDS:
            return True
        try:
            with self.watch.on(smtp):
                return smtp.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _send(self, mail: EmailMessage) -> None:
        """Providers that are not SMTP: their libraries say what is wrong in their own ways."""
        try:
            within(self.deadline, lambda: self.backend.send_messages([mail]))
        except ServerUnreachable:
            raise
        except Exception as fault:
            status = getattr(fault, "status_code", None)
            kind = PermanentFailure if status in (400, 422) else TemporaryFailure
            raise kind(f"{type(fault).__name__} {status or ''}".strip()) from fault

    def _speak_smtp(self, mail: EmailMessage, still_wanted: Callable[[], bool]) -> None:
        smtp = self.backend.connection  # type: ignore[attr-defined]
        try:
            with self.watch.on(smtp) as deadline:
                dialogue(smtp, mail, still_wanted)
            self.spoke_at = time.monotonic()
        except NoLongerWanted:
            self._start_anew(smtp)
            raise
        except smtplib.SMTPResponseException as fault:
            self._start_anew(smtp)
            raise _verdict(fault.smtp_code, fault.smtp_error) from fault
        except (smtplib.SMTPException, OSError) as fault:
            self.drop()
            why = f"no answer within {self.deadline:g} s" if deadline.passed else type(fault).__name__
            raise TemporaryFailure(why) from fault

    def _start_anew(self, smtp: smtplib.SMTP) -> None:
        """Forget the half-told mail, so that the connection can be used for the next one."""
        try:
            with self.watch.on(smtp):
                smtp.rset()
        except (smtplib.SMTPException, OSError):
            self.drop()


def dialogue(smtp: smtplib.SMTP, mail: EmailMessage, still_wanted: Callable[[], bool]) -> None:
    """MAIL, RCPT, the last look at the visit, DATA. Raises SMTPResponseException for any answer that is not yes."""
    encoding = mail.encoding or "utf-8"
    try:
        sender = sanitize_address(mail.from_email, encoding)
        recipient = sanitize_address(mail.to[0], encoding)
        content = mail.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
    except ValueError as fault:  # also Django's BadHeaderError
        raise smtplib.SMTPResponseException(553, f"not a mail address or header: {fault}") from fault
    smtp.ehlo_or_helo_if_needed()
    _yes(smtp.mail(_bare(sender)))
    _yes(smtp.rcpt(_bare(recipient)))
    if not still_wanted():
        raise NoLongerWanted
    _yes(smtp.data(content))


def _bare(address: str) -> str:
    return address.rsplit("<", 1)[-1].rstrip(">")


def _yes(answer: tuple[int, bytes]) -> None:
    if answer[0] // 100 != 2:
        raise smtplib.SMTPResponseException(*answer)


def _verdict(code: int, said: bytes | str) -> DeliveryFailed:
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    text = f"{code} {' '.join(words.split())}"[:200]
    return PermanentFailure(text) if 500 <= code < 600 else TemporaryFailure(text)


class Watch:
    """One thread that closes a connection under a dialogue that takes too long, for all dialogues of a carrier.

    It looks ten times within a deadline, at least four times a second: a dialogue costs no thread of its own.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.deadline: Deadline | None = None
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)

    def on(self, smtp: smtplib.SMTP) -> "Deadline":
        """For a `with` block that holds one dialogue."""
        if self.thread.ident is None:
            self.thread.start()
        return Deadline(self, smtp)

    def stop(self) -> None:
        self.over.set()

    def _look(self) -> None:
        while not self.over.wait(min(self.seconds / 10, 0.25)):
            deadline = self.deadline
            if deadline is not None and time.monotonic() > deadline.at:
                deadline.cut()


class Deadline:
    """`passed` says whether the connection had to be closed."""

    def __init__(self, watch: Watch, smtp: smtplib.SMTP) -> None:
        self.passed = False
        self.watch = watch
        self.smtp = smtp
        self.at = time.monotonic() + watch.seconds

    def __enter__(self) -> Self:
        self.watch.deadline = self
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.watch.deadline = None

    def cut(self) -> None:
        self.passed = True
        if self.smtp.sock is not None:
            with suppress(OSError):  # it is gone already, which is what we want
                self.smtp.sock.shutdown(2)


def within(seconds: float, act: Callable[[], object]) -> None:
    """Run `act` beside us and stop waiting after `seconds`; for what cannot be cut off, such as looking up a name."""
    fault: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except Exception as found:  # noqa: BLE001 - handed to the thread that waits
            fault.append(found)

    beside = threading.Thread(target=run, daemon=True)
    beside.start()
    beside.join(seconds)
    if beside.is_alive():
        raise ServerUnreachable(f"the mail server does not answer within {seconds:g} s")
    if fault:
        if isinstance(fault[0], (OSError, smtplib.SMTPException)):
            raise ServerUnreachable(f"the mail server cannot be reached: {type(fault[0]).__name__}") from fault[0]
        raise fault[0]
