"""Actions that are let go together, each on its own connection."""

import threading
from collections.abc import Callable

from django.db import connection

from bookings.errors import ActionRefused
from tests.eventually import PATIENCE


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act answered or raised, all of them let go together, each on its own connection."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            gate.wait(PATIENCE)
            answers[number] = act()
        except ActionRefused as refused:
            answers[number] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return answers
