"""Refusals of a button become a message, never an error page."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

from bookings.errors import ActionRefused


@contextmanager
def refusals_as_messages(request: HttpRequest) -> Iterator[None]:
    """Run an action; what it refuses is said on the next page."""
    try:
        yield
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
