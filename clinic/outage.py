"""The page for what went wrong inside: 503 when the database is away or too busy, else 500."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

RETRY_SECONDS = 30


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it while it handles the exception. The page asks the database for nothing."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    return defaults.server_error(request)
