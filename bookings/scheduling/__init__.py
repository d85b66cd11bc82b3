"""The verbs of a visit. Nothing else changes one."""

from .attending import check_in, complete, mark_no_show, start, undo
from .booking import book
from .changing import cancel, move, reassign
from .holding import extend_hold, hold, release_hold
from .paper import record_past
from .requesting import accept, decline, lapse, lapsed_requests

__all__ = [
    "accept",
    "book",
    "cancel",
    "check_in",
    "complete",
    "decline",
    "extend_hold",
    "hold",
    "lapse",
    "lapsed_requests",
    "mark_no_show",
    "move",
    "reassign",
    "record_past",
    "release_hold",
    "start",
    "undo",
]
