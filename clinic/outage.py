"""The pages for what went wrong inside: 503 when the database is away or too busy, else 500, or 400."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

RETRY_SECONDS = 30


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it while it handles the exception. The page asks the database for nothing."""
    return _away() if _is_away(sys.exc_info()[1]) else defaults.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django calls a session that it could not save a bad request, also when the database was away."""
    return _away() if _is_away(exception) else defaults.bad_request(request, exception)


def _is_away(error: BaseException | None) -> bool:
    """Whether the database was away, also where another exception was raised meanwhile."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        error = error.__context__
    return False


def _away() -> HttpResponse:
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_SECONDS)})
