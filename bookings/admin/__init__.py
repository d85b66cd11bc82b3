"""What managers look up about bookings, and the hours whose change may hit a visit."""

from . import affected_preview, hours, look_ups

__all__ = ["affected_preview", "hours", "look_ups"]
