"""What each answer of a mail server means for the mail, spoken by Django's own SMTP backend to a real socket."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import ClassVar

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from pytest_django import Settings

from bookings.messages.outbox.smtp import (
    DeliveryFailed,
    Mailer,
    NoLongerValid,
)
from tests.eventually import PATIENCE, eventually

YES = {
    "": "220 hello",
    "EHLO": "250 hello",
    "MAIL": "250 yes",
    "RCPT": "250 yes",
    "DATA": "354 go on",
    ".": "250 taken",
}
DRIP = "drip"
HASTE = 1.0
"""Seconds: time enough for the words before those that do not end."""
HANG_UP = "hang up"


class ScriptedServer:
    """Answers each command as `answers` says; "" is the greeting and "." the end of the text."""

    def __init__(self) -> None:
        self.answers = dict(YES)
        self.heard: list[str] = []
        self.connections = 0
        self.open = 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listening.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):  # the test is over
            while True:
                connection, _address = self.listening.accept()
                self.connections += 1
                self.open += 1
                threading.Thread(target=self._speak, args=[connection], daemon=True).start()

    def _speak(self, connection: socket.socket) -> None:
        self._talk(connection)
        self.open -= 1

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError), connection, connection.makefile("rb") as lines:
            if not self._answer(connection, ""):
                return
            while line := lines.readline().decode().strip():
                command = line[:4].upper()
                self.heard.append(command)
                if not self._answer(connection, command):
                    return
                if command == "DATA" and self.answers["DATA"] == YES["DATA"]:
                    while lines.readline().strip() != b".":
                        pass
                    self.heard.append(".")
                    if not self._answer(connection, "."):
                        return

    def _answer(self, connection: socket.socket, command: str) -> bool:
        answer = self.answers.get(command, "250 yes")
        if answer == HANG_UP:
            return False
        while answer == DRIP:  # each line comes in time, and the answer has no end
            connection.sendall(b"250-wait\r\n")
            time.sleep(0.05)
        connection.sendall(f"{answer}\r\n".encode())
        return True


@pytest.fixture
def server(settings: Settings) -> Iterator[ScriptedServer]:
    scripted = ScriptedServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", scripted.port
    with closing(scripted.listening):
        yield scripted


@pytest.fixture
def mailer(server: ScriptedServer) -> Iterator[Mailer]:
    with closing(Mailer(deadline_seconds=PATIENCE)) as opened:
        yield opened


@pytest.fixture
def hasty(server: ScriptedServer) -> Iterator[Mailer]:
    """One that soon gives up."""
    with closing(Mailer(deadline_seconds=HASTE)) as opened:
        yield opened


def a_mail(to: str = "meera@example.org") -> EmailMessage:
    return EmailMessage("Appointment", "Thursday", "Shanti <clinic@example.org>", [to])


def outcome(mailer: Mailer, mail: EmailMessage | None = None, *, valid: bool = True) -> str:
    """How one mail ended: "sent", or the name of what was raised and its words."""
    try:
        mailer.connect()
        mailer.send(mail or a_mail(), still_valid=lambda: valid)
    except (DeliveryFailed, NoLongerValid) as fault:
        return f"{type(fault).__name__}: {fault}".rstrip(": ")
    return "sent"


@pytest.mark.parametrize(
    ("command", "answer", "expected"),
    [
        ("MAIL", "552 5.3.4 too large", "PermanentFailure: 552 5.3.4 too large"),
        ("MAIL", "451 4.3.0 not now", "TemporaryFailure: 451 4.3.0 not now"),
        ("RCPT", "550 5.1.1 no mailbox", "PermanentFailure: 550 5.1.1 no mailbox"),
        ("RCPT", "451 4.7.1 greylisted", "TemporaryFailure: 451 4.7.1 greylisted"),
        ("RCPT", "421 4.3.2 closing", "TemporaryFailure: 421 4.3.2 closing"),
        ("DATA", "554 5.5.1 no valid recipients", "PermanentFailure: 554 5.5.1 no valid recipients"),
        ("DATA", "451 4.3.0 not now", "TemporaryFailure: 451 4.3.0 not now"),
        (".", "550 5.7.1 spam", "PermanentFailure: 550 5.7.1 spam"),
        (".", "452 4.3.1 full", "TemporaryFailure: 452 4.3.1 full"),
        (".", "251 taken", "sent"),
        (".", HANG_UP, "TemporaryFailure: SMTPServerDisconnected"),
        ("RCPT", HANG_UP, "TemporaryFailure: SMTPServerDisconnected"),
        ("", HANG_UP, "ServerUnreachable: the mail server cannot be reached: SMTPServerDisconnected"),
        ("", "554 5.3.2 closed", "ServerUnreachable: the mail server cannot be reached: SMTPConnectError"),
    ],
)
def test_answer_decides_the_outcome_and_the_next_mail_goes(
    server: ScriptedServer, mailer: Mailer, command: str, answer: str, expected: str
) -> None:
    server.answers[command] = answer
    first = outcome(mailer)
    server.answers = dict(YES)

    assert (first, outcome(mailer)) == (expected, "sent")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("", "ServerUnreachable: the mail server cannot be reached: no answer within 1 s"),
        ("EHLO", "TemporaryFailure: no answer within 1 s"),
        ("RCPT", "TemporaryFailure: no answer within 1 s"),
        (".", "TemporaryFailure: no answer within 1 s"),
    ],
)
def test_server_that_drips_costs_one_deadline_and_the_next_mail_goes(
    server: ScriptedServer, hasty: Mailer, command: str, expected: str
) -> None:
    server.answers[command] = DRIP
    begun = time.monotonic()
    first = outcome(hasty)
    seconds = time.monotonic() - begun
    server.answers, hasty.deadline = dict(YES), PATIENCE

    assert (first, outcome(hasty)) == (expected, "sent")
    assert HASTE <= seconds < 10 * HASTE


def test_server_whose_greeting_has_no_end_is_cut_off(server: ScriptedServer, hasty: Mailer) -> None:
    server.answers[""] = DRIP

    assert outcome(hasty).startswith("ServerUnreachable")
    assert eventually(lambda: server.open == 0)


def test_several_mails_go_through_one_connection(server: ScriptedServer, mailer: Mailer) -> None:
    assert [outcome(mailer) for _mail in range(3)] == ["sent", "sent", "sent"]
    assert server.connections == 1


def test_connection_that_the_server_closed_meanwhile_costs_no_mail(
    server: ScriptedServer, mailer: Mailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bookings.messages.outbox.smtp.FRESH_SECONDS", 0.0)

    assert [outcome(mailer), outcome(mailer)] == ["sent", "sent"]
    assert server.connections == 2


def test_visit_that_changed_is_seen_after_the_envelope_and_before_the_text(
    server: ScriptedServer, mailer: Mailer
) -> None:
    assert outcome(mailer, valid=False) == "NoLongerValid"
    assert server.heard == ["EHLO", "MAIL", "RCPT"]


@pytest.mark.parametrize("to", ["", "two@at@signs\n"])
def test_address_that_is_none_fails_for_good(server: ScriptedServer, mailer: Mailer, to: str) -> None:
    assert outcome(mailer, a_mail(to)).startswith("PermanentFailure: 553 not a mail address or header")
    assert "DATA" not in server.heard


def test_header_that_would_break_out_fails_for_good(server: ScriptedServer, mailer: Mailer) -> None:
    mail = EmailMessage("Appointment\nBcc: all@example.org", "Thursday", "clinic@example.org", ["meera@example.org"])

    assert outcome(mailer, mail).startswith("PermanentFailure: 553 not a mail address or header")
    assert "DATA" not in server.heard


class Provider(BaseEmailBackend):
    """A provider's library: its errors are OSErrors too, as those of `requests` are."""

    status: ClassVar[int | None] = None
    seconds: ClassVar[float] = 0.0

    def send_messages(self, email_messages: object) -> int:
        time.sleep(self.seconds)
        if self.status is None:
            return 1
        fault = OSError("refused")
        fault.status_code = self.status  # type: ignore[attr-defined]
        raise fault


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (None, "sent"),
        (422, "PermanentFailure: OSError 422"),
        (429, "TemporaryFailure: OSError 429"),
        (503, "TemporaryFailure: OSError 503"),
    ],
)
def test_status_of_a_provider_decides_the_outcome(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, status: int | None, expected: str
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Provider"
    monkeypatch.setattr(Provider, "status", status)

    assert outcome(Mailer(deadline_seconds=PATIENCE)) == expected


def test_provider_that_does_not_answer_is_not_waited_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Provider"
    monkeypatch.setattr(Provider, "seconds", 1.0)

    assert outcome(Mailer(deadline_seconds=0.1)) == "TemporaryFailure: no answer within 0.1 s"
