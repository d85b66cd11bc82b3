"""Who comes in: accounts, the roles they hold, patients, and who may see whom."""

from .access import Access, Invitation
from .attempt import Attempts
from .audit import Read
from .clinic_device import ClinicDevice, KeptForm, Pin, Shift
from .contact_change import ContactChange
from .factor_reset import FactorReset
from .membership import CLINICAL, Membership, Role, RoleSource
from .notice import AccountNotice
from .patient import ContactChannel, Gender, Kinship, Language, Patient, PatientClinic, TherapistGender
from .patient_merge import PatientMerge
from .possible_twin import PossibleTwin
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
    "ClinicDevice",
    "ContactChange",
    "ContactChannel",
    "FactorReset",
    "Gender",
    "Invitation",
    "KeptForm",
    "Kinship",
    "Language",
    "Membership",
    "Patient",
    "PatientClinic",
    "PatientMerge",
    "Pin",
    "PossibleTwin",
    "Read",
    "Role",
    "RoleOffer",
    "RoleSource",
    "SecurityEventCount",
    "Shift",
    "TherapistGender",
    "User",
]
