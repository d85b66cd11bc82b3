"""Local mode keeps mail as files."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

from bookings.messages.outbox import mailbox

BACKEND = "bookings.messages.outbox.mailbox.EmailBackend"


def send(subject: str) -> None:
    mail = EmailMultiAlternatives(subject, "plain words", "a@clinic.example", ["b@example.org"])
    mail.attach_alternative("<p>words with markup</p>", "text/html")
    mail.attach_alternative("BEGIN:VCALENDAR", "text/calendar; method=REQUEST; charset=utf-8")
    get_connection(BACKEND).send_messages([mail])


def test_kept_mail_is_read_back_whole(data_dir: Path) -> None:
    send("Grüße, मीरा")

    (kept,) = mailbox.newest()

    assert (kept.subject, kept.to) == ("Grüße, मीरा", "b@example.org")
    assert kept.text.strip() == "plain words"
    assert kept.html.strip() == "<p>words with markup</p>"
    assert kept.calendar.strip() == "BEGIN:VCALENDAR"
    assert kept.at.tzinfo is dt.UTC


def test_newest_mail_comes_first(data_dir: Path) -> None:
    send("first")
    send("second")

    assert [kept.subject for kept in mailbox.newest()] == ["second", "first"]


def test_empty_mailbox_has_no_mail(data_dir: Path) -> None:
    assert mailbox.newest() == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "nothing", "20260302T043000000000Z-0123456789ab"])
def test_name_that_is_no_mail_is_refused(data_dir: Path, name: str) -> None:
    with pytest.raises(mailbox.NoSuchMail):
        mailbox.read_mail(name)


def test_half_written_mail_is_not_shown(data_dir: Path) -> None:
    send("whole")
    (mailbox.folder() / ".20260302T043000000000Z-0123456789ab.part").write_text("half")

    assert [kept.subject for kept in mailbox.newest()] == ["whole"]


def test_mails_are_for_whoever_runs_the_program_and_nobody_else_of_the_machine(data_dir: Path) -> None:
    """There are codes to sign in by in them."""
    mailbox.folder().mkdir(mode=0o755, parents=True)
    send("your code")

    modes = [path.stat().st_mode & 0o777 for path in (mailbox.folder(), *mailbox.folder().iterdir())]

    assert modes == [0o700, 0o600]


def test_mailbox_keeps_only_the_newest(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "KEPT", 2)
    for subject in ("one", "two", "three"):
        send(subject)

    assert [kept.subject for kept in mailbox.newest()] == ["three", "two"]
