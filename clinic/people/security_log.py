"""The security log: who did what to the doors of the house, from where, and how it ended.

One JSON object a line on the logger `security`. Ids and codes only: no names, no health, no tokens, nothing of rows.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject

from clinic.people import security_counts
from clinic.people.third_party_views import THIRD_PARTY_VIEWS
from clinic.request_ids import current_request, id_of

log = logging.getLogger("security")

CODE = re.compile(r"[A-Za-z0-9_.:-]{0,64}")
ANONYMOUS, SYSTEM = "anonymous", "system"
DONE, REFUSED, NOT_FOUND = "done", "refused", "not_found"


class Event(StrEnum):
    """What the log tells of."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    LIMIT_TRIPPED = "limit_tripped"
    DENIED = "denied"
    ROLE_GIVEN = "role_given"
    ROLE_ENDED = "role_ended"
    FACTOR_CHANGED = "factor_changed"
    RESET_REQUESTED = "reset_requested"
    RESET_ENDED = "reset_ended"
    PIN_SET = "pin_set"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
    PASSWORD_LINK = "password_link"  # noqa: S105 - the name of an event
    EMAIL_CHANGED = "email_changed"
    NAME_CHANGED = "name_changed"
    NEW_DEVICE = "new_device"
    SAFETY_CONFIRMED = "safety_confirmed"
    BREAK_GLASS = "break_glass"
    INVITATION_USED = "invitation_used"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    ROLE_ACCEPTED = "role_accepted"
    ROLE_REFUSED = "role_refused"
    OFFER_DECLINED = "offer_declined"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_OPENED = "account_opened"
    DEVICE_ENROLLED = "device_enrolled"
    DEVICE_ENDED = "device_ended"
    DEVICE_UNLOCKED = "device_unlocked"
    DEVICE_LOCKED_OUT = "device_locked_out"
    EXPORT = "export"
    RESTORE = "restore"


BY_STATUS = {403: Event.DENIED, 429: Event.LIMIT_TRIPPED}


def note(
    event: str, *, outcome: str, request: HttpRequest | None = None, user: object = None, **ids: int | str | None
) -> None:
    """Write one line. What is done stands there once it is committed; a refusal at once, as it is rolled back.

    `user` is who acts, where that is not whoever is signed in to the `request` (by itself: the one being answered).
    """
    request = request or current_request()
    entry: dict[str, int | str] = {
        "actor": _actor(request, user),
        "address": _address(request),
        "request": id_of(request),
        "outcome": outcome,
    }
    clinic = getattr(getattr(request, "clinic", None), "pk", None)
    entry |= {name: _code(value) for name, value in ({"clinic": clinic} | ids).items() if value is not None}
    if outcome == DONE:
        transaction.on_commit(lambda: _write(logging.INFO, Event(event), entry, request), robust=True)
    else:
        _write(logging.WARNING, Event(event), entry, request)


def _write(level: int, event: Event, entry: dict[str, int | str], request: HttpRequest | None) -> None:
    """The line, and one more of its kind: counted when the request is answered, so that no roll-back takes it away."""
    log.log(level, event, extra={"entry": entry})
    counted = getattr(request, "security_events", None)
    if counted is None:
        security_counts.add(Counter([(event, str(entry["outcome"]))]))
    else:
        counted[(event, str(entry["outcome"]))] += 1


def name_hash(typed: str) -> str:
    """The same for the same typed name, and nothing that can be read: people type passwords there by mistake."""
    return salted_hmac("clinic.people.security_log", typed.strip().lower(), algorithm="sha256").hexdigest()[:32]


def _code(value: int | str) -> int | str:
    """Words are no code: they stay out."""
    return value if isinstance(value, int) or CODE.fullmatch(value) else "?"


def _actor(request: HttpRequest | None, user: object) -> int | str:
    if user is None and request is not None:
        user = request.__dict__.get("user")
        if type(user) is SimpleLazyObject:  # only when somebody has asked already: the database may be away
            user = getattr(request, "_cached_user", None)
    pk: int | None = getattr(user, "pk", None)
    return pk or (SYSTEM if request is None else ANONYMOUS)


def _address(request: HttpRequest | None) -> str:
    """The client's, past as many proxies as are trusted."""
    try:
        return str(get_adapter().get_client_ip(request)) if request is not None else ""
    except (ImproperlyConfigured, PermissionDenied):  # a socket without one, or fewer proxies than were promised
        return ""


class SecurityLogMiddleware:
    """Refusals of every kind, as the answer says them: 403, 429, and a row that somebody signed in does not find.

    A row of another clinic and one that does not exist look the same, here too. In the end the events are counted.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.security_events = Counter()  # type: ignore[attr-defined]
        response = self.get_response(request)
        view, row = _view_and_row(request)
        if event := BY_STATUS.get(response.status_code):
            note(event, outcome=REFUSED, request=request, view=view, row=row)
        elif response.status_code == 404 and _access_of(request) in BEHIND_A_SIGN_IN:
            note(Event.DENIED, outcome=NOT_FOUND, request=request, view=view, row=row)
        _count(request)
        return response


BEHIND_A_SIGN_IN = ("patient", "staff", "manager")


def _view_and_row(request: HttpRequest) -> tuple[str, str | None]:
    """The route's name, and the ids in the address."""
    match = request.resolver_match
    if match is None:
        return "", None
    ids = [str(value) for value in match.kwargs.values() if type(value) in (int, UUID)]
    return match.view_name, ":".join(ids) or None


def _access_of(request: HttpRequest) -> str:
    """Which access the route requires; "" for an address without a route, and for visitors."""
    match = request.resolver_match
    if match is None or _actor(request, None) == ANONYMOUS:
        return ""
    access: str = getattr(match.func, "access", "") or THIRD_PARTY_VIEWS.get(match.view_name, "")
    return access


def _count(request: HttpRequest) -> None:
    """The database may be away: the lines are written all the same."""
    try:
        security_counts.add(request.security_events)  # type: ignore[attr-defined]
    except DatabaseError:
        logging.getLogger(__name__).warning("Events of the security log were not counted.")
