"""Who comes in: accounts, the roles they hold, patients, and who may see whom."""

from .access import Access, Invitation
from .attempt import Attempts
from .audit import Read
from .clinic_device import ClinicDevice, KeptForm, Pin, Shift
from .membership import Membership, Role
from .patient import Channel, Gender, Language, Patient, PatientClinic, TherapistGender
from .user import User

__all__ = [
    "Access",
    "Attempts",
    "Channel",
    "ClinicDevice",
    "Gender",
    "Invitation",
    "KeptForm",
    "Language",
    "Membership",
    "Patient",
    "PatientClinic",
    "Pin",
    "Read",
    "Role",
    "Shift",
    "TherapistGender",
    "User",
]
