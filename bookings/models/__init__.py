"""A patient, a therapy, a crew, a room, a time, and all that follows."""

from .affected import SettledObstacle, Settlement
from .assessment import EXAMINATION, Agni, Ama, Assessment, Dosha, Koshtha, Suitability, Suited
from .booking import HOLDS_TIME, MOVES, STILL_TO_COME, Booking, CancelledBy, ScreeningState, Status
from .consent import Consent, ConsentPaper, How
from .day_check import DayCheck, Digested, Hunger
from .enquiry import LONGEST_ENQUIRY, Enquiry
from .hand_over import HandOver
from .history import History
from .measurement import MeasuredEffect, MeasuredWhen, Measurement, MeasurementDecision
from .message import Channel, Heartbeat, Message, MessageKind, State, StoppedAddress, StoppedPatient
from .occupancy import Occupancy
from .payment import PaidBy, Payment
from .prescription import Prescription, PrescriptionEnd, PrescriptionItem, Pressure
from .record_access import BirthDateMiss, EmergencyOpening, OpeningReason, RecordOpening, RecordSharing, SharingHow
from .request import Request
from .screening import Answer, Clearance, Screening, ScreeningStage, Suspension
from .send_switch import Sending
from .session_note import Grade, SessionNote
from .session_use import SessionUse
from .visit import Visit

__all__ = [
    "EXAMINATION",
    "HOLDS_TIME",
    "LONGEST_ENQUIRY",
    "MOVES",
    "STILL_TO_COME",
    "Agni",
    "Ama",
    "Answer",
    "Assessment",
    "BirthDateMiss",
    "Booking",
    "CancelledBy",
    "Channel",
    "Clearance",
    "Consent",
    "ConsentPaper",
    "DayCheck",
    "Digested",
    "Dosha",
    "EmergencyOpening",
    "Enquiry",
    "Grade",
    "HandOver",
    "Heartbeat",
    "History",
    "How",
    "Hunger",
    "Koshtha",
    "MeasuredEffect",
    "MeasuredWhen",
    "Measurement",
    "MeasurementDecision",
    "Message",
    "MessageKind",
    "Occupancy",
    "OpeningReason",
    "PaidBy",
    "Payment",
    "Prescription",
    "PrescriptionEnd",
    "PrescriptionItem",
    "Pressure",
    "RecordOpening",
    "RecordSharing",
    "Request",
    "Screening",
    "ScreeningStage",
    "ScreeningState",
    "Sending",
    "SessionNote",
    "SessionUse",
    "SettledObstacle",
    "Settlement",
    "SharingHow",
    "State",
    "Status",
    "StoppedAddress",
    "StoppedPatient",
    "Suitability",
    "Suited",
    "Suspension",
    "Visit",
]
