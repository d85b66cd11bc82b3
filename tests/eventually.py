"""Waiting in tests: ask again until it is so, or until the deadline; never a bare sleep.

Waiting ends when it is so. A deadline is therefore long: it is met only where something is broken, and a slow machine
is no failure.
"""

import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 120.0
"""Seconds after which another thread, process or server counts as broken."""


def eventually(condition: Callable[[], object], *, seconds: float = PATIENCE) -> bool:
    """Did `condition` become true within `seconds`?"""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def alive(pid: int) -> bool:
    """Is there a process of this number that still runs? One that is only waiting to be buried does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
