"""Each request has an id: in the answer's header, in every line of the log, and in the security log."""

import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")

_current: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


def current_request() -> HttpRequest | None:
    """The request that this thread answers; None in a command or a task."""
    return _current.get()


def id_of(request: HttpRequest | None) -> str:
    """The id of a request; "" without one."""
    return getattr(request, "request_id", "")


class RequestIdMiddleware:
    """Gives the id. One that the client sends counts only where a proxy of ours stands before us and sets it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get(HEADER, "") if settings.TRUSTED_PROXY else ""
        request.request_id = sent if WELL_FORMED.fullmatch(sent) else uuid.uuid4().hex  # type: ignore[attr-defined]
        before = _current.set(request)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(before)
        response.headers[HEADER] = id_of(request)
        return response
