"""Send one mail with Django's mail backend within a hard deadline, and report the outcome.

The time-out of a socket limits each operation only; a server that sends a byte every nine seconds stays within it.
"""

import smtplib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from contextlib import contextmanager, suppress
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

FRESH_SECONDS = 2.0  # a connection that was silent for longer is opened again: the server may have closed it


class DeliveryFailed(Exception):
    """The mail was not accepted. `str()` gives the reason, in words that staff may read."""


class PermanentFailure(DeliveryFailed):
    """The server refused the mail for good: trying again would not help."""


class TemporaryFailure(DeliveryFailed):
    """The server refused the mail for now, or the outcome is unknown: the mail may be sent again."""


class ServerUnreachable(DeliveryFailed):
    """The mail server cannot be reached: nothing is wrong with this mail."""


class NoLongerValid(Exception):
    """The visit changed after the dialogue had started; the text was not sent."""


class Connection(smtplib.SMTP):
    """An SMTP connection that asks `still_valid` directly before the text, and that a timer can cut off.

    `timeout` limits each operation, and greeting, encryption and login together.
    """

    still_valid: Callable[[], bool]
    was_cut_off = False

    def __init__(self, host: str, port: int, *, timeout: float, **options: Any) -> None:
        self.opening = start_timer(timeout, self.cut_off)
        super().__init__(host, port, timeout=timeout, **options)

    def data(self, msg: Any) -> tuple[int, bytes]:
        if not self.still_valid():
            raise NoLongerValid
        code, answer = super().data(msg)
        return (250 if code // 100 == 2 else code), answer  # any 2yz is a yes (RFC 5321, 4.2.1): never send it twice

    def cut_off(self) -> None:
        self.was_cut_off = True
        if self.sock is not None:
            with suppress(OSError):  # closed already
                self.sock.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """Cut the connection off when the block takes longer."""
        timer = start_timer(seconds, self.cut_off)
        try:
            yield
        finally:
            timer.cancel()


class TlsConnection(Connection, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class SmtpBackend(EmailBackend):
    """Django's SMTP backend over our connection."""

    connection: Connection | None

    @property
    def connection_class(self) -> type[Connection]:
        return TlsConnection if self.use_ssl else Connection

    def open(self) -> bool | None:
        is_new = super().open()
        if self.connection is not None:
            self.connection.opening.cancel()
        return is_new


class Mailer:
    """Sends mails one by one and keeps the connection for the next; close it afterwards."""

    def __init__(self, *, deadline_seconds: float) -> None:
        self.deadline = deadline_seconds
        self.backend = get_connection(fail_silently=False)
        self.fresh_until = 0.0

    def connect(self) -> None:
        """Open a connection, unless the last mail went well a moment ago. Raises ServerUnreachable."""
        if not isinstance(self.backend, EmailBackend) or time.monotonic() < self.fresh_until:
            return
        self.close()
        backend = SmtpBackend(timeout=2 * self.deadline)  # later than our deadlines, whose reasons are clearer
        try:
            within(self.deadline, backend.open)
        except OSError as fault:  # smtplib's errors are OSErrors too
            reason = fault if isinstance(fault, TimeoutError) else type(fault).__name__
            raise ServerUnreachable(f"the mail server cannot be reached: {reason}") from fault
        self.backend = backend
        self.fresh_until = time.monotonic() + FRESH_SECONDS

    def send(self, mail: EmailMessage, *, still_valid: Callable[[], bool]) -> None:
        """Send one mail. `still_valid` is asked as late as possible: with SMTP, between the envelope and the text.

        Raises NoLongerValid, PermanentFailure or TemporaryFailure.
        """
        if isinstance(self.backend, SmtpBackend):
            self._send_by_smtp(self.backend, mail, still_valid)
        elif still_valid():
            self._send_by_provider(mail)
        else:
            raise NoLongerValid

    def close(self) -> None:
        """Drop the connection without a QUIT, which the server might not answer."""
        if isinstance(self.backend, SmtpBackend) and self.backend.connection is not None:
            self.backend.connection.close()
            self.backend.connection = None

    def _send_by_smtp(self, backend: SmtpBackend, mail: EmailMessage, still_valid: Callable[[], bool]) -> None:
        """A connection on which anything went wrong is not used again: nobody knows where its dialogue stands."""
        connection = backend.connection
        assert connection is not None  # noqa: S101 - `connect` comes first
        connection.still_valid = still_valid
        self.fresh_until = 0.0
        try:
            with connection.deadline(self.deadline):
                if not backend.send_messages([mail]):
                    raise ValueError("no recipient")
        except (ValueError, OSError) as fault:
            without_answer = f"no answer within {self.deadline:g} s" if connection.was_cut_off else type(fault).__name__
            raise failure(fault, without_answer) from fault
        if not connection.was_cut_off:
            self.fresh_until = time.monotonic() + FRESH_SECONDS

    def _send_by_provider(self, mail: EmailMessage) -> None:
        """Backends other than SMTP: a provider's library says in its own way what is wrong."""
        try:
            within(self.deadline, lambda: self.backend.send_messages([mail]))
        except TimeoutError as fault:
            raise TemporaryFailure(str(fault)) from fault
        except Exception as fault:
            status = getattr(fault, "status_code", None)
            kind = PermanentFailure if status in (400, 422) else TemporaryFailure
            raise kind(f"{type(fault).__name__} {status or ''}".strip()) from fault


def failure(fault: Exception, without_answer: str) -> DeliveryFailed:
    """What an error of Django or smtplib means for the mail. Without an answer of the server the outcome is unknown."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return refusal(*next(iter(fault.recipients.values())))
    if isinstance(fault, smtplib.SMTPResponseException):
        return refusal(fault.smtp_code, fault.smtp_error)
    if isinstance(fault, OSError):
        return TemporaryFailure(without_answer)
    return refusal(553, f"not a mail address or header: {fault}")


def refusal(code: int, answer: bytes | str) -> DeliveryFailed:
    """A server's answer other than yes: 5yz is for good, everything else for now."""
    words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    text = f"{code} {' '.join(words.split())}"[:200]
    return PermanentFailure(text) if 500 <= code < 600 else TemporaryFailure(text)


def start_timer(seconds: float, act: Callable[[], object]) -> threading.Timer:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()
    return timer


def within(seconds: float, act: Callable[[], object]) -> None:
    """Run `act` in a thread and raise TimeoutError after `seconds`; for what cannot be cut off, such as DNS."""
    result: Future[object] = Future()

    def run() -> None:
        try:
            result.set_result(act())
        except Exception as fault:  # noqa: BLE001 - handed to the thread that waits
            result.set_exception(fault)

    threading.Thread(target=run, daemon=True).start()
    if not wait_for([result], timeout=seconds).done:
        raise TimeoutError(f"no answer within {seconds:g} s")
    result.result()
