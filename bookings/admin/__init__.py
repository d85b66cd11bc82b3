"""What managers look up about bookings, and the hours whose change may hit a visit."""

from . import hours, look_ups

__all__ = ["hours", "look_ups"]
