"""The verbs of a visit. Nothing else changes one."""

from .attending import check_in, complete, mark_no_show, start, undo
from .booking import book
from .changing import cancel, move, reassign
from .holding import extend_hold, hold, release_hold
from .paper import record_past

__all__ = [
    "book",
    "cancel",
    "check_in",
    "complete",
    "extend_hold",
    "hold",
    "mark_no_show",
    "move",
    "reassign",
    "record_past",
    "release_hold",
    "start",
    "undo",
]
