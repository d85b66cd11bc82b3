"""Mail about accounts: sign-in codes and the like, which somebody waits for before the screen."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.conf import settings

from bookings.models import Message, MessageKind

from .wakeup import wake_senders

GOOD_FOR = dt.timedelta(minutes=15)
CODES = frozenset({"login_code"})
# What mail about an account may need; anything else in the sign-in library's context stays out of the row.
SECRETS = ("code", "activate_url", "password_reset_url", "signup_url")
DETAILS = ("at", "zone", "clinic", "role", "roles", "by", "device", "factor", "number")
"""What a letter about a change tells."""


def write_account_message(
    *, email: str, template: str, context: Mapping[str, object], language: str, now: dt.datetime
) -> Message:
    """Write the row and wake the senders at commit. `template` is the sign-in library's name for the letter."""
    name = template.rsplit("/", 1)[-1]
    secret = {key: str(context[key]) for key in SECRETS + DETAILS if context.get(key)}
    rows = {code for code, _name in settings.LANGUAGES}
    row = Message.objects.create(
        key=f"account:{uuid.uuid4()}",
        kind=MessageKind.SIGN_IN_CODE if name in CODES else MessageKind.ACCOUNT,
        urgent=True,
        recipient=email,
        language=language if language in rows else settings.LANGUAGE_CODE,
        secret={"template": name, **secret},
        due_at=now,
        made_at=now,
    )
    wake_senders()
    return row


def is_too_late(message: Message, now: dt.datetime) -> bool:
    """A code that arrives after it lapsed only confuses."""
    return message.kind == MessageKind.SIGN_IN_CODE and now - message.made_at > GOOD_FOR
