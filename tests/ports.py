"""A port for a server that a test starts on loopback."""

import secrets
from contextlib import suppress
from socket import create_server

BELOW_THOSE_OF_CONNECTIONS = range(20_000, 30_000)
"""The system gives connections ports from 32768 on: one of those may be gone before the server that got it is there."""


def free_port() -> int:
    """One that nobody has and that no connection will take meanwhile."""
    for port in secrets.SystemRandom().sample(BELOW_THOSE_OF_CONNECTIONS, 100):
        with suppress(OSError), create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("No port is free.")
