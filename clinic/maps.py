"""A link that looks an address up on a map: opened only by a press, and it says nothing of who asks."""

from collections.abc import Sequence
from urllib.parse import urlencode


def map_link(name: str, address: Sequence[str]) -> str:
    """A search of a map for the clinic; "" without an address."""
    query = urlencode({"api": 1, "query": ", ".join([name, *address])})
    return f"https://www.google.com/maps/search/?{query}" if address else ""
