"""The unhurried web server with the guard taken off: what the storms must catch. Only the storms' controls start it."""

from tests.storms.unhurried import application  # first: it sets Django up

# isort: split
from bookings.actions import occupancy

__all__ = ["application"]


def no_lock(**_keys: object) -> None:
    """Everybody at once."""


occupancy.lock = no_lock  # type: ignore[assignment]
