"""The same web server with the guard taken off: what the storms must catch. Only the storms' controls start it."""

from clinic.wsgi import application  # first: it sets Django up

# isort: split
from bookings import occupying

__all__ = ["application"]


def no_lock(**_keys: object) -> None:
    """Everybody at once."""


occupying.lock = no_lock  # type: ignore[assignment]
