"""A double click or a retry does an act once: the same key gets the same answer."""

import datetime as dt
import hashlib
import json
import uuid

from bookings.errors import IdempotencyKeyReused
from bookings.models import Request, Visit
from clinic.batches import delete_in_batches
from clinic.statements import Nothing, Statement

# A parallel twin waits here until the first commits or gives up. The answer is committed with the act, or not at all.
RECORD = Statement(
    """
INSERT INTO bookings_request (key, owner, verb, fingerprint, answer, at)
VALUES (%(key)s, %(owner)s, %(verb)s, %(fingerprint)s, %(answer)s::jsonb, %(now)s)
ON CONFLICT (owner, key) DO NOTHING
""",
    Nothing,
)


KEPT_FOR = dt.timedelta(days=30)
"""How long the answer to a request is kept: no page stays open for longer, sessions end within twelve hours."""


def forget_requests(*, now: dt.datetime) -> int:
    """Remove the answers that nobody can ask for again. How many."""
    return delete_in_batches(Request.objects.filter(at__lt=now - KEPT_FOR))


def answered(
    *, key: uuid.UUID, owner: str, verb: str, content: tuple[object, ...], answer: uuid.UUID, now: dt.datetime
) -> Visit | None:
    """None for a new request, which is recorded with the visit that will answer it; for a repetition, that visit.

    `owner` is the account or browser session. Raises IdempotencyKeyReused when the key came before with other content.
    """
    mark = hashlib.sha256(repr((verb, *content)).encode()).hexdigest()
    kept = json.dumps({"visit": str(answer)})
    if RECORD.run(key=key, owner=owner, verb=verb, fingerprint=mark, answer=kept, now=now):
        return None
    request_row = Request.objects.get(key=key, owner=owner)
    if request_row.fingerprint != mark:
        raise IdempotencyKeyReused
    return Visit.objects.get(public_id=request_row.answer["visit"])


def made_before(*, key: uuid.UUID, owner: str, verb: str) -> uuid.UUID | None:
    """The visit that answered this key; None for a new request."""
    answer = Request.objects.filter(key=key, owner=owner, verb=verb).values_list("answer", flat=True).first()
    return None if answer is None else uuid.UUID(answer["visit"])
