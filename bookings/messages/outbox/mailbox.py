"""Local mode: e-mails are stored as files and shown to staff; nothing leaves the machine."""

import datetime as dt
import email
import email.policy
import os
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage as ParsedMail
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

KEPT = 500
NAME = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{12}")


class NoSuchMail(Exception):
    """There is no e-mail with this name."""


def folder() -> Path:
    return Path(settings.DATA_DIR) / "mailbox"


class EmailBackend(BaseEmailBackend):
    """Stores each e-mail as a file, which gets its name only when it is complete."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder().mkdir(parents=True, exist_ok=True)
        folder().chmod(0o700)  # codes to sign in by are in it
        for mail in email_messages:
            store(mail.message().as_bytes(), now=dt.datetime.now(dt.UTC))
        _forget_oldest()
        return len(email_messages)


def store(content: bytes, *, now: dt.datetime) -> str:
    """Store one e-mail; returns its name."""
    name = f"{now:%Y%m%dT%H%M%S%f}Z-{uuid.uuid4().hex[:12]}"
    beside = folder() / f".{name}.part"
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    beside.replace(folder() / f"{name}.eml")
    return name


def _forget_oldest() -> None:
    for old in sorted(folder().glob("*.eml"))[:-KEPT]:
        old.unlink(missing_ok=True)


@dataclass(frozen=True)
class StoredMail:
    """A stored e-mail, parsed."""

    name: str
    at: dt.datetime
    sender: str
    to: str
    subject: str
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    calendar: str


def newest(count: int = 100) -> list[StoredMail]:
    """The newest e-mails first."""
    names = sorted((path.stem for path in folder().glob("*.eml")), reverse=True)
    return [read_mail(name) for name in names[:count]]


def read_mail(name: str) -> StoredMail:
    """One e-mail by its name. Raises NoSuchMail."""
    path = folder() / f"{name}.eml"
    if not NAME.fullmatch(name) or not path.exists():
        raise NoSuchMail(name)
    parsed = email.message_from_bytes(path.read_bytes(), _class=ParsedMail, policy=email.policy.default)
    return StoredMail(
        name=name,
        at=dt.datetime.strptime(name.split("-", maxsplit=1)[0], "%Y%m%dT%H%M%S%fZ").replace(tzinfo=dt.UTC),
        sender=str(parsed["From"] or ""),
        to=str(parsed["To"] or ""),
        subject=str(parsed["Subject"] or ""),
        headers=tuple((key, str(value)) for key, value in parsed.items()),
        text=_part(parsed.walk(), "text/plain"),
        html=_part(parsed.walk(), "text/html"),
        calendar=_part(parsed.walk(), "text/calendar"),
    )


def _part(parts: Iterable[ParsedMail], kind: str) -> str:
    for part in parts:
        if part.get_content_type() == kind:
            content = part.get_content()
            return content if isinstance(content, str) else content.decode("utf-8", "replace")
    return ""
