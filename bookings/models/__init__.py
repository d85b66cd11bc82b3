"""A patient, a therapy, a crew, a room, a time, and all that follows."""

from .booking import MOVES, Booking, Exit, ScreeningState, Status, holds_time
from .history import History
from .message import Channel, Heartbeat, Kind, Message, State, StoppedAddress, StoppedPatient
from .occupancy import Occupancy
from .request import Request
from .visit import Visit

__all__ = [
    "MOVES",
    "Booking",
    "Channel",
    "Exit",
    "Heartbeat",
    "History",
    "Kind",
    "Message",
    "Occupancy",
    "Request",
    "ScreeningState",
    "State",
    "Status",
    "StoppedAddress",
    "StoppedPatient",
    "Visit",
    "holds_time",
]
