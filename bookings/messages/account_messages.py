"""E-mails about accounts, such as sign-in codes. The recipient is waiting for them, so they are urgent."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.conf import settings

from bookings.models import Message, MessageKind

from .wakeup import at_once, wake_senders

GOOD_FOR = dt.timedelta(minutes=15)
CODES = frozenset({"login_code"})
# What e-mails about accounts need; nothing else of the sign-in library's context is stored.
SECRETS = ("code", "activate_url", "password_reset_url", "signup_url")
DETAILS = ("at", "zone", "clinic", "role", "roles", "by", "device", "factor", "number", "name")
"""What an e-mail about a change says."""


def write_account_message(
    *, email: str, template: str, context: Mapping[str, object], language: str, now: dt.datetime
) -> Message:
    """Store the message and wake the senders at commit. `template` is the sign-in library's name for the e-mail."""
    name = template.rsplit("/", 1)[-1]
    secret = {key: str(context[key]) for key in SECRETS + DETAILS if context.get(key)}
    languages = {code for code, _name in settings.LANGUAGES}
    row = Message.objects.create(
        key=f"account:{uuid.uuid4()}",
        kind=MessageKind.SIGN_IN_CODE if name in CODES else MessageKind.ACCOUNT,
        urgent=True,
        recipient=email,
        language=language if language in languages else settings.LANGUAGE_CODE,
        secret={"template": name, **secret},
        due_at=at_once(now),
        made_at=now,
    )
    wake_senders()
    return row


def is_too_late(message: Message, now: dt.datetime) -> bool:
    """Whether the message is a sign-in code that has expired."""
    return message.kind == MessageKind.SIGN_IN_CODE and now - message.made_at > GOOD_FOR
