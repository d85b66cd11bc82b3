"""What a request may be and bring: judged by what it says of itself, before anything of it is read.

`METHODS` are those of pages and forms: no view is asked by another one. `UPLOADS` names the few views that take files.
All else is small: no form of ours sends more.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

METHODS = ("GET", "HEAD", "OPTIONS", "POST")
TOO_LARGE, LENGTH_REQUIRED = 413, 411
UPLOADS = {"desk:give_consent"}
"""The views that take files, by their names."""


class RequestLimitsMiddleware:
    """Refuses other methods, bodies that are too large or of unknown length, and words that no database can keep."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if status := _why_not(request):
            return HttpResponse(render_to_string("413.html"), status=status)
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return _zero_byte()
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        """Django reads the form before the view in any case; PostgreSQL keeps no zero byte."""
        if request.method == "POST" and any("\0" in value for values in request.POST.lists() for value in values[1]):
            return _zero_byte()
        return None


def _zero_byte() -> HttpResponse:
    """An answer instead of an exception, which would write a page of the log for each."""
    return HttpResponse(render_to_string("400.html"), status=400)


def _why_not(request: HttpRequest) -> int:
    """The status with which this body is refused, or 0."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length:
        return LENGTH_REQUIRED if request.META.get("HTTP_TRANSFER_ENCODING") else 0
    if not (length.isascii() and length.isdigit()) or len(length) > 12:
        return TOO_LARGE
    return TOO_LARGE if int(length) > settings.LARGEST_BODY and int(length) > _largest_for(request.path_info) else 0


def _largest_for(path: str) -> int:
    """How many bytes the view of this path takes; asked only for bodies that are large."""
    try:
        match = resolve(path)
    except Resolver404:
        return 0
    return settings.LARGEST_UPLOAD if match.view_name in UPLOADS else 0
