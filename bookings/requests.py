"""A double click or a retry does an act once: the same key gets the same answer."""

import datetime as dt
import hashlib
import uuid

from bookings.models import Request, Visit
from bookings.refusals import OtherRequest


def fingerprint(*content: object) -> str:
    """A short name for what was asked."""
    return hashlib.sha256(repr(content).encode()).hexdigest()


def first_time(
    *, key: uuid.UUID, owner: str, verb: str, content: tuple[object, ...], now: dt.datetime
) -> Request | None:
    """Record the request; None when the same one was answered before (see `answered`).

    A parallel twin waits here until the first commits. Raises OtherRequest when the key came with other content.
    """
    mark = fingerprint(verb, *content)
    row = Request(key=key, owner=owner, verb=verb, fingerprint=mark, at=now)
    Request.objects.bulk_create([row], ignore_conflicts=True)
    kept = Request.objects.get(key=key, owner=owner)
    if kept.fingerprint != mark:
        raise OtherRequest
    return None if kept.answer else kept  # an answer is committed together with its row


def answered(*, key: uuid.UUID, owner: str) -> Visit:
    """The visit that the same request made before."""
    answer = Request.objects.get(key=key, owner=owner).answer
    return Visit.objects.get(public_id=answer["visit"])


def remember(request: Request, visit: Visit) -> None:
    """Keep the answer for a repetition."""
    request.answer = {"visit": str(visit.public_id)}
    request.save(update_fields=["answer"])
