"""Who comes in: accounts, the roles they hold, patients, and who may see whom."""

from .access import Access, Invitation
from .attempt import Attempts
from .audit import Read
from .clinic_device import ClinicDevice, KeptForm, Pin, Shift
from .contact_change import ContactChange
from .factor_reset import FactorReset
from .membership import CLINICAL, Membership, Role, Source
from .notice import AccountNotice
from .patient import Channel, Gender, Language, Patient, PatientClinic, TherapistGender
from .role_offer import RoleOffer
from .sealed_logs import AdminLog, ChangeContext
from .security_event_count import SecurityEventCount
from .user import User

__all__ = [
    "CLINICAL",
    "Access",
    "AccountNotice",
    "AdminLog",
    "Attempts",
    "ChangeContext",
    "Channel",
    "ClinicDevice",
    "ContactChange",
    "FactorReset",
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
    "RoleOffer",
    "SecurityEventCount",
    "Shift",
    "Source",
    "TherapistGender",
    "User",
]
