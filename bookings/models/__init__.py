"""A patient, a therapy, a crew, a room, a time, and all that follows."""

from .assessment import EXAMINATION, Agni, Ama, Assessment, Dosha, Koshtha, Suitability, Suited
from .booking import MOVES, STILL_TO_COME, Booking, Exit, ScreeningState, Status, holds_time
from .consent import Consent, ConsentPaper, How
from .history import History
from .message import Channel, Heartbeat, Kind, Message, State, StoppedAddress, StoppedPatient
from .occupancy import Occupancy
from .prescription import Prescription, PrescriptionEnd, PrescriptionItem, Pressure
from .record_access import BirthDateMiss, OpeningReason, RecordOpening, RecordSharing, SharingHow
from .request import Request
from .screening import Answer, Clearance, Screening, Stage, Suspension
from .session_note import SessionNote
from .visit import Visit

__all__ = [
    "EXAMINATION",
    "MOVES",
    "STILL_TO_COME",
    "Agni",
    "Ama",
    "Answer",
    "Assessment",
    "BirthDateMiss",
    "Booking",
    "Channel",
    "Clearance",
    "Consent",
    "ConsentPaper",
    "Dosha",
    "Exit",
    "Heartbeat",
    "History",
    "How",
    "Kind",
    "Koshtha",
    "Message",
    "Occupancy",
    "OpeningReason",
    "Prescription",
    "PrescriptionEnd",
    "PrescriptionItem",
    "Pressure",
    "RecordOpening",
    "RecordSharing",
    "Request",
    "Screening",
    "ScreeningState",
    "SessionNote",
    "SharingHow",
    "Stage",
    "State",
    "Status",
    "StoppedAddress",
    "StoppedPatient",
    "Suitability",
    "Suited",
    "Suspension",
    "Visit",
    "holds_time",
]
