"""The visit that messages are about, behind their links."""

from tests.messages.conftest import data_dir, outbox, send, sink, visit

__all__ = ["data_dir", "outbox", "send", "sink", "visit"]
